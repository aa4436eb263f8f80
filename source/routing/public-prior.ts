import type { RoutableModel } from './model.ts';

/** What is publicly known of a model before anything is seen of it, as two covariates of its quality. */
export type PublicKnowledge = {
  /** Its strength less the mean of those known, in points of quality; 0 where it is not known. */
  strength: Float64Array;
  /** Doublings of its price above the middle model's; 0 where no price is known. */
  doublings: Float64Array;
};

/** A slope of the regression of model effects on a covariate: what is expected of it before evidence. */
export type SlopePrior = { mean: number; standardDeviation: number };

/** How far off published strengths are taken to be, as a standard deviation. */
const strengthError = 0.1;
/** The least and the most weight of published strengths: they come from other work than the user's. */
const leastReliable = 0.2;
const mostReliable = 0.9;
/** Without anything else a doubling of price is worth two points of quality, give or take as much. */
const priceAlone: SlopePrior = { mean: 0.02, standardDeviation: 0.02 };
/** Prices further apart than this count no more; a free model lies that far below. */
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
    doublings: Float64Array.from(models, ({ defaultCostUsd }) => doublingsOf(defaultCostUsd)),
  };
}

/**
 * How much of a difference in published strength to expect: the part of their variance that is not error.
 * Models that are published as nearly equal differ by error alone. A price explains what strengths leave open.
 */
export function slopePriors({ strength }: PublicKnowledge): {
  strength: SlopePrior;
  doublings: SlopePrior;
} {
  const known = strength.filter((value) => value !== 0);
  const variance =
    known.reduce((sum, value) => sum + value ** 2, 0) / Math.max(1, known.length - 1);
  const reliable = variance > 0 ? 1 - strengthError ** 2 / variance : 0;
  const weight = Math.min(mostReliable, Math.max(leastReliable, reliable));
  const open = known.length > 0 ? 1 - weight : 1;
  return {
    strength: { mean: weight, standardDeviation: 0.3 },
    doublings: { ...priceAlone, mean: open * priceAlone.mean },
  };
}

export function noKnowledge(models: number): PublicKnowledge {
  return { strength: new Float64Array(models), doublings: new Float64Array(models) };
}
