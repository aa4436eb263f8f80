import fc from 'fast-check';
import { expect, it } from 'vitest';
import { standingsOf, taskAtWork } from '../../source/domain/task-standing.ts';
import type { RunState } from '../../source/domain/run-state.ts';
import { someNow } from '../support/insight.ts';
import { runStory, storyEnds } from '../support/run-story.ts';
import { runState } from '../support/runs.ts';

const standings = (run: RunState, now = someNow) => {
  const { of } = standingsOf(run, now);
  return Object.fromEntries([...run.tasks.values()].map((task) => [task.id, of(task)]));
};

it('says what follows for a task from the others', () => {
  expect(standings(runState(runStory()))).toEqual({
    algorithm: 'accepted',
    limiter: 'accepted',
    tests: 'running',
    figures: 'failed',
    guide: 'skipped',
    review: 'waiting',
  });
});

it('says what an end left undone, and what a killed process interrupted', () => {
  const over = standings(runState(storyEnds(runStory())));
  expect(over).toMatchObject({ tests: 'not-finished', guide: 'skipped' });
  const dead = standings(runState(runStory()), someNow + 60);
  expect(dead).toMatchObject({ tests: 'interrupted', review: 'waiting' });
});

it('names the failed tasks that keep one from being run', () => {
  const run = runState(runStory());
  const guide = run.tasks.get('guide');
  expect(guide && standingsOf(run, someNow).failedBefore(guide)).toEqual(['figures']);
});

it('ends, and skips what a failure reaches, whatever needs what', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const edges = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)));
  fc.assert(
    fc.property(edges, (pairs) => {
      const run = runState([]);
      for (const id of ids) {
        run.tasks.set(id, {
          id,
          type: 'evaluation',
          dependsOn: pairs.filter(([task]) => task === id).map(([, needed]) => needed),
          status: id === 'a' ? 'failed' : 'waiting',
          iteration: 0,
          costUsd: 0,
          attempts: [],
          usage: [],
        });
      }
      const reached = new Set(['a']);
      for (const _ of ids)
        for (const [id, needed] of pairs) if (reached.has(needed)) reached.add(id);
      const shown = standings(run);
      for (const id of ids.slice(1)) expect(shown[id] === 'skipped').toBe(reached.has(id));
    }),
  );
});

it('finds where the work is: what runs, else what finished last, else the first', () => {
  const run = runState(runStory());
  const tasks = [...run.tasks.values()];
  expect(taskAtWork(tasks)?.id).toBe('tests');
  expect(taskAtWork(tasks.filter(({ id }) => id !== 'tests'))?.id).toBe('limiter');
  expect(taskAtWork(tasks.slice(-2))?.id).toBe('guide');
  expect(taskAtWork([])).toBeUndefined();
});
