import { meanOf, type Moments, sampleVariance } from '../../domain/moments.ts';
import { normalQuantile } from './normal.ts';
import { studentQuantile } from './student.ts';

export type Interval = { low: number; high: number };

/** Wilson's score interval of a rate (Wilson 1927); `n` may be an effective sample size. */
export function wilsonInterval(rate: number, n: number, z: number): Interval {
  const square = z * z;
  const centre = (rate + square / (2 * n)) / (1 + square / n);
  const half = (z * Math.sqrt((rate * (1 - rate)) / n + square / (4 * n * n))) / (1 + square / n);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Whether every score is 0 or 1: only then is a sum of squares the sum itself. */
export function isAllOrNothing({ n, sum, sumOfSquares }: Moments): boolean {
  return Math.abs(sum - sumOfSquares) <= 1e-9 * Math.max(1, n);
}

/** Spread that is granted to equal graded scores, in scores of the widest spread: equal is not certain. */
const intervalSpreadAllowance = 0.1;

/**
 * How many all-or-nothing scores would tell the mean as precisely as these do: as many as there are when
 * they are all or nothing themselves, more when they are graded and lie closer together.
 */
export function effectiveSampleSize(scores: Moments): number {
  const { n } = scores;
  const mean = meanOf(scores);
  const widest = mean * (1 - mean);
  if (n < 2 || widest <= 0 || isAllOrNothing(scores)) return n;
  return (n * widest) / (sampleVariance(scores) + (intervalSpreadAllowance * widest) / n);
}

/**
 * 95% interval of the mean score, for rates and graded scores alike: Wilson's, with the sample size that
 * the scores are worth, and with Student's quantile where their spread had to be estimated. Undefined
 * with fewer than two scores.
 */
export function qualityInterval(scores: Moments): Interval | undefined {
  const { n } = scores;
  if (n < 2) return undefined;
  const quantile = isAllOrNothing(scores) ? normalQuantile(0.025) : studentQuantile(0.025, n - 1);
  return wilsonInterval(meanOf(scores), effectiveSampleSize(scores), quantile);
}
