import { confidenceOf } from '../../domain/confidence.ts';
import type { Standing } from '../../domain/insight.ts';
import { meanOf, type Moments } from '../../domain/moments.ts';
import { qualityInterval } from '../statistics/index.ts';
import { type Sums, valueOf } from '../timeline/sums.ts';

/** Keeps the value of a free model finite. */
const epsilon = 0.0001;
/** Calls that either window needs for a trend. */
const trendCalls = 10;
/** Per call: more than rounding leaves of it, less than any score, price in dollars or weight by age. */
const residue = 1e-9;

/** Quality for money, as the design defines it. */
export function valueScoreOf(qualityScore: number, averageCostUsd: number): number;
export function valueScoreOf(qualityScore: number | null, averageCostUsd: number): number | null;
export function valueScoreOf(qualityScore: number | null, averageCostUsd: number): number | null {
  if (qualityScore === null) return null;
  return qualityScore / (averageCostUsd + epsilon);
}

/** Attempts: of snapshots, and of events of runs without any. */
export function callsOf(sums: Sums): number {
  return valueOf(sums, 'calls') + valueOf(sums, 'liveCalls');
}

/**
 * A sum over live calls. Taking back what was counted as live leaves a rounding residue, which beside
 * calls that all scored 0 would pass for a score, and trends are quotients of such: it counts as nothing.
 */
export function liveOf(
  sums: Sums,
  field:
    | 'liveQuality'
    | 'liveCost'
    | 'agedLiveCalls'
    | 'agedLiveQuality'
    | 'agedLiveCost'
    | 'agedLiveUnscored',
  counts: Sums = sums,
): number {
  const calls = valueOf(counts, 'liveCalls');
  const sum = valueOf(sums, field);
  return calls > 0 && Math.abs(sum) >= residue * calls ? sum : 0;
}

/** Mean quality of attempts; null where none was scored. */
export function qualityOf(sums: Sums): number | null {
  const quality = valueOf(sums, 'quality') + liveOf(sums, 'liveQuality');
  const scored = valueOf(sums, 'scoredCalls') + liveScoredCalls(sums);
  return scored > 0 ? quality / scored : null;
}

/** Mean dollars per attempt. */
export function costOf(sums: Sums): number {
  return quotient(valueOf(sums, 'callCost') + liveOf(sums, 'liveCost'), callsOf(sums));
}

/** Mean of something that only snapshots know; 0 without any. */
export function measuredMean(sums: Sums, field: 'latency' | 'latencyP95' | 'success'): number {
  return quotient(valueOf(sums, field), valueOf(sums, 'calls'));
}

/** Attempts of runs without snapshots whose task was judged. */
export function liveScoredCalls(sums: Sums): number {
  return valueOf(sums, 'liveCalls') - valueOf(sums, 'liveUnscoredCalls');
}

/** Scores of the tasks that were judged. */
export function scoresOf(sums: Sums): Moments {
  return {
    n: valueOf(sums, 'tasks') - valueOf(sums, 'unscoredTasks'),
    sum: valueOf(sums, 'score'),
    sumOfSquares: valueOf(sums, 'scoreSquared'),
  };
}

/** Null where no attempt was scored. */
export function valueScoreIn(sums: Sums): number | null {
  return valueScoreOf(qualityOf(sums), costOf(sums));
}

/** What a window says of a model or a cell, with the window before it for the trend. */
export function standingOf(sums: Sums, prior: Sums | undefined): Standing {
  const scores = scoresOf(sums);
  const interval = qualityInterval(scores);
  const callCount = callsOf(sums);
  const valueScore = valueScoreIn(sums);
  const standing: Standing = {
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
    standing.qualityInterval = Math.max(interval.high - mean, mean - interval.low);
  }
  return standing;
}

function trendOf(value: number | null, calls: number, prior: Sums | undefined): number | null {
  if (prior === undefined || calls < trendCalls || callsOf(prior) < trendCalls) return null;
  const before = valueScoreIn(prior);
  return value !== null && before !== null && before > 0 ? ((value - before) / before) * 100 : null;
}

function quotient(sum: number, weight: number): number {
  return weight > 0 ? sum / weight : 0;
}
