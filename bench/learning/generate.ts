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

/** Outcomes of models whose prices rise with their quality, though not strictly. */
export function generateOutcomes(shape: WorldShape, seed: number): Outcomes {
  const rng = createRng(seed);
  const builder = createOutcomesBuilder();
  const models = Array.from({ length: shape.models }, (_, index) => {
    const effect = shape.spread.model * rng.normal();
    const price = 10 ** (-4 + (0.5 * effect) / shape.spread.model + 0.4 * rng.normal());
    return { id: `model-${index}`, effect, price };
  });
  for (let type = 0; type < shape.taskTypes; type += 1) {
    const level = 0.62 + shape.spread.type * rng.normal();
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

function noise(rng: Rng): number {
  return rng.between(0.7, 1.3);
}
