import { defined } from '../../domain/defined.ts';
import { isThisMachine } from '../../domain/this-machine.ts';
import { ownValue } from '../../domain/own-value.ts';
import { endpointOf, isPresetEndpoint, type ProviderSettings } from '../../providers/index.ts';
import { isServerAddress, serverAddress } from '../../telemetry/address/server-address.ts';
import { withoutEmpty } from './configuration.ts';
import { historyOf } from './history-of-file.ts';
import type { ConfigurationContent } from './schema.ts';

/** What a file says that counts only once somebody trusts it. */
export type TrustConcern =
  | {
      about: 'provider';
      provider: string;
      /** Where requests would go; absent for the provider's own address. */
      address?: string;
      /** The variables of which one would be sent along as a key. */
      keyVariables: readonly string[];
    }
  | { about: 'price'; model: string }
  /** Where what runs learn would go, and what they learn from would come from. */
  | { about: 'history'; place: string }
  /** How much may be spent. */
  | { about: 'budget' };

/**
 * Every setting, and what of it needs trust. A new one has to be named here: it is harmless if it only
 * chooses among what the user has anyway, and not if it can send prompts or keys somewhere, or says what
 * things cost or how much may be spent.
 */
const concernsOfSetting = {
  providers: providerConcerns,
  models: priceConcerns,
  catalogue: harmless,
  routing: harmless,
  roles: harmless,
  supervision: harmless,
  budget: budgetConcerns,
  policy: harmless,
  history: historyConcerns,
} as const satisfies Record<keyof ConfigurationContent, ConcernsOf>;

type ConcernsOf = (content: ConfigurationContent) => TrustConcern[];

function harmless(): TrustConcern[] {
  return [];
}

/**
 * What needs trust in a file that was merely found: every provider but the presets as they are and servers
 * on this machine that get no key, and prices of models that are not on such a server.
 */
export function concernsOf(content: ConfigurationContent): TrustConcern[] {
  return Object.values(concernsOfSetting).flatMap((concerns) => concerns(content));
}

function providerConcerns(content: ConfigurationContent): TrustConcern[] {
  const concerns: TrustConcern[] = [];
  const providers = withoutEmpty(content.providers ?? {});
  for (const [provider, settings] of Object.entries(providers)) {
    if (isHarmless(provider, settings)) continue;
    const { baseUrl, keyVariables } = endpointOf(provider, settings);
    concerns.push({
      about: 'provider',
      provider,
      keyVariables,
      ...defined({ address: baseUrl }),
    });
  }
  return concerns;
}

function priceConcerns(content: ConfigurationContent): TrustConcern[] {
  const concerns: TrustConcern[] = [];
  const providers = withoutEmpty(content.providers ?? {});
  for (const { id, provider, price } of content.models ?? []) {
    if (price !== undefined && !isKeylessLocal(provider, settingsOf(providers, provider))) {
      concerns.push({ about: 'price', model: id });
    }
  }
  return concerns;
}

/** A server of this machine is the user's; any other place, a file too, receives what runs record. */
function historyConcerns(content: ConfigurationContent): TrustConcern[] {
  const history = historyOf(content);
  if (history === undefined) return [];
  if (isServerAddress(history) && serverAddress(history).isLocal) return [];
  return [{ about: 'history', place: history }];
}

function budgetConcerns({ budget }: ConfigurationContent): TrustConcern[] {
  return budget?.month === undefined ? [] : [{ about: 'budget' }];
}

/** The content without what needs trust; models of a provider that is left out go with it. */
export function withoutConcerns(
  content: ConfigurationContent,
  concerns: readonly TrustConcern[],
): ConfigurationContent {
  const { providers, models, budget, ...rest } = content;
  const leftOut = new Set(
    concerns.flatMap((one) => (one.about === 'provider' ? one.provider : [])),
  );
  const priced = new Set(concerns.flatMap((one) => (one.about === 'price' ? one.model : [])));
  if (concerns.some(({ about }) => about === 'history')) delete rest.history;
  return {
    ...rest,
    ...(budget === undefined || concerns.some(({ about }) => about === 'budget') ? {} : { budget }),
    providers: Object.fromEntries(
      Object.entries(providers ?? {}).filter(([name]) => !leftOut.has(name)),
    ),
    models: (models ?? [])
      .filter(({ provider }) => !leftOut.has(provider))
      .map((model) => (priced.has(model.id) ? withoutPrice(model) : model)),
  };
}

type Model = NonNullable<ConfigurationContent['models']>[number];

function withoutPrice(model: Model): Model {
  const copy = { ...model };
  delete copy.price;
  return copy;
}

function settingsOf(
  providers: Readonly<Record<string, ProviderSettings>>,
  name: string,
): ProviderSettings {
  return ownValue(providers, name) ?? {};
}

function isHarmless(name: string, settings: ProviderSettings): boolean {
  return isPresetEndpoint(name, settings) || isKeylessLocal(name, settings);
}

function isKeylessLocal(name: string, settings: ProviderSettings): boolean {
  const { baseUrl, keyVariables } = endpointOf(name, settings);
  return (
    keyVariables.length === 0 && baseUrl !== undefined && isThisMachine(new URL(baseUrl).hostname)
  );
}

/** All of them in a few words, for a sentence about a file. */
export function describeConcerns(concerns: readonly TrustConcern[]): string {
  const [first, ...others] = concerns;
  if (first === undefined) return 'nothing that needs trust';
  const further = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${describeConcern(first)}${further}`;
}

/** Where requests would go, and with which key; or what is priced. */
export function describeConcern(concern: TrustConcern): string {
  if (concern.about === 'budget') return 'a budget of its own';
  if (concern.about === 'price') return `a price of its own for ${concern.model}`;
  if (concern.about === 'history') return `a history in ${concern.place}`;
  const { provider, address, keyVariables } = concern;
  const where = address === undefined ? `to ${provider}` : `to ${address}`;
  const key = keyVariables.length === 0 ? '' : ` with the key in ${keyVariables.join(' or ')}`;
  return `requests ${where}${key}`;
}
