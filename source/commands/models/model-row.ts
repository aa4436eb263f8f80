import type { ModelRanking } from '../../domain/insight.ts';
import { priceLine, type ModelListing, type TokenPrice } from '../../providers/index.ts';

/** One model as `orchestrator models --json` prints it. */
export type ModelRow = {
  id: string;
  /** Null for a model that only history knows. */
  provider: string | null;
  /** Whether a run can use it: its provider has its key or needs none, and its price is known. */
  usable: boolean;
  /** Null where the provider needs no key. */
  keyPresent: boolean | null;
  /** The variables that may hold the key; first the one that does. */
  keyVariables: string[];
  /** Dollars per million tokens at the lowest tier; null where it is unknown. */
  price: TokenPrice | null;
  /** The entry of the price list that was matched; null for a price from the configuration. */
  pricedAs: string | null;
  /** The line to add to the configuration where the price is unknown. */
  priceLine: string | null;
  /** Null: all. */
  taskTypes: string[] | null;
  contextTokens: number | null;
  /** What the last days say; null without any call. */
  history: ModelHistory | null;
};

export type ModelHistory = Pick<
  ModelRanking,
  | 'confidence'
  | 'callCount'
  | 'qualityScore'
  | 'averageCostUsd'
  | 'valueScore'
  | 'averageLatencyMs'
  | 'successRate'
>;

/** Usable models first; at the end those that history knows and nobody offers any more. */
export function modelRows(
  listings: readonly ModelListing[],
  rankings: readonly ModelRanking[],
): ModelRow[] {
  const histories = new Map(rankings.map((ranking) => [ranking.model, historyOf(ranking)]));
  const offered = listings.map((listing) => rowOf(listing, histories.get(listing.id) ?? null));
  const known = new Set(listings.map(({ id }) => id));
  const gone = rankings.filter(({ model }) => !known.has(model)).map(historyOnlyRow);
  return [
    ...offered.filter(({ usable }) => usable),
    ...offered.filter(({ usable }) => !usable),
    ...gone,
  ];
}

function rowOf(listing: ModelListing, history: ModelHistory | null): ModelRow {
  const { id, provider, usable, price, taskTypes, contextTokens } = listing;
  const { keyVariables, keyVariable } = provider;
  const others = keyVariables.filter((variable) => variable !== keyVariable);
  return {
    id,
    provider: provider.name,
    usable: usable && price !== undefined,
    keyPresent: keyVariables.length === 0 ? null : keyVariable !== undefined,
    keyVariables: keyVariable === undefined ? others : [keyVariable, ...others],
    price: price?.perMillion ?? null,
    pricedAs: price?.pricedAs ?? null,
    priceLine: price === undefined ? priceLine({ id, provider: provider.name }) : null,
    taskTypes: taskTypes === undefined ? null : [...taskTypes],
    contextTokens: contextTokens ?? null,
    history,
  };
}

function historyOnlyRow(ranking: ModelRanking): ModelRow {
  return {
    id: ranking.model,
    provider: null,
    usable: false,
    keyPresent: null,
    keyVariables: [],
    price: null,
    pricedAs: null,
    priceLine: null,
    taskTypes: null,
    contextTokens: null,
    history: historyOf(ranking),
  };
}

function historyOf(ranking: ModelRanking): ModelHistory {
  const { confidence, callCount, qualityScore, averageCostUsd } = ranking;
  const { valueScore, averageLatencyMs, successRate } = ranking;
  return {
    confidence,
    callCount,
    qualityScore,
    averageCostUsd,
    valueScore,
    averageLatencyMs,
    successRate,
  };
}
