import { type Interval, isAllOrNothing, qualityInterval, studentQuantile } from './interval.ts';

/**
 * What was found of tasks that were picked at random, beside what judges had said of them. Each stands for
 * 1 / probability tasks: that is its weight.
 */
export type SampledOutcomes = {
  n: number;
  weight: number;
  weightSquared: number;
  /** Weighted sums of what was found, of what judges had said, and of their squares and product. */
  outcome: number;
  judged: number;
  outcomeSquared: number;
  product: number;
  judgedSquared: number;
};

/** Effective sample size from which judges are corrected: below, their error is not known well enough. */
const leastSampled = 20;
/** Variance that is granted where all residuals are alike: equal is not certain. */
const leastVariance = 1e-4;

/**
 * The mean outcome of all tasks, of which a few were looked at and all were judged: the mean of what was
 * found, moved by as much as the tasks that were not looked at were judged better or worse, times what a
 * judgement is worth (prediction-powered inference: Angelopoulos et al. 2023, with the weight of power
 * tuning; of old the regression estimator of two-phase sampling). Judges may be biased in any way: that
 * makes it less precise, never wrong. With a 95% interval; undefined where too few were looked at.
 */
export function predictionPowered(
  sample: SampledOutcomes,
  /** What judges said of all tasks. */
  all: { n: number; mean: number },
): { mean: number; interval: Interval } | undefined {
  const { n, weight } = sample;
  const size = weight > 0 ? weight ** 2 / sample.weightSquared : 0;
  if (n < leastSampled || size < leastSampled || all.n < n) return undefined;
  const found = { n: weight, sum: sample.outcome, sumOfSquares: sample.outcomeSquared };
  const outcome = sample.outcome / weight;
  const judged = sample.judged / weight;
  const spread = Math.max(0, sample.outcomeSquared / weight - outcome ** 2);
  const judgedSpread = Math.max(0, sample.judgedSquared / weight - judged ** 2);
  const together = sample.product / weight - outcome * judged;
  // Judges that say the same of everything tell nothing.
  const slope = judgedSpread > 1e-9 ? together / judgedSpread : 0;
  const apart = all.mean - judged;
  const mean = Math.min(1, Math.max(0, outcome + slope * apart));
  const residual = (Math.max(leastVariance, spread - slope * together) * size) / (size - 2);
  const explained = Math.max(0, (spread * size) / (size - 1) - residual);
  const leverage = judgedSpread > 1e-9 ? apart ** 2 / judgedSpread : 0;
  const variance = (residual * (1 + leverage)) / size + explained / all.n;
  return { mean, interval: intervalOf(mean, { variance, size, isGraded: !isAllOrNothing(found) }) };
}

/**
 * Student's, of graded outcomes. Of all-or-nothing ones some of the rare kind may not have come yet: the
 * interval of as many scores, which knows of that.
 */
function intervalOf(
  mean: number,
  { variance, size, isGraded }: { variance: number; size: number; isGraded: boolean },
): Interval {
  const half = studentQuantile(size - 2) * Math.sqrt(variance);
  const student = { low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
  if (isGraded) return student;
  const sumOfSquares = size * (mean ** 2 + size * variance);
  return qualityInterval({ n: size, sum: size * mean, sumOfSquares }) ?? student;
}
