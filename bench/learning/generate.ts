import { createOutcomesBuilder, type Outcomes } from '../../source/commands/replay/outcomes.ts';
import { type Rng, createRng, sampleScore, type Grading } from './rng.ts';

export type WorldShape = {
  name: string;
  models: number;
  taskTypes: number;
  itemsPerType: number;
  grading: Grading;
  /** Standard deviations of the effects of models, of task types, and of both together. */
  spread: { model: number; type: number; interaction: number };
  /** Mean quality; 0.62 unless told otherwise. */
  level?: number;
  /**
   * How far prices lie apart, as a standard deviation in powers of ten, how much of that follows quality, and
   * the widest range; unless told otherwise about 6-fold, most of it by quality.
   */
  prices?: { decades: number; correlation: number; range: number };
};

export const shapes: readonly WorldShape[] = [
  {
    name: 'generated: 8 models, 10 types',
    models: 8,
    taskTypes: 10,
    itemsPerType: 300,
    grading: 'all-or-nothing',
    spread: { model: 0.12, type: 0.15, interaction: 0.12 },
  },
  {
    name: 'generated: 5 models, 6 types, graded',
    models: 5,
    taskTypes: 6,
    itemsPerType: 300,
    grading: 'graded',
    spread: { model: 0.1, type: 0.1, interaction: 0.1 },
  },
  {
    name: 'generated: 3 models, 20 types',
    models: 3,
    taskTypes: 20,
    itemsPerType: 100,
    grading: 'all-or-nothing',
    spread: { model: 0.1, type: 0.15, interaction: 0.15 },
  },
];

/** Like outcomes as they are collected: many task types, models that differ little, prices far apart. */
export const collected: readonly WorldShape[] = [
  {
    name: '11 models, 24 types',
    models: 11,
    taskTypes: 24,
    itemsPerType: 100,
    grading: 'all-or-nothing',
    spread: { model: 0.1, type: 0.18, interaction: 0.1 },
    level: 0.5,
    prices: { decades: 0.4, correlation: 0.5, range: 20 },
  },
  {
    name: '14 models, 58 types, strong everywhere or nowhere',
    models: 14,
    taskTypes: 58,
    itemsPerType: 50,
    grading: 'all-or-nothing',
    spread: { model: 0.14, type: 0.18, interaction: 0.05 },
    level: 0.55,
    prices: { decades: 0.2, correlation: 0.5, range: 4 },
  },
  {
    name: '16 models, 10 types, prices 200-fold apart',
    models: 16,
    taskTypes: 10,
    itemsPerType: 200,
    grading: 'all-or-nothing',
    spread: { model: 0.06, type: 0.1, interaction: 0.02 },
    level: 0.78,
    prices: { decades: 0.65, correlation: 0.5, range: 200 },
  },
  {
    name: '9 models, 5 types, nearly equal, prices 200-fold apart',
    models: 9,
    taskTypes: 5,
    itemsPerType: 300,
    grading: 'all-or-nothing',
    spread: { model: 0.04, type: 0.08, interaction: 0.01 },
    level: 0.85,
    prices: { decades: 0.75, correlation: 0.5, range: 200 },
  },
  {
    name: '24 models, 6 types, graded',
    models: 24,
    taskTypes: 6,
    itemsPerType: 200,
    grading: 'graded',
    spread: { model: 0.14, type: 0.08, interaction: 0.03 },
    level: 0.65,
    prices: { decades: 0.65, correlation: 0.3, range: 200 },
  },
  {
    name: '8 models, 10 types',
    models: 8,
    taskTypes: 10,
    itemsPerType: 200,
    grading: 'all-or-nothing',
    spread: { model: 0.12, type: 0.15, interaction: 0.12 },
    prices: { decades: 0.4, correlation: 0.6, range: 20 },
  },
];

/** A world of so many models on seven task types. */
export function manyModels(models: number): WorldShape {
  return {
    name: `${models} models, 7 types`,
    models,
    taskTypes: 7,
    itemsPerType: 6000 / models,
    grading: 'all-or-nothing',
    spread: { model: 0.12, type: 0.12, interaction: 0.08 },
    level: 0.55,
    prices: { decades: 0.6, correlation: 0.5, range: 200 },
  };
}

/** Outcomes of models whose prices rise with their quality, though not strictly. */
export function generateOutcomes(shape: WorldShape, seed: number): Outcomes {
  const rng = createRng(seed);
  const builder = createOutcomesBuilder();
  const models = Array.from({ length: shape.models }, (_, index) => {
    const effect = shape.spread.model * rng.normal();
    const price = priceOf(shape, effect / shape.spread.model, rng);
    return { id: `model-${index}`, effect, price };
  });
  for (let type = 0; type < shape.taskTypes; type += 1) {
    const level = (shape.level ?? 0.62) + shape.spread.type * rng.normal();
    const length = rng.between(0.5, 2);
    const qualities = models.map(({ effect }) =>
      Math.min(0.98, Math.max(0.02, level + effect + shape.spread.interaction * rng.normal())),
    );
    for (let item = 0; item < shape.itemsPerType; item += 1) {
      for (const [index, { id, price }] of models.entries()) {
        builder.add({
          item: `item-${item}`,
          taskType: `type-${type}`,
          model: id,
          score: sampleScore(rng, qualities[index] ?? 0, shape.grading),
          costUsd: price * length * noise(rng),
        });
      }
    }
  }
  return builder.finish();
}

/** Dollars per task of a model that is so many standard deviations better than others. */
function priceOf({ prices }: WorldShape, better: number, rng: Rng): number {
  if (prices === undefined) return 10 ** (-4 + 0.5 * better + 0.4 * rng.normal());
  const { decades, correlation, range } = prices;
  const own = Math.sqrt(1 - correlation ** 2) * rng.normal();
  const widest = Math.log10(range) / 2;
  const powers = decades * (correlation * better + own);
  return 10 ** (-3.5 + Math.min(widest, Math.max(-widest, powers)));
}

function noise(rng: Rng): number {
  return rng.between(0.7, 1.3);
}
