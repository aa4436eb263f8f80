import type { TokenUsage } from '../domain/model-api.ts';
import type { Clock } from '../domain/runtime.ts';
import { ownValue } from '../domain/own-value.ts';
import { type KnownPrice, loadPriceList, statedPrice } from './prices.ts';
import type { ProvidersSettings } from './settings.ts';

/** Dollars of a call that another program made; undefined where the price is unknown. */
export type PriceLookup = (
  call: { provider?: string; model: string },
  usage: TokenUsage,
) => number | undefined;

/** Providers whose models the price list is asked for where a record does not name one. */
const usual = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'moonshotai',
  'zai',
  'minimax',
  'x-ai',
  'mistral',
  'groq',
  'openrouter',
];

/** How conventions of tracing and other programs name providers of the price list. */
const otherNames: Readonly<Record<string, string>> = {
  gemini: 'google',
  'gcp.gemini': 'google',
  'gcp.gen_ai': 'google',
  'gcp.vertex_ai': 'google',
  vertex_ai: 'google',
  vertex: 'google',
  moonshot: 'moonshotai',
  moonshot_ai: 'moonshotai',
  zhipu: 'zai',
  x_ai: 'x-ai',
  xai: 'x-ai',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  'az.ai.openai': 'azure',
};

/** Looks prices up: those that the user states first, then the price list's. */
export async function createPriceLookup(
  { models }: Pick<ProvidersSettings, 'models'>,
  clock: Clock,
): Promise<PriceLookup> {
  const list = await loadPriceList(clock);
  const found = new Map<string, KnownPrice | undefined>();

  const find = (model: string, provider: string | undefined): KnownPrice | undefined => {
    const stated = models.find(({ id }) => id === model)?.price;
    if (stated !== undefined) return statedPrice(stated);
    const named = provider === undefined ? [] : [ownValue(otherNames, provider) ?? provider];
    for (const pricesId of [...named, ...usual]) {
      const price = list.find({ id: model, pricesId });
      if (price !== undefined) return price;
    }
    return undefined;
  };

  return ({ provider, model }, usage) => {
    const key = `${provider ?? ''}\0${model}`;
    if (!found.has(key)) found.set(key, find(model, provider));
    return found.get(key)?.costUsd(usage);
  };
}
