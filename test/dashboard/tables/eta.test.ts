import { describe, expect, it } from 'vitest';
import { secondsLeft } from '../../../source/dashboard/tables/runs.ts';
import type { EventPayload, RunEvent } from '../../../source/domain/run-event.ts';
import { runState } from '../../support/runs.ts';

/** A run of so many tasks, of which some are over: each with when it began and ended. */
function run(tasks: number, spans: readonly (readonly [number, number?])[]) {
  const events: RunEvent[] = [];
  const say = (at: number, payload: EventPayload) =>
    events.push({ ...payload, projectId: 'p-eta', at });
  say(1000, {
    type: 'run-started',
    project: 'p',
    criteria: '',
    budgetUsd: 1,
    timeLimitSeconds: 5400,
    concurrency: 2,
    simulated: false,
    resumed: false,
    pid: 1,
  });
  const specs = Array.from({ length: tasks }, (_, index) => ({
    id: `t${index}`,
    type: 'evaluation',
    prompt: '',
    dependsOn: [],
    validators: [],
  }));
  say(1000, { type: 'run-planned', tasks: specs });
  for (const [index, [from, to]] of spans.entries()) {
    const taskId = `t${index}`;
    say(from, { type: 'task-started', taskId, taskType: 'evaluation' });
    if (to === undefined) continue;
    const result = {
      taskId,
      taskType: 'evaluation',
      model: 'm',
      reviewer: 'r',
      score: 0.9,
      costUsd: 0,
      iterations: 1,
      deterministicPassed: true,
    };
    say(to, { type: 'task-finished', status: 'accepted', result });
  }
  return runState(events.toSorted((one, other) => one.at - other.at));
}

describe('the time that a run may yet take', () => {
  it('is what its tasks took, for those that are left', () => {
    const two = run(4, [
      [1000, 1010],
      [1010, 1020],
    ]);
    expect(secondsLeft(two, 1020)).toBeCloseTo(20);
  });

  it('is shorter by as many as are at work at once', () => {
    const two = run(4, [
      [1000, 1010],
      [1000, 1010],
    ]);
    expect(secondsLeft(two, 1010)).toBeCloseTo(10);
  });

  it('counts of a running task what is left of it', () => {
    const running = run(3, [[1000, 1010], [1010, 1020], [1020]]);
    expect(secondsLeft(running, 1024)).toBeCloseTo(6);
  });

  it('does not count the night between two parts of a run', () => {
    const resumed = run(4, [
      [1000, 1010],
      [41_000, 41_010],
    ]);
    expect(secondsLeft(resumed, 41_010)).toBeCloseTo(20);
  });

  it('is not said before two tasks are done', () => {
    expect(secondsLeft(run(4, [[1000, 1010]]), 1010)).toBeUndefined();
  });
});
