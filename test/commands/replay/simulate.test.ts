import { describe, expect, it } from 'vitest';
import {
  createOutcomesBuilder,
  meansOf,
  type Outcome,
  type Outcomes,
} from '../../../source/commands/replay/outcomes.ts';
import { referencesOf } from '../../../source/commands/replay/references.ts';
import { simulateRuns } from '../../../source/commands/replay/simulate.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';

/** Two task types, each with another best model; the third model is cheap and poor everywhere. */
function world(change: (outcome: Outcome) => Outcome | undefined = (outcome) => outcome): Outcomes {
  const random = seededRandom(4);
  const qualities = {
    x: { good: 0.9, fair: 0.5, poor: 0.1 },
    y: { good: 0.4, fair: 0.8, poor: 0.1 },
  };
  const builder = createOutcomesBuilder();
  for (const [taskType, models] of Object.entries(qualities)) {
    for (let item = 0; item < 100; item += 1) {
      for (const [model, quality] of Object.entries(models)) {
        const score = random() < quality ? 1 : 0;
        const costUsd = model === 'poor' ? 0.001 : 0.01;
        const outcome = change({ item: `i${item}`, taskType, model, score, costUsd });
        if (outcome !== undefined) builder.add(outcome);
      }
    }
  }
  return builder.finish();
}

const settings = { strategy: 'adaptive', qualityTolerance: 0, exploration: 0.2 } as const;
const options = { runs: 15, tasksPerRun: 60, settings, seed: 1, cold: false };

describe('a replay', () => {
  it('learns which model is best for which task type', () => {
    const outcomes = world();
    const runs = [...simulateRuns(outcomes, options)];
    const { leaderScore } = referencesOf(meansOf(outcomes));
    const last = runs.at(-1);
    expect(last?.expectedScore).toBeGreaterThan(0.93 * leaderScore);
    expect(last?.expectedScore).toBeGreaterThan(runs[0]?.expectedScore ?? 1);
    expect(last?.choices['x']?.['good']).toBeGreaterThan(20);
    expect(last?.choices['y']?.['fair']).toBeGreaterThan(20);
  });

  it('is the same under a seed, and faces the same tasks with or without memory', () => {
    const outcomes = world();
    const warm = [...simulateRuns(outcomes, options)];
    expect([...simulateRuns(outcomes, options)]).toEqual(warm);
    const cold = [...simulateRuns(outcomes, { ...options, cold: true })];
    expect(cold[0]).toEqual(warm[0]);
    const typesOf = (run = warm[0]) =>
      Object.fromEntries(
        Object.entries(run?.choices ?? {}).map(([type, counts]) => [
          type,
          Object.values(counts).reduce((sum, n) => sum + n, 0),
        ]),
      );
    expect(typesOf(cold.at(-1))).toEqual(typesOf(warm.at(-1)));
  });

  it('takes models and task types by any name', () => {
    const names: Record<string, string> = { good: 'constructor', fair: 'toString', x: 'valueOf' };
    const named = (name: string): string => names[name] ?? name;
    const outcomes = world((outcome) => ({
      ...outcome,
      model: named(outcome.model),
      taskType: named(outcome.taskType),
    }));
    const [run] = simulateRuns(outcomes, options);
    const counts = Object.values(run?.choices ?? {}).flatMap((ofType) => Object.values(ofType));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
  });

  it('counts every task once, in its choices', () => {
    for (const run of simulateRuns(world(), options)) {
      const counted = Object.values(run.choices).flatMap((counts) => Object.values(counts));
      expect(counted.reduce((sum, n) => sum + n, 0)).toBe(run.tasks);
    }
  });

  it('leaves an unknown cost out, and does not take it for free', () => {
    const outcomes = world(({ item, taskType, model, score }) => ({
      item,
      taskType,
      model,
      score,
    }));
    const runs = [
      ...simulateRuns(outcomes, { ...options, settings: { ...settings, qualityTolerance: 0.05 } }),
    ];
    expect(runs.map(({ averageCostUsd }) => averageCostUsd)).toEqual(runs.map(() => null));
    // With nothing to save, quality alone decides.
    expect(runs.at(-1)?.choices['x']?.['good']).toBeGreaterThan(20);
  });

  it('does not take a model of unknown cost for the cheapest', () => {
    const outcomes = world(({ costUsd, ...outcome }) =>
      outcome.model === 'good' ? outcome : { ...outcome, costUsd: costUsd ?? 0, score: 1 },
    );
    const tolerant = { ...settings, qualityTolerance: 0.2 };
    const last = [...simulateRuns(outcomes, { ...options, settings: tolerant })].at(-1);
    expect(last?.choices['x']?.['good'] ?? 0).toBeLessThan(5);
  });

  it('never chooses a model without an outcome for the item', () => {
    const outcomes = world((outcome) =>
      outcome.model === 'good' && Number(outcome.item.slice(1)) % 2 === 0 ? undefined : outcome,
    );
    const runs = [...simulateRuns(outcomes, options)];
    expect(runs.every(({ averageScore }) => Number.isFinite(averageScore))).toBe(true);
  });
});

describe('the references', () => {
  it('weigh task types by their items', () => {
    const builder = createOutcomesBuilder();
    const add = (item: string, taskType: string, a: number, b: number): void => {
      builder.add({ item, taskType, model: 'a', score: a });
      builder.add({ item, taskType, model: 'b', score: b });
    };
    add('1', 'x', 1, 0);
    add('2', 'x', 1, 0);
    add('3', 'x', 0, 0.6);
    add('4', 'y', 0.2, 1);
    const { leaderScore, bestSingleScore, randomScore } = referencesOf(meansOf(builder.finish()));
    expect(leaderScore).toBeCloseTo((3 * (2 / 3) + 1) / 4, 9);
    expect(bestSingleScore).toBeCloseTo((3 * (2 / 3) + 0.2) / 4, 9);
    expect(randomScore).toBeCloseTo((3 * ((2 / 3 + 0.2) / 2) + 0.6) / 4, 9);
  });
});
