/**
 * What every attempt says of every (model, task type), in one hierarchical normal model:
 *
 *   quality(model, type) = mean + model effect + task type effect + interaction
 *
 * The posterior of a cell without attempts is what its model and its task type suggest, as wide as
 * interactions are large; that of a cell with many attempts is what was seen. How large the
 * effects are is estimated from the evidence itself (empirical Bayes, by one EM step per refresh; see
 * Gelman & Hill 2007, ch. 12–13).
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
  /** Variance of single scores around the mean. */
  scoreVariance: Float64Array;
  /** Attempts on this task type, and on all of them, weighted by age. */
  attempts: Float64Array;
  attemptsOfModel: Float64Array;
};

/**
 * The mean of all models and types before anything is known, as the constant default of quality has it,
 * and how unsure that is, as a standard deviation.
 */
const startingMean = { mean: 0.8, standardDeviation: 0.15 };
/** Standard deviations before anything is known, about a quarter of the scale, and how many cells' worth they count. */
const priorSpread = { model: 0.15, type: 0.2, interaction: 0.15, cells: 2 };
/** No cell is ever taken to have less spread than a rate this close to 0 or 1 would. */
const edge = 0.02;
/** Attempts' worth that the assumption of all-or-nothing scores (the widest there are) counts. */
const priorDispersionAttempts = 20;
const sweeps = 3;
/** Share of new evidence after which the effects are estimated again. */
const refreshShare = 0.02;

type Row = { n: Float64Array; sum: Float64Array; variance: Float64Array; effect: number };

