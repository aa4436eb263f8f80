import { defined } from '../domain/defined.ts';
import { OrchestratorError } from '../domain/errors.ts';
import type { Clock } from '../domain/runtime.ts';
import type { TaskType } from '../domain/task-type.ts';
import { catalogue } from './catalogue.ts';
import {
  isKnownProvider,
  isUsable,
  presets,
  resolveProvider,
  type Environment,
  type ResolvedProvider,
} from './presets.ts';
import { loadPriceList, statedPrice, type KnownPrice } from './prices.ts';
import type { ModelSettings, ProvidersSettings } from './settings.ts';

/** One model that is in the catalogue or configured, usable or not. */
export type ModelListing = {
  id: string;
  provider: ResolvedProvider;
  /** Whether its provider has its key, or needs none. */
  usable: boolean;
  taskTypes?: readonly TaskType[];
  contextTokens?: number;
  /** Absent where it is unknown: such a model is not used. */
  price?: KnownPrice;
  /** Its general strength, in [0, 1]; absent where nothing is known publicly. */
  strength?: number;
  configured: boolean;
};

/**
 * Every model of the catalogue and the configuration, the configured ones first. A configured model
 * takes over what the catalogue says of the same id. Throws an {@link OrchestratorError} with code
 * `bad-configuration`.
 */
export async function listModels(options: {
  settings: ProvidersSettings;
  environment: Environment;
  clock: Clock;
}): Promise<ModelListing[]> {
  const { settings, environment, clock } = options;
  const entries = mergedModels(settings);
  const names = new Set([...Object.keys(settings.providers), ...entries.map((e) => e.provider)]);
  const providers = new Map(
    [...names].map((name) => [
      name,
      resolveProvider(name, settings.providers[name] ?? {}, environment),
    ]),
  );
  const prices = entries.some(({ price }) => price === undefined)
    ? await loadPriceList(clock)
    : undefined;

  return entries.flatMap((entry) => {
    const provider = providers.get(entry.provider);
    if (provider === undefined) return [];
    const { pricesId, baseUrl } = provider;
    const price =
      entry.price === undefined
        ? prices?.find({
            id: entry.id,
            ...defined({ pricesId, baseUrl }),
          })
        : statedPrice(entry.price);
    const contextTokens = entry.contextTokens ?? price?.contextTokens;
    return {
      id: entry.id,
      provider,
      usable: isUsable(provider),
      configured: settings.models.some(({ id }) => id === entry.id),
      ...defined({
        taskTypes: entry.taskTypes,
        contextTokens,
        price,
        strength: strengths.get(entry.id.split('/').at(-1) ?? ''),
      }),
    };
  });
}

/** By model id: a known model is as strong on a gateway or a server of the user's own. */
const strengths = new Map(catalogue.map(({ id, strength }) => [id, strength]));

function mergedModels(settings: ProvidersSettings): ModelSettings[] {
  const { providers, models, catalogue: withCatalogue } = settings;
  const seen = new Set<string>();
  for (const { id, provider } of models) {
    if (seen.has(id)) {
      throw new OrchestratorError(
        'bad-configuration',
        `Model ${id} is configured twice: keep one entry under models.`,
      );
    }
    seen.add(id);
    if (!isKnownProvider(provider, providers)) {
      throw new OrchestratorError(
        'bad-configuration',
        `Model ${id} names the provider ${provider}, which is not there: add it under providers, or use one of ${Object.keys(presets).join(', ')}.`,
      );
    }
  }
  const builtIn = withCatalogue ? catalogue : [];
  const inherited = new Map(catalogue.map((model) => [model.id, model]));
  const configured = models.map((model): ModelSettings => {
    const base = inherited.get(model.id);
    return base?.provider === model.provider ? { ...base, ...model } : model;
  });
  return [...configured, ...builtIn.filter(({ id }) => !seen.has(id))];
}
