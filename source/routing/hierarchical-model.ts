import { createEffects, estimateEffects, othersOf, rowOf, spreadOf } from './effects.ts';
import type { PublicKnowledge } from './public-prior.ts';

/**
 * What every attempt says of every (model, task type), in one hierarchical normal model:
 *
 *   quality(model, type) = mean + model effect + task type effect + interaction
 *
 * The posterior of a cell without attempts is what its model and its task type suggest, as wide as
 * interactions are large; that of a cell with many attempts is what was seen. Where a model starts is what
 * is publicly known of it. How large the effects are, and how much they follow what is known, is estimated
 * from the evidence itself (empirical Bayes by EM; see Gelman & Hill 2007, ch. 12–13).
 */
export type HierarchicalModel = {
  /** Replaces what is known of one cell: attempts (weighted by age) and the sum of their scores. */
  set(model: number, type: number, evidence: SufficientStatistics): void;
  /** The posteriors of all models for one task type; valid until the next {@link set}. */
  posteriors(type: number): Posteriors;
};

export type SufficientStatistics = {
  n: number;
  sum: number;
  /** Variance of single scores in this cell, where known. */
  scoreVariance?: number;
};

export type Posteriors = {
  mean: Float64Array;
  standardDeviation: Float64Array;
  /**
   * The part of it that comes from the level of the task type. It moves all models the same way, but those
   * less that were tried on it: beside one that is well known here, the others are as unsure as the level is.
   */
  typeDeviation: Float64Array;
  /** Variance of single scores around the mean. */
  scoreVariance: Float64Array;
  /** Attempts on this task type, and on all of them, weighted by age. */
  attempts: Float64Array;
  attemptsOfModel: Float64Array;
};

/**
 * Steps of the estimate when first asked, so that a run with a long past starts from all that it says, and
 * whenever this share of new evidence has come.
 */
const firstSteps = 40;
const laterSteps = 5;
const refreshShare = 0.02;

export function createHierarchicalModel(
  models: number,
  knowledge?: PublicKnowledge,
): HierarchicalModel {
  const effects = createEffects(models, knowledge);
  const mean = new Float64Array(models);
  const standardDeviation = new Float64Array(models);
  const typeDeviation = new Float64Array(models);
  const scoreVariance = new Float64Array(models);
  const attemptsOfModel = new Float64Array(models);
  let total = 0;
  let refreshedAt = -1;

  function refresh(): void {
    if (refreshedAt >= 0 && total <= refreshedAt * (1 + refreshShare)) return;
    estimateEffects(effects, refreshedAt < 0 ? firstSteps : laterSteps);
    refreshedAt = total;
  }

  return {
    set(model, type, { n, sum, scoreVariance: known }) {
      const row = rowOf(effects, type);
      const before = row.n[model] ?? 0;
      attemptsOfModel[model] = (attemptsOfModel[model] ?? 0) + n - before;
      total += Math.abs(n - before);
      row.n[model] = n;
      row.sum[model] = sum;
      row.variance[model] = known ?? Number.NaN;
    },
    posteriors(type) {
      const row = rowOf(effects, type);
      refresh();
      for (let model = 0; model < models; model += 1) {
        const n = row.n[model] ?? 0;
        const { model: ofModel, modelVariance, spread } = othersOf(effects, row, model);
        const expected = effects.overallMean + row.effect + ofModel;
        const expectedPrecision = 1 / (effects.variance.interaction + modelVariance);
        const evidence = 1 / spread;
        const precision = expectedPrecision + evidence;
        mean[model] =
          (expectedPrecision * expected + (n > 0 ? (evidence * (row.sum[model] ?? 0)) / n : 0)) /
          precision;
        const shared = expectedPrecision / precision / Math.sqrt(row.precision);
        standardDeviation[model] = Math.sqrt(1 / precision + shared ** 2);
        typeDeviation[model] = shared;
        scoreVariance[model] = spreadOf(effects, mean[model] ?? 0);
      }
      return {
        mean,
        standardDeviation,
        typeDeviation,
        scoreVariance,
        attempts: row.n,
        attemptsOfModel,
      };
    },
  };
}
