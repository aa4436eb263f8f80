import type { RoutableModel } from './model.ts';

/** What is publicly known of a model before anything is seen of it, as two covariates of its quality. */
export type PublicKnowledge = {
  /** Its strength less the mean of those known, in points of quality; 0 where it is not known. */
  strength: Float64Array;
  /** Where its strength is not known: doublings of price above the middle model's; else 0. */
  doublings: Float64Array;
};

/** A slope of the regression of model effects on a covariate: what is expected of it before evidence. */
export type SlopePrior = { mean: number; standardDeviation: number };

/** How far off published strengths are taken to be, as a standard deviation. */
const strengthError = 0.1;
/** No strengths are believed less, or more, than this: they come from other work than the user's. */
const leastReliable = 0.2;
const mostReliable = 0.9;
/** A doubling of price is worth two points of quality, give or take as much. */
export const priceSlope: SlopePrior = { mean: 0.02, standardDeviation: 0.02 };
/** Prices further apart than this tell no more; a free model lies that far below. */
const mostDoublings = 4;

export function publicKnowledge(models: readonly RoutableModel[]): PublicKnowledge {
  const known = models.flatMap(({ strength }) => strength ?? []);
  const meanStrength = known.reduce((sum, strength) => sum + strength, 0) / (known.length || 1);
  const prices = models
    .map(({ defaultCostUsd }) => defaultCostUsd)
    .filter((price) => price > 0 && Number.isFinite(price))
    .toSorted((a, b) => a - b);
  const middle = prices[Math.floor(prices.length / 2)];
  const doublingsOf = (price: number): number => {
    if (middle === undefined || price === Number.POSITIVE_INFINITY) return 0;
    const doublings = price > 0 ? Math.log2(price / middle) : -mostDoublings;
    return Math.min(mostDoublings, Math.max(-mostDoublings, doublings));
  };
  return {
    strength: Float64Array.from(models, ({ strength }) =>
      strength === undefined ? 0 : strength - meanStrength,
    ),
    doublings: Float64Array.from(models, ({ strength, defaultCostUsd }) =>
      strength === undefined ? doublingsOf(defaultCostUsd) : 0,
    ),
  };
}

/**
 * How much of a difference in published strength to expect: the part of their variance that is not error.
 * Models that are published as nearly equal differ by error alone.
 */
export function strengthSlope({ strength }: PublicKnowledge): SlopePrior {
  const known = strength.filter((value) => value !== 0);
  const variance =
    known.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, known.length - 1);
  const reliable = variance > 0 ? 1 - strengthError ** 2 / variance : 0;
  return {
    mean: Math.min(mostReliable, Math.max(leastReliable, reliable)),
    standardDeviation: 0.3,
  };
}

export function noKnowledge(models: number): PublicKnowledge {
  return { strength: new Float64Array(models), doublings: new Float64Array(models) };
}
