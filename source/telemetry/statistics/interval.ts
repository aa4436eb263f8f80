import { meanOf, type Moments, populationVariance, sampleVariance } from '../../domain/moments.ts';
import { solve } from './solve.ts';

export type Interval = { low: number; high: number };

/** Whether every score is 0 or 1: only then is a sum of squares the sum itself. */
export function isAllOrNothing({ n, sum, sumOfSquares }: Moments): boolean {
  return Math.abs(sum - sumOfSquares) <= 1e-9 * Math.max(1, n);
}

/** A rate as the moments of its successes: `successes` scores of 1, the rest of 0. */
export function rateMoments(successes: number, n: number): Moments {
  return { n, sum: successes, sumOfSquares: successes };
}

/** Scores without which there is no interval. */
const leastScores = 5;
/** What a standard normal exceeds on either side with a probability of 5%; and half its square. */
export const normalQuantile = 1.959_964;
const deviance = normalQuantile ** 2 / 2;

/**
 * 95% interval of the mean score: two bounds within [0, 1], as far from the mean as the scores allow on either
 * side; also of scores of which rare ones lie far from the rest and may not have come yet. Undefined with fewer
 * than five.
 */
export function qualityInterval(scores: Moments): Interval | undefined {
  const { n } = scores;
  if (n < leastScores) return undefined;
  const mean = Math.min(1, Math.max(0, meanOf(scores)));
  const variance = isAllOrNothing(scores) ? populationVariance(scores) : sampleVariance(scores);
  const away = (reach: number): number => deviationOf(n, variance, reach);
  return { low: Math.max(0, mean - away(mean)), high: Math.min(1, mean + away(1 - mean)) };
}

/** Bounds are shown in thousandths. */
const precision = 1e-6;

/** How far a mean may be off towards an end of the scale that lies `reach` away, by empirical Bernstein. */
function deviationOf(n: number, variance: number, reach: number): number {
  if (reach <= 0) return 0;
  // Without any spread that was seen: the far scores are just too improbable not to have come.
  if (variance < 1e-12) return (deviance * reach) / n;
  const wanted = (deviance * reach * reach) / (n * variance);
  const u = solve(
    (x) => wanted - (x - Math.log1p(x)),
    0,
    wanted + Math.sqrt(2 * wanted) + 1,
    precision,
  );
  return (u * variance) / reach;
}

/** The same of Student's distribution, to three digits from 18 degrees of freedom on (Cornish and Fisher 1938). */
export function studentQuantile(degreesOfFreedom: number): number {
  const z = normalQuantile;
  return (
    z +
    (z ** 3 + z) / (4 * degreesOfFreedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degreesOfFreedom ** 2)
  );
}
