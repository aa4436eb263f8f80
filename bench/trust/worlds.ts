import type { Outcomes } from '../../source/commands/replay/outcomes.ts';
import { meansOf } from '../../source/commands/replay/outcomes.ts';
import type { Rng } from '../learning/rng.ts';
import type { World } from './history.ts';

/** How scores lie around a quality. */
export type Grading =
  /** All or nothing. */
  | 'two-valued'
  /** Graded and skewed. */
  | 'graded'
  /** Nearly always the same; what is worse has more zeros. */
  | 'rare failures';

const usual = 0.9;

export function scoreOf(rng: Rng, quality: number, grading: Grading): number {
  switch (grading) {
    case 'two-valued': {
      return rng.random() < quality ? 1 : 0;
    }
    case 'graded': {
      return rng.beta(quality, 6);
    }
    case 'rare failures': {
      return rng.random() < quality / usual ? usual : 0;
    }
  }
}

export const topQuality: Record<Grading, number> = {
  'two-valued': 0.85,
  graded: 0.85,
  'rare failures': usual,
};

/**
 * One expensive model and others at half its price and less, worse by `gap` on every task type: with a gap just
 * beyond the margin the least favourable truth there is.
 */
export function edgeWorld({
  gap,
  grading,
  models = 8,
  types = 4,
  tasksPerDay,
  fallDay = Infinity,
}: {
  gap: number;
  grading: Grading;
  models?: number;
  types?: number;
  tasksPerDay: number;
  /** The day from which the first model on the first task type is 20 points worse. */
  fallDay?: number;
}): World {
  const top = topQuality[grading];
  const quality: World['quality'] = (type, model, day) =>
    (model === 0 ? top : top - gap) - (type === 0 && model === 0 && day >= fallDay ? 0.2 : 0);
  return {
    models,
    types,
    tasksPerDay,
    typeOf: (rng) => rng.whole(types),
    quality,
    score: (rng, { type, model, day }) => scoreOf(rng, quality(type, model, day), grading),
    costUsd: (_, model) => (model === 0 ? 0.02 : 0.01 / model),
  };
}

/** Qualities and prices at random: some pairs are worth a switch, most are not. */
export function mixedWorld(rng: Rng, grading: Grading, tasksPerDay: number): World {
  const [models, types] = [6, 5];
  const draw = (): number[][] =>
    Array.from({ length: types }, () => {
      const level = rng.between(0.6, 0.85);
      return Array.from({ length: models }, () =>
        Math.min(usual, Math.max(0.2, level + 0.08 * rng.normal())),
      );
    });
  const qualities = draw();
  const prices = Array.from({ length: models }, () => 10 ** rng.between(-4, -2));
  const quality: World['quality'] = (type, model) => qualities[type]?.[model] ?? 0;
  return {
    models,
    types,
    tasksPerDay,
    typeOf: (source) => source.whole(types),
    quality,
    score: (source, { type, model }) => scoreOf(source, quality(type, model, 0), grading),
    costUsd: (_, model) => prices[model] ?? 0,
  };
}

/** Recorded outcomes: tasks are drawn from a file, whose means are the truth. Types in which all models answered. */
export function recordedWorld(outcomes: Outcomes, tasksPerDay: number): World {
  const means = meansOf(outcomes);
  const items = outcomes.taskTypes.map((): number[] => []);
  const models = outcomes.models.map((_, model) => model);
  for (let item = 0; item < outcomes.itemCount; item += 1) {
    const isWhole = models.every((model) => !Number.isNaN(outcomes.score(item, model)));
    if (isWhole) items[outcomes.typeOf(item)]?.push(item);
  }
  const used = outcomes.taskTypes.flatMap((_, type) =>
    (items[type]?.length ?? 0) > 0 ? [type] : [],
  );
  const of = (type: number): number => used[type] ?? 0;
  const weights = used.map((type) => items[type]?.length ?? 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    models: models.length,
    types: used.length,
    tasksPerDay,
    typeOf(rng) {
      let left = rng.random() * all;
      return Math.max(
        0,
        weights.findIndex((weight) => (left -= weight) < 0),
      );
    },
    quality: (type, model) => meanOver(outcomes, items[of(type)] ?? [], model),
    score(rng, { type, model }) {
      const ofType = items[of(type)] ?? [];
      return outcomes.score(ofType[rng.whole(ofType.length)] ?? 0, model);
    },
    costUsd(type, model) {
      const cost = means.costUsd[of(type)]?.[model] ?? Number.NaN;
      return Number.isNaN(cost) ? 0.001 : cost;
    },
  };
}

const known = new Map<string, number>();

function meanOver(outcomes: Outcomes, items: readonly number[], model: number): number {
  const key = `${items[0]} ${model}`;
  let mean = known.get(key);
  if (mean === undefined) {
    mean = items.reduce((sum, item) => sum + outcomes.score(item, model), 0) / items.length;
    known.set(key, mean);
  }
  return mean;
}