export function createHierarchicalModel(models: number): HierarchicalModel {
  const rows: Row[] = [];
  const modelEffect = new Float64Array(models);
  const modelPull = new Float64Array(models);
  const modelPrecision = new Float64Array(models);
  const mean = new Float64Array(models);
  const standardDeviation = new Float64Array(models);
  const scoreVariance = new Float64Array(models);
  const variance = {
    model: priorSpread.model ** 2,
    type: priorSpread.type ** 2,
    interaction: priorSpread.interaction ** 2,
  };
  let overallMean = startingMean.mean;
  const attemptsOfModel = new Float64Array(models);
  let dispersion = 1;
  let total = 0;
  let refreshedAt = -1;

  function rowOf(type: number): Row {
    return (rows[type] ??= {
      n: new Float64Array(models),
      sum: new Float64Array(models),
      variance: new Float64Array(models).fill(Number.NaN),
      effect: 0,
    });
  }

  function spreadOf(quality: number): number {
    const held = Math.min(1 - edge, Math.max(edge, quality));
    return dispersion * held * (1 - held);
  }

  /** Precision of a cell's mean as an observation of the sum of effects. */
  function precisionOf(row: Row, model: number, at: number): number {
    const n = row.n[model] ?? 0;
    if (n === 0) return 0;
    return 1 / (variance.interaction + spreadOf(shrunkMean(row, model, at)) / n);
  }

  /** The cell's mean, held back by two attempts' worth of what was expected. */
  function shrunkMean(row: Row, model: number, expected: number): number {
    return ((row.sum[model] ?? 0) + 2 * expected) / ((row.n[model] ?? 0) + 2);
  }

  function expectedOf(row: Row, model: number): number {
    return overallMean + row.effect + (modelEffect[model] ?? 0);
  }

  function refresh(): void {
    refreshedAt = total;
    estimateDispersion();
    for (let sweep = 0; sweep < sweeps; sweep += 1) {
      modelPull.fill(0);
      modelPrecision.fill(0);
      for (const row of rows) {
        let pull = 0;
        let precision = 1 / variance.type;
        for (let model = 0; model < models; model += 1) {
          const n = row.n[model] ?? 0;
          if (n === 0) continue;
          const weight = precisionOf(row, model, expectedOf(row, model));
          const residual = (row.sum[model] ?? 0) / n - overallMean - (modelEffect[model] ?? 0);
          pull += weight * residual;
          precision += weight;
        }
        row.effect = pull / precision;
        for (let model = 0; model < models; model += 1) {
          const n = row.n[model] ?? 0;
          if (n === 0) continue;
          const weight = precisionOf(row, model, expectedOf(row, model));
          modelPull[model] =
            (modelPull[model] ?? 0) +
            weight * ((row.sum[model] ?? 0) / n - overallMean - row.effect);
          modelPrecision[model] = (modelPrecision[model] ?? 0) + weight;
        }
      }
      moveOverallMean();
      for (let model = 0; model < models; model += 1) {
        modelEffect[model] =
          (modelPull[model] ?? 0) / ((modelPrecision[model] ?? 0) + 1 / variance.model);
      }
    }
    estimateVariances();
  }

  /** The overall mean is where the levels of the task types that were seen lie; effects stay relative to it. */
  function moveOverallMean(): void {
    let precision = 1 / startingMean.standardDeviation ** 2;
    let pull = startingMean.mean * precision;
    for (const row of rows) {
      if (!row.n.some((n) => n > 0)) continue;
      pull += (overallMean + row.effect) / variance.type;
      precision += 1 / variance.type;
    }
    const moved = pull / precision - overallMean;
    overallMean += moved;
    for (const row of rows) row.effect -= moved;
  }

  function estimateDispersion(): void {
    let within = priorDispersionAttempts * 0.25;
    let widest = priorDispersionAttempts * 0.25;
    for (const row of rows) {
      for (let model = 0; model < models; model += 1) {
        const known = row.variance[model] ?? Number.NaN;
        const n = row.n[model] ?? 0;
        if (Number.isNaN(known) || n < 2) continue;
        const rate = (row.sum[model] ?? 0) / n;
        within += n * Math.min(known, rate * (1 - rate));
        widest += n * rate * (1 - rate);
      }
    }
    dispersion = Math.max(edge, within / widest);
  }

  function estimateVariances(): void {
    const { cells } = priorSpread;
    let model = cells * priorSpread.model ** 2;
    let type = cells * priorSpread.type ** 2;
    let interaction = cells * priorSpread.interaction ** 2;
    let modelCount = cells;
    let typeCount = cells;
    let cellCount = cells;
    for (const row of rows) {
      let precision = 1 / variance.type;
      for (let index = 0; index < models; index += 1) {
        const n = row.n[index] ?? 0;
        if (n === 0) continue;
        const expected = expectedOf(row, index);
        const spread = spreadOf(shrunkMean(row, index, expected)) / n;
        const kept = variance.interaction / (variance.interaction + spread);
        interaction += (kept * ((row.sum[index] ?? 0) / n - expected)) ** 2 + kept * spread;
        cellCount += 1;
        precision += 1 / (variance.interaction + spread);
      }
      type += row.effect ** 2 + 1 / precision;
      typeCount += 1;
    }
    for (let index = 0; index < models; index += 1) {
      if ((modelPrecision[index] ?? 0) === 0) continue;
      model +=
        (modelEffect[index] ?? 0) ** 2 + 1 / ((modelPrecision[index] ?? 0) + 1 / variance.model);
      modelCount += 1;
    }
    variance.model = model / modelCount;
    variance.type = type / typeCount;
    variance.interaction = interaction / cellCount;
  }

  return {
    set(model, type, { n, sum, scoreVariance }) {
      const row = rowOf(type);
      attemptsOfModel[model] = (attemptsOfModel[model] ?? 0) + n - (row.n[model] ?? 0);
      total += Math.abs(n - (row.n[model] ?? 0));
      row.n[model] = n;
      row.sum[model] = sum;
      row.variance[model] = scoreVariance ?? Number.NaN;
    },
    posteriors(type) {
      const row = rowOf(type);
      if (refreshedAt < 0 || total > refreshedAt * (1 + refreshShare)) refresh();
      for (let model = 0; model < models; model += 1) {
        const n = row.n[model] ?? 0;
        const own = expectedOf(row, model);
        const weight = precisionOf(row, model, own);
        // The model's effect as its other task types tell it: this cell must not vouch for itself.
        const otherPrecision =
          Math.max(0, (modelPrecision[model] ?? 0) - weight) + 1 / variance.model;
        const otherPull =
          (modelPull[model] ?? 0) -
          (n > 0 ? weight * ((row.sum[model] ?? 0) / n - overallMean - row.effect) : 0);
        const expected = overallMean + row.effect + otherPull / otherPrecision;
        const expectedPrecision = 1 / (variance.interaction + 1 / otherPrecision);
        const evidence = n / spreadOf(shrunkMean(row, model, expected));
        const precision = expectedPrecision + evidence;
        mean[model] =
          (expectedPrecision * expected + (n > 0 ? (evidence * (row.sum[model] ?? 0)) / n : 0)) /
          precision;
        standardDeviation[model] = Math.sqrt(1 / precision);
        scoreVariance[model] = spreadOf(mean[model] ?? 0);
      }
      return { mean, standardDeviation, scoreVariance, attempts: row.n, attemptsOfModel };
    },
  };
}
