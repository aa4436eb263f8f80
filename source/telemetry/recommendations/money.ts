import type { CostSample } from './cell.ts';

/** How much cheaper than the incumbent an alternative must be in the mean. */
const cheaperBy = 0.1;
/** Standard errors by which it must be cheaper at all, so that it holds on any day that somebody looks. */
const firmErrors = 3;
/** Those of a 95% interval, with what some dozens of skewed costs need besides. */
const intervalErrors = 2.2;

/** Whether own attempts are cheaper: firmly, and by a tenth in the mean. */
export function isFirmlyCheaper(alternative: CostSample, incumbent: CostSample): boolean {
  if (incumbent.meanUsd <= 0) return false;
  if (alternative.meanUsd > (1 - cheaperBy) * incumbent.meanUsd) return false;
  if (alternative.meanUsd <= 0) return true;
  const error = Math.sqrt(alternative.relativeVariance + incumbent.relativeVariance);
  return Math.log(incumbent.meanUsd / alternative.meanUsd) >= firmErrors * error;
}

type Saving = { monthlyUsd: number; lowUsd: number; highUsd: number };

/**
 * What so many tasks in so many days cost less with the alternative, per 30 days: own attempts alone, since reviews
 * are priced alike for both, whoever happened to give them.
 */
export function savingOf(
  incumbent: CostSample,
  alternative: CostSample,
  volume: { tasks: number; days: number },
): Saving {
  const factor = (volume.tasks * 30) / volume.days;
  const variance = varianceOf(incumbent) + varianceOf(alternative);
  const monthlyUsd = factor * (incumbent.meanUsd - alternative.meanUsd);
  const half = factor * intervalErrors * Math.sqrt(variance);
  return { monthlyUsd, lowUsd: monthlyUsd - half, highUsd: monthlyUsd + half };
}

function varianceOf({ meanUsd, relativeVariance }: CostSample): number {
  return relativeVariance * meanUsd ** 2;
}
