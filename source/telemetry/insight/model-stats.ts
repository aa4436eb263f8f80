import { confidenceOf } from '../../domain/confidence.ts';
import type { ModelStats } from '../../domain/insight.ts';
import { meanOf } from '../../domain/moments.ts';
import { qualityInterval } from '../statistics/index.ts';
import { callsOf, scoresOf, type Sums, valueOf } from '../sums/fields.ts';

/** Keeps the value of a free model finite. */
const epsilon = 0.0001;
/** Calls that either window needs for a trend. */
const trendCalls = 10;
/** Quality for money, as the design defines it. */
export function valueScoreOf(qualityScore: number, averageCostUsd: number): number;
export function valueScoreOf(qualityScore: number | null, averageCostUsd: number): number | null;
export function valueScoreOf(qualityScore: number | null, averageCostUsd: number): number | null {
  if (qualityScore === null) return null;
  return qualityScore / (averageCostUsd + epsilon);
}

/** Mean quality of attempts; null where none was scored. */
export function qualityOf(sums: Sums): number | null {
  const scored = valueOf(sums, 'scoredCalls') + valueOf(sums, 'liveScoredCalls');
  const quality = valueOf(sums, 'quality') + valueOf(sums, 'liveQuality');
  // Taking severity out may lead a little beyond what a score can be.
  return scored > 0 ? Math.min(1, Math.max(0, quality / scored)) : null;
}

/** Mean dollars per attempt. */
export function costOf(sums: Sums): number {
  return quotient(
    valueOf(sums, 'callCost') + valueOf(sums, 'liveCost'),
    valueOf(sums, 'calls') + valueOf(sums, 'livePricedCalls'),
  );
}

/** Mean of something that only snapshots know; 0 without any. */
export function measuredMean(sums: Sums, field: 'latency' | 'latencyP95' | 'success'): number {
  return quotient(valueOf(sums, field), valueOf(sums, 'calls'));
}

/** Null where no attempt was scored. */
export function valueScoreIn(sums: Sums): number | null {
  return valueScoreOf(qualityOf(sums), costOf(sums));
}

/** What a window says of a model or a cell, with the window before it for the trend. */
export function modelStatsOf(sums: Sums, prior: Sums | undefined): ModelStats {
  const scores = scoresOf(sums);
  const interval = qualityInterval(scores);
  const callCount = callsOf(sums);
  const valueScore = valueScoreIn(sums);
  const stats: ModelStats = {
    qualityScore: qualityOf(sums),
    averageCostUsd: costOf(sums),
    valueScore,
    trendPercent: trendOf(valueScore, callCount, prior),
    callCount,
    liveCallCount: valueOf(sums, 'liveCalls'),
    taskCount: scores.n,
    failureCount: valueOf(sums, 'failures'),
    validatorFailCount: valueOf(sums, 'validatorFailures'),
    averageLatencyMs: measuredMean(sums, 'latency'),
    latencyP95Ms: measuredMean(sums, 'latencyP95'),
    successRate: valueOf(sums, 'calls') > 0 ? measuredMean(sums, 'success') : 1,
    confidence: confidenceOf(callCount),
  };
  if (interval !== undefined) {
    const mean = meanOf(scores);
    stats.qualityInterval = Math.max(interval.high - mean, mean - interval.low);
  }
  return stats;
}

function trendOf(value: number | null, calls: number, prior: Sums | undefined): number | null {
  if (prior === undefined || calls < trendCalls || callsOf(prior) < trendCalls) return null;
  const before = valueScoreIn(prior);
  return value !== null && before !== null && before > 0 ? ((value - before) / before) * 100 : null;
}

function quotient(sum: number, weight: number): number {
  return weight > 0 ? sum / weight : 0;
}
