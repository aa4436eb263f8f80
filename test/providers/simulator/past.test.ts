import { expect, it } from 'vitest';
import { callsOf, startSimulator } from '../../../source/providers/index.ts';

it('has a past that follows from the seed, in which money adds up and habits cost', async () => {
  const [one, again, other] = await Promise.all(
    [3, 3, 4].map(async (seed) => {
      const simulator = await startSimulator({ seed });
      try {
        return [...simulator.past(['A parser', 'A report'])];
      } finally {
        await simulator.close();
      }
    }),
  );
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  const tasks = (one ?? []).flatMap((run) => run.tasks);
  expect(tasks.length).toBeGreaterThan(1000);
  for (const task of tasks) {
    const { result } = task;
    const calls = callsOf(task);
    expect(result.costUsd).toBeCloseTo(calls.reduce((sum, { costUsd }) => sum + costUsd, 0));
    expect(calls.filter(({ role }) => role !== 'critic' && role !== 'judge')).toHaveLength(
      result.iterations,
    );
  }
  const days = (one ?? []).map(({ day }) => day);
  expect(days).toEqual(days.toSorted((first, second) => second - first));
  expect(Math.max(...days)).toBeLessThanOrEqual(54);
});
