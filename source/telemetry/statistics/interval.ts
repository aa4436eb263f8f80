import { meanOf, type Moments, sampleVariance } from '../../domain/moments.ts';

export type Interval = { low: number; high: number };

const z = 1.959964;

/** 95% interval of the mean score; undefined with fewer than two scores. */
export function qualityInterval(scores: Moments): Interval | undefined {
  const { n } = scores;
  if (n < 2) return undefined;
  const mean = meanOf(scores);
  const half = z * Math.sqrt(sampleVariance(scores) / n);
  return { low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}
