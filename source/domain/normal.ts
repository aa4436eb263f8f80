import type { Random } from '../domain/runtime.ts';

/** A sample of the standard normal distribution (Box & Muller 1958). */
export function standardNormal(random: Random): number {
  // 1 − u is in (0, 1], so the logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Chance that a standard normal is above `x` (Abramowitz & Stegun 1964, 26.2.17; error below 7.5e-8,
 * far finer than what routing decides by).
 */
export function normalUpperTail(x: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(x));
  const polynomial =
    t *
    (0.319_381_53 +
      t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = normalDensity(x) * polynomial;
  return x >= 0 ? tail : 1 - tail;
}
