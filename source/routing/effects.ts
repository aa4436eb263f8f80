import { noKnowledge, type PublicKnowledge, slopePriors } from './public-prior.ts';

/** What was seen on one task type, by model, and what that says of the task type. */
export type Row = {
  /** Attempts, weighted by age. */
  n: Float64Array;
  /** Sum of their scores. */
  sum: Float64Array;
  /** Variance of single scores within a cell, NaN where not known. */
  variance: Float64Array;
  /** The level of the task type against the overall mean, and how precisely it is known. */
  effect: number;
  pull: number;
  precision: number;
};

/** The hierarchical model's unknowns, as last estimated; see hierarchical-model.ts. */
export type Effects = {
  models: number;
  rows: Row[];
  knowledge: PublicKnowledge;
  slopes: { strength: number; doublings: number };
  /** Per model: what public knowledge expects of it, and its effect by all evidence. */
  expected: Float64Array;
  effect: Float64Array;
  /** Per model: the evidence of its cells, as precision and precision times mean. */
  pull: Float64Array;
  precision: Float64Array;
  variance: { model: number; type: number; interaction: number };
  overallMean: number;
  /** Variance of single scores, as a share of what all-or-nothing scores would have. */
  dispersion: number;
};

/**
 * The mean of all models and types before anything is known, as the constant default of quality has it,
 * and how unsure that is, as a standard deviation.
 */
const startingMean = { mean: 0.8, standardDeviation: 0.15 };
/** Standard deviations before anything is known, about a quarter of the scale, and how many cells' worth they count. */
const priorSpread = { model: 0.15, type: 0.2, interaction: 0.15, cells: 5 };
/** The same for the effects of models whose strength is published. */
const spreadBesideStrength = 0.1;
/** No cell is ever taken to have less spread than a rate this close to 0 or 1 would. */
const edge = 0.02;
/** Attempts' worth that the assumption of all-or-nothing scores (the widest there are) counts. */
const priorDispersionAttempts = 20;

export function createEffects(models: number, knowledge = noKnowledge(models)): Effects {
  const slopes = slopePriors(knowledge);
  const effects: Effects = {
    models,
    rows: [],
    knowledge,
    slopes: { strength: slopes.strength.mean, doublings: slopes.doublings.mean },
    expected: new Float64Array(models),
    effect: new Float64Array(models),
    pull: new Float64Array(models),
    precision: new Float64Array(models),
    variance: {
      model: spreadOfModels(knowledge) ** 2,
      type: priorSpread.type ** 2,
      interaction: priorSpread.interaction ** 2,
    },
    overallMean: startingMean.mean,
    dispersion: 1,
  };
  expectEffects(effects);
  effects.effect.set(effects.expected);
  return effects;
}

function spreadOfModels({ strength }: PublicKnowledge): number {
  const known = strength.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  return known > strength.length / 2 ? spreadBesideStrength : priorSpread.model;
}

export function rowOf({ rows, models, variance }: Effects, type: number): Row {
  return (rows[type] ??= {
    n: new Float64Array(models),
    sum: new Float64Array(models),
    variance: new Float64Array(models).fill(Number.NaN),
    effect: 0,
    pull: 0,
    precision: 1 / variance.type,
  });
}

/** Variance of single scores around this quality. */
export function spreadOf({ dispersion }: Effects, quality: number): number {
  const held = Math.min(1 - edge, Math.max(edge, quality));
  return dispersion * held * (1 - held);
}

/** Variance of the mean of a cell's scores; the mean is held back by two attempts' worth of what was expected. */
function spreadOfMean(effects: Effects, row: Row, model: number, expected: number): number {
  const n = row.n[model] ?? 0;
  return spreadOf(effects, ((row.sum[model] ?? 0) + 2 * expected) / (n + 2)) / n;
}

/** Estimates everything anew from the evidence, starting from the last estimates: so many EM steps. */
export function estimateEffects(effects: Effects, steps: number): void {
  estimateDispersion(effects);
  for (let step = 0; step < steps; step += 1) {
    sweep(effects);
    estimateVariances(effects);
  }
}

/** One pass of backfitting: task types given models, then models given task types. */
function sweep(effects: Effects): void {
  const { models, rows, variance, effect, pull, precision, expected } = effects;
  pull.fill(0);
  precision.fill(0);
  for (const row of rows) {
    const weights = weightsOf(effects, row);
    row.pull = 0;
    row.precision = 1 / variance.type;
    for (let model = 0; model < models; model += 1) {
      const weight = weights[model] ?? 0;
      if (weight === 0) continue;
      row.pull += weight * (residualOf(effects, row, model) - (effect[model] ?? 0));
      row.precision += weight;
    }
    row.effect = row.pull / row.precision;
    for (let model = 0; model < models; model += 1) {
      const weight = weights[model] ?? 0;
      if (weight === 0) continue;
      pull[model] = (pull[model] ?? 0) + weight * (residualOf(effects, row, model) - row.effect);
      precision[model] = (precision[model] ?? 0) + weight;
    }
  }
  moveOverallMean(effects);
  estimateSlopes(effects);
  for (let model = 0; model < models; model += 1) {
    const prior = 1 / variance.model;
    effect[model] =
      ((pull[model] ?? 0) + prior * (expected[model] ?? 0)) / ((precision[model] ?? 0) + prior);
  }
}

/** A cell's mean against the overall mean. */
function residualOf({ overallMean }: Effects, row: Row, model: number): number {
  return (row.sum[model] ?? 0) / (row.n[model] ?? 1) - overallMean;
}

