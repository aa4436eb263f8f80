import { confidenceOf } from '../../domain/confidence.ts';
import { defined } from '../../domain/defined.ts';
import type { ModelStats } from '../../domain/insight.ts';
import { meanOf, type Moments, populationVariance, sampleVariance } from '../../domain/moments.ts';
import { type Interval, predictionPowered, qualityInterval } from '../statistics/index.ts';
import { callsOf, liveCallsOf, scoresOf, type Sums, valueOf } from '../sums/fields.ts';

/** Keeps the value of a free model finite. */
const epsilon = 0.0001;
/** Calls that either window needs for a trend. */
const trendCalls = 10;
/** Standard errors of its logarithm that a change of value must exceed to be more than noise. */
const noiseErrors = 2;
/** Judgements that tell the spread of scores better than tasks do. */
const leastJudged = 5;

/** Mean quality of attempts; null where none was scored. */
export function qualityOf(sums: Sums): number | null {
  return qualityIn(sums).quality;
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

/** Quality for money, as the design defines it; null where no attempt was scored. */
export function valueScoreIn(sums: Sums): number | null {
  const quality = qualityOf(sums);
  return quality === null ? null : quality / (costOf(sums) + epsilon);
}

/** What is known besides the sums of a window. */
type Besides = {
  /** The window before. */
  prior?: Sums | undefined;
  /** Of the history that routing uses, whatever the window is. */
  recent?: Sums | undefined;
  /** The judgements of the attempts in the window, where they are recorded. */
  judged?: Moments | undefined;
};

/** What a window says of a model or a cell. */
export function modelStatsOf(sums: Sums, { prior, recent, judged }: Besides): ModelStats {
  const { quality: qualityScore, interval: sampled } = qualityIn(sums);
  const interval =
    sampled ??
    (qualityScore === null ? undefined : qualityInterval(around(qualityScore, sums, judged)));
  return {
    qualityScore,
    ...defined({ qualityInterval: interval }),
    averageCostUsd: costOf(sums),
    valueScore: valueScoreIn(sums),
    ...trendOf(sums, prior),
    callCount: callsOf(sums),
    liveCallCount: liveCallsOf(sums),
    taskCount: scoresOf(sums).n,
    failureCount: valueOf(sums, 'failures'),
    validatorFailCount: valueOf(sums, 'validatorFailures'),
    averageLatencyMs: measuredMean(sums, 'latency'),
    latencyP95Ms: measuredMean(sums, 'latencyP95'),
    successRate: valueOf(sums, 'calls') > 0 ? measuredMean(sums, 'success') : 1,
    confidence: confidenceOf(callsOf(recent ?? sums)),
  };
}

/** Scores of the spread that was seen around the quality that is shown. */
function around(quality: number, sums: Sums, judged: Moments | undefined): Moments {
  const seen = judged !== undefined && judged.n >= leastJudged ? judged : scoresOf(sums);
  const { n } = seen;
  const square = populationVariance(seen) + quality ** 2;
  return { n, sum: n * quality, sumOfSquares: n * square };
}

/** Null, and nothing, without a trend. */
function trendOf(
  sums: Sums,
  prior: Sums | undefined,
): Pick<ModelStats, 'trendPercent' | 'trendIsNoise'> {
  const none = { trendPercent: null };
  if (prior === undefined || Math.min(callsOf(sums), callsOf(prior)) < trendCalls) return none;
  const [value, before] = [valueScoreIn(sums), valueScoreIn(prior)];
  if (value === null || before === null || before <= 0) return none;
  const error = Math.sqrt(relativeVariance(sums) + relativeVariance(prior));
  const trendIsNoise = !(Math.abs(Math.log(value / before)) > noiseErrors * error);
  return {
    trendPercent: ((value - before) / before) * 100,
    ...(trendIsNoise ? { trendIsNoise } : {}),
  };
}

/** Of a value, by its tasks: how unsure it is, relative to itself (delta method). */
function relativeVariance(sums: Sums): number {
  const scores = scoresOf(sums);
  const costs: Moments = {
    n: valueOf(sums, 'tasks'),
    sum: valueOf(sums, 'cost'),
    sumOfSquares: valueOf(sums, 'costSquared'),
  };
  return relativeVarianceOfMean(scores) + relativeVarianceOfMean(costs);
}

/** Infinite where there is no mean to be unsure of. */
function relativeVarianceOfMean(moments: Moments): number {
  const mean = meanOf(moments);
  if (moments.n < 2) return Infinity;
  return mean > 0 ? sampleVariance(moments) / moments.n / mean ** 2 : 0;
}

function quotient(sum: number, weight: number): number {
  return weight > 0 ? sum / weight : 0;
}

/** Mean quality of attempts as judges and all outcomes have it; null where none was scored. */
function meanQuality(sums: Sums): number | null {
  const scored = valueOf(sums, 'scoredCalls') + valueOf(sums, 'liveScoredCalls');
  const quality = valueOf(sums, 'quality') + valueOf(sums, 'liveQuality');
  return scored > 0 ? quality / scored : null;
}

/**
 * The quality of attempts, and where enough of their tasks were picked at random and looked at, its
 * interval: then judges are corrected by what was found, whatever they are biased by. What was
 * volunteered counts with the task that it is of, and says nothing of others.
 */
export function qualityIn(sums: Sums): { quality: number | null; interval?: Interval } {
  const mean = meanQuality(sums);
  if (mean === null || valueOf(sums, 'sampledTasks') === 0) return { quality: withinOne(mean) };
  const scores = scoresOf(sums);
  const all = { n: scores.n, mean: (scores.sum - valueOf(sums, 'sampledShift')) / scores.n };
  const found = predictionPowered(
    {
      n: valueOf(sums, 'sampledTasks'),
      weight: valueOf(sums, 'sampledWeight'),
      weightSquared: valueOf(sums, 'sampledWeightSquared'),
      outcome: valueOf(sums, 'sampledOutcome'),
      judged: valueOf(sums, 'sampledJudged'),
      outcomeSquared: valueOf(sums, 'sampledOutcomeSquared'),
      product: valueOf(sums, 'sampledProduct'),
      judgedSquared: valueOf(sums, 'sampledJudgedSquared'),
    },
    all,
  );
  if (found === undefined) return { quality: withinOne(mean) };
  // Attempts before the last one of a task were misjudged as results are.
  const scored = valueOf(sums, 'scoredCalls') + valueOf(sums, 'liveScoredCalls');
  const asJudged = mean - valueOf(sums, 'sampledCallShift') / scored;
  const moved = asJudged - all.mean;
  return {
    quality: withinOne(found.mean + moved),
    interval: {
      low: withinOne(found.interval.low + moved),
      high: withinOne(found.interval.high + moved),
    },
  };
}

/** Taking severity out may lead a little beyond what a score can be. */
function withinOne<Quality extends number | null>(quality: Quality): Quality | number {
  return quality === null ? quality : Math.min(1, Math.max(0, quality));
}
