import type { RoutableModel } from '../model.ts';

/** Strength of an unknown model at {@link usualPriceUsd}, and what every doubling of the price adds. */
const usualStrength = 0.8;
const usualPriceUsd = 0.004;
const perDoubling = 0.02;
const weakest = 0.6;
const strongest = 0.93;
/** Where nothing is known, not even a price. */
const unknownStrength = 0.7;

/** What is known of a model's strength without having seen anything of it. */
export type Strength = {
  /** On the scale of scores, in [0, 1]. */
  value: number;
  /** Free, and of unknown strength: such a model is asked last. */
  last: boolean;
};

/** A model's strength as publicly known, else by its price. */
export function strengthOf({ strength, defaultCostUsd: price }: RoutableModel): Strength {
  if (strength !== undefined) return { value: strength, last: false };
  if (price === 0) return { value: weakest, last: true };
  if (!Number.isFinite(price)) return { value: unknownStrength, last: false };
  const value = usualStrength + perDoubling * Math.log2(price / usualPriceUsd);
  return { value: Math.min(strongest, Math.max(weakest, value)), last: false };
}

/** The middle of all; of an even number the lower of the two, so that at least half are as strong. */
export function medianStrength(models: readonly RoutableModel[]): number {
  const sorted = models.map((model) => strengthOf(model).value).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
