import { meanOf, populationVariance } from '../../domain/moments.ts';
import { normalUpperTail } from '../../domain/normal.ts';
import { createHierarchicalModel, publicKnowledge } from '../../routing/index.ts';
import { type CellSamples, scoresIn } from './cell.ts';

/** The posterior of a cell's true quality: by itself, and the part of its doubt that the whole task type shares. */
export type Belief = { mean: number; variance: number; typeDeviation: number };

/**
 * How much wider a difference is taken to be than the model says: what is told of is what looks best among many, on
 * the day on which it does. So measured: told as 80%, right in 80% or more.
 */
const doubt = 2;

/**
 * The posterior quality of every cell with scores, by the model that routing goes by: each is drawn towards what its model does
 * elsewhere, what others do on its task type, and what its price suggests, so that the luckiest of many is not
 * taken at its word.
 */
export function beliefsOf(all: readonly CellSamples[]): ReadonlyMap<CellSamples, Belief> {
  const cells = all.filter((cell) => scoresIn(cell).n > 0);
  const models = [...Map.groupBy(cells, ({ model }) => model)];
  const types = [...Map.groupBy(cells, ({ taskType }) => taskType).values()];
  const numbers = new Map(models.map(([model], number) => [model, number]));
  const numberOf = ({ model }: CellSamples): number => numbers.get(model) ?? 0;
  const priced = models.map(([id, ofModel]) => ({
    id,
    provider: '',
    defaultCostUsd: pricePerTask(ofModel),
  }));
  const model = createHierarchicalModel(models.length, publicKnowledge(priced));
  for (const [type, ofType] of types.entries()) {
    for (const cell of ofType) {
      const scores = scoresIn(cell);
      const { n } = scores;
      const spread = n < 2 ? {} : { scoreVariance: populationVariance(scores) };
      model.set(numberOf(cell), type, { n, sum: n * meanOf(scores), ...spread });
    }
  }
  const beliefs = new Map<CellSamples, Belief>();
  for (const [type, ofType] of types.entries()) {
    const { mean, standardDeviation, typeDeviation } = model.posteriors(type);
    for (const cell of ofType) {
      const number = numberOf(cell);
      beliefs.set(cell, {
        mean: mean[number] ?? 0,
        variance: (standardDeviation[number] ?? 1) ** 2,
        typeDeviation: typeDeviation[number] ?? 0,
      });
    }
  }
  return beliefs;
}

/** Dollars of own attempts per task, over all task types; infinite where none is known. */
function pricePerTask(cells: readonly CellSamples[]): number {
  let [tasks, costUsd] = [0, 0];
  for (const { own } of cells) {
    if (own === undefined) continue;
    tasks += own.tasks;
    costUsd += own.tasks * own.meanUsd;
  }
  return tasks > 0 ? costUsd / tasks : Infinity;
}

/** The probability that the first is better than the second, or worse by less than the margin. */
export function probabilityNotWorse(
  first: Belief,
  second: Belief,
  margin: number,
  variance: number,
): number {
  const gap = first.mean - second.mean + margin;
  const all = first.variance + second.variance;
  // A quality near the end of the scale would show a wider spread were it further from it.
  const ofFirst = first.variance * widened(first.mean, -(gap * first.variance) / all);
  const ofSecond = second.variance * widened(second.mean, (gap * second.variance) / all);
  const shared = 2 * first.typeDeviation * second.typeDeviation;
  const own = Math.max(0, ofFirst + ofSecond - shared);
  return normalUpperTail(-gap / Math.sqrt(doubt * own + variance));
}

/** No quality is taken to be closer to the ends of the scale. */
const edge = 0.02;

/** By how much the spread of scores around a quality grows where it is moved; never less than 1. */
function widened(quality: number, by: number): number {
  return Math.max(1, spreadAt(quality + by) / spreadAt(quality));
}

function spreadAt(quality: number): number {
  const held = Math.min(1 - edge, Math.max(edge, quality));
  return held * (1 - held);
}