/** Precisions of the cells' means as observations of the sum of effects. */
function weightsOf(effects: Effects, row: Row): Float64Array {
  const { models, variance, overallMean, effect } = effects;
  const weights = new Float64Array(models);
  for (let model = 0; model < models; model += 1) {
    if ((row.n[model] ?? 0) === 0) continue;
    const expected = overallMean + row.effect + (effect[model] ?? 0);
    weights[model] = 1 / (variance.interaction + spreadOfMean(effects, row, model, expected));
  }
  return weights;
}

/** The overall mean is where the levels of the task types that were seen lie; effects stay relative to it. */
function moveOverallMean(effects: Effects): void {
  const { rows, variance, overallMean } = effects;
  let precision = 1 / startingMean.standardDeviation ** 2;
  let pull = startingMean.mean * precision;
  const seen = rows.filter(({ n }) => n.some((attempts) => attempts > 0));
  for (const { effect } of seen) {
    pull += (overallMean + effect) / variance.type;
    precision += 1 / variance.type;
  }
  const moved = pull / precision - overallMean;
  effects.overallMean += moved;
  for (const row of rows) {
    row.effect -= moved;
    row.pull -= moved * row.precision;
  }
}

/** How much the models' effects follow what is publicly known of them: a ridge regression, one slope at a time. */
function estimateSlopes(effects: Effects): void {
  const { knowledge, slopes } = effects;
  const priors = slopePriors(knowledge);
  for (const name of ['strength', 'doublings'] as const) {
    const prior = priors[name];
    const covariate = knowledge[name];
    let precision = 1 / prior.standardDeviation ** 2;
    let pull = precision * prior.mean;
    for (let model = 0; model < effects.models; model += 1) {
      const evidence = effects.precision[model] ?? 0;
      const x = covariate[model] ?? 0;
      if (evidence === 0 || x === 0) continue;
      const weight = 1 / (effects.variance.model + 1 / evidence);
      const rest = (effects.expected[model] ?? 0) - slopes[name] * x;
      pull += weight * x * ((effects.pull[model] ?? 0) / evidence - rest);
      precision += weight * x ** 2;
    }
    slopes[name] = pull / precision;
    expectEffects(effects);
  }
}

function expectEffects({ models, knowledge, slopes, expected }: Effects): void {
  for (let model = 0; model < models; model += 1) {
    expected[model] =
      slopes.strength * (knowledge.strength[model] ?? 0) +
      slopes.doublings * (knowledge.doublings[model] ?? 0);
  }
}

function estimateDispersion(effects: Effects): void {
  let within = priorDispersionAttempts * 0.25;
  let widest = priorDispersionAttempts * 0.25;
  for (const row of effects.rows) {
    for (let model = 0; model < effects.models; model += 1) {
      const known = row.variance[model] ?? Number.NaN;
      const n = row.n[model] ?? 0;
      if (Number.isNaN(known) || n < 2) continue;
      const rate = (row.sum[model] ?? 0) / n;
      within += n * Math.min(known, rate * (1 - rate));
      widest += n * rate * (1 - rate);
    }
  }
  effects.dispersion = Math.max(edge, within / widest);
}

/**
 * The M step. What a cell says of interactions is held against what the other cells of its model and of its
 * task type expect, with the uncertainty of that: held against effects that were fitted to the cell itself,
 * interactions would look ever smaller.
 */
function estimateVariances(effects: Effects): void {
  const { models, rows, variance, effect, precision, expected } = effects;
  const { cells } = priorSpread;
  let model = cells * spreadOfModels(effects.knowledge) ** 2;
  let type = cells * priorSpread.type ** 2;
  let interaction = cells * priorSpread.interaction ** 2;
  let modelCount = cells;
  let typeCount = cells;
  let cellCount = cells;
  for (const row of rows) {
    for (let index = 0; index < models; index += 1) {
      if ((row.n[index] ?? 0) === 0) continue;
      const seen = residualOf(effects, row, index);
      const of = othersOf(effects, row, index);
      const all = variance.interaction + of.spread + of.modelVariance + of.typeVariance;
      const kept = variance.interaction / all;
      interaction += (kept * (seen - of.model - of.type)) ** 2 + variance.interaction * (1 - kept);
      cellCount += 1;
    }
    type += row.effect ** 2 + 1 / row.precision;
    typeCount += 1;
  }
  for (let index = 0; index < models; index += 1) {
    const evidence = precision[index] ?? 0;
    if (evidence === 0) continue;
    model +=
      ((effect[index] ?? 0) - (expected[index] ?? 0)) ** 2 + 1 / (evidence + 1 / variance.model);
    modelCount += 1;
  }
  variance.model = model / modelCount;
  variance.type = type / typeCount;
  variance.interaction = interaction / cellCount;
}

/** The effects of a cell's model and task type as estimated from all other cells (leave-one-out). */
export function othersOf(effects: Effects, row: Row, model: number) {
  const { variance, effect, pull, precision, expected } = effects;
  const n = row.n[model] ?? 0;
  const level = effects.overallMean + row.effect + (effect[model] ?? 0);
  const spread = n > 0 ? spreadOfMean(effects, row, model, level) : Number.POSITIVE_INFINITY;
  const weight = n > 0 ? 1 / (variance.interaction + spread) : 0;
  const seen = n > 0 ? residualOf(effects, row, model) : 0;
  const prior = 1 / variance.model;
  const modelPrecision = Math.max(0, (precision[model] ?? 0) - weight) + prior;
  const modelPull =
    (pull[model] ?? 0) - weight * (seen - row.effect) + prior * (expected[model] ?? 0);
  const typePrecision = Math.max(1 / variance.type, row.precision - weight);
  return {
    spread,
    model: modelPull / modelPrecision,
    modelVariance: 1 / modelPrecision,
    type: (row.pull - weight * (seen - (effect[model] ?? 0))) / typePrecision,
    typeVariance: 1 / typePrecision,
  };
}
