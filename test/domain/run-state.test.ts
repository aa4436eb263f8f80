import { toUsd } from '../../source/domain/nano-dollars.ts';
import { modelsInUsd, phasesInUsd } from '../../source/domain/run-money.ts';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../source/domain/run-event.ts';
import {
  applyRunEvent,
  emptyRunState,
  endOf,
  isLive,
  secondsAllowed,
  secondsTaken,
  type RunState,
} from '../../source/domain/run-state.ts';

const said = { projectId: 'p', at: 100 };
const started: RunEvent = {
  ...said,
  type: 'run-started',
  project: 'Build it',
  criteria: 'It works',
  budgetUsd: 2,
  timeLimitSeconds: 60,
  concurrency: 2,
  simulated: false,
  resumed: false,
  pid: 7,
};
const planned: RunEvent = {
  ...said,
  type: 'run-planned',
  tasks: [
    { id: 'a', type: 'code_generation', prompt: 'x', dependsOn: [], validators: [] },
    { id: 'b', type: 'code_review', prompt: 'x', dependsOn: ['a'], validators: [] },
  ],
};
let calls = 0;
const nextCallId = (): string => {
  calls += 1;
  return String(calls);
};
const call = (
  role: 'generator' | 'critic',
  costUsd: number,
  model = role === 'generator' ? 'writer' : 'critic',
): RunEvent => ({
  ...said,
  type: 'call-finished',
  callId: nextCallId(),
  role,
  provider: 'local',
  step: 'a/generate/1/1',
  taskId: 'a',
  model,
  costUsd,
  latencyMs: 10,
  estimated: false,
  outcome: 'ok',
});

const attempt = (iteration: number, score: number): RunEvent => ({
  ...said,
  type: 'attempt-finished',
  taskId: 'a',
  taskType: 'code_generation',
  model: 'writer',
  iteration,
  score,
  costUsd: 0,
  latencyMs: 1,
  failed: false,
  policyViolation: false,
  validatorsPassed: true,
});

function fold(...events: RunEvent[]): RunState {
  const state = emptyRunState('p');
  for (const event of events) applyRunEvent(state, event);
  return state;
}

const ended: RunEvent = {
  ...said,
  type: 'run-finished',
  status: 'success',
  spentUsd: 0,
  results: [],
  spentByPhase: { decomposition: 0, generation: 0, review: 0, evaluation: 0 },
  spentByModel: {},
  resumable: false,
};

describe('the fold of the events of a run', () => {
  it('counts money from calls alone, by phase, model and task', () => {
    const state = fold(started, planned, call('generator', 0.5), call('critic', 0.25));
    expect(state.spentUsd).toBe(0.75);
    expect(phasesInUsd(state.money)).toMatchObject({ generation: 0.5, review: 0.25 });
    expect(modelsInUsd(state.money)).toEqual({ writer: 0.5, critic: 0.25 });
    expect(state.tasks.get('a')?.costUsd).toBe(0.75);
  });

  it('counts the money of a model by any name', () => {
    const named = () => call('generator', 0.5, 'constructor');
    expect(Object.entries(modelsInUsd(fold(started, planned, named(), named()).money))).toEqual([
      ['constructor', 1],
    ]);
  });

  it('counts a call once, and a task, however often their events come', () => {
    const once = call('generator', 0.5);
    const { money, openCalls } = fold(started, planned, once, once);
    expect(toUsd(money.spent)).toBe(0.5);
    expect(openCalls.size).toBe(0);
    const result = { taskId: 'a', taskType: 'code_generation', model: 'writer' };
    const finish = (score: number): RunEvent => ({
      ...said,
      type: 'task-finished',
      status: 'accepted',
      result: { ...result, score, costUsd: 0, iterations: 1, deterministicPassed: true },
    });
    const { results } = fold(started, planned, finish(0.1), finish(0.9));
    expect(results.map(({ score }) => score)).toEqual([0.9]);
  });

  it('numbers calls on from the highest number that a call of ours can have', () => {
    const odd = ['7', '9007199254740991', '1e300', '-5', 'x'].map(
      (callId): RunEvent => ({ ...call('critic', 0), callId }) as RunEvent,
    );
    expect(fold(started, planned, ...odd).lastCallId).toBe(7);
  });

  it('keeps the tasks in the order of the plan', () => {
    expect([...fold(started, planned).tasks.keys()]).toEqual(['a', 'b']);
  });

  it('lets what was interrupted wait again when it is continued', () => {
    const running: RunEvent = {
      ...said,
      type: 'task-started',
      taskId: 'a',
      taskType: 'code_generation',
    };
    const state = fold(started, planned, running, { ...started, at: 200, resumed: true });
    expect(state.tasks.get('a')?.status).toBe('waiting');
    expect(state.startedAt).toBe(100);
  });

  it('leaves nothing running when the run has ended', () => {
    const running: RunEvent = {
      ...said,
      type: 'task-started',
      taskId: 'a',
      taskType: 'code_generation',
    };
    expect(fold(started, planned, running, ended).tasks.get('a')?.status).toBe('waiting');
  });

  it('keeps the best score of a task, not the last', () => {
    const state = fold(started, planned, attempt(1, 0.8), attempt(2, 0.6));
    expect(state.tasks.get('a')).toMatchObject({ score: 0.8, iteration: 2 });
  });
});

describe('the fold of the events of a task', () => {
  const phase = (name: 'generate' | 'judge', model: string, at: number): RunEvent => ({
    ...said,
    at,
    type: 'phase-started',
    taskId: 'a',
    phase: name,
    model,
    iteration: 1,
  });

  it('keeps its author while others read and judge, and since when they do', () => {
    const state = fold(started, planned, phase('generate', 'writer', 110));
    applyRunEvent(state, phase('judge', 'judge', 120));
    expect(state.tasks.get('a')).toMatchObject({ author: 'writer', model: 'judge', phaseAt: 120 });
  });

  it('keeps each attempt, and why the last was the best there is', () => {
    const finished: RunEvent = {
      ...said,
      type: 'task-finished',
      status: 'best-effort',
      error: 'there is no score',
      result: {
        taskId: 'a',
        taskType: 'code_generation',
        model: 'writer',
        score: 0.8,
        costUsd: 1,
        iterations: 2,
        deterministicPassed: true,
      },
    };
    const task = fold(started, planned, attempt(1, 0.8), attempt(2, 0.6), finished).tasks.get('a');
    expect(task?.attempts.map(({ iteration, score }) => [iteration, score])).toEqual([
      [1, 0.8],
      [2, 0.6],
    ]);
    expect(task).toMatchObject({ error: 'there is no score' });
    expect(task).not.toHaveProperty('phaseAt');
  });
});

describe('being live', () => {
  it('lasts while the journal speaks', () => {
    const state = fold(started, { ...said, at: 110, type: 'heartbeat', spentUsd: 0 });
    expect(isLive(state, 124.9)).toBe(true);
    expect(isLive(state, 125)).toBe(false);
  });

  it('ends with the run', () => {
    const state = fold(started, ended);
    expect(isLive(state, 101)).toBe(false);
  });
});

describe('the time of a run', () => {
  const at = (state: RunState, time: number, event: RunEvent): void =>
    applyRunEvent(state, { ...event, at: time });
  const heartbeat: RunEvent = { ...said, type: 'heartbeat', spentUsd: 0 };
  const taken = (state: RunState, now: number): number => secondsTaken(state, endOf(state, now));
  const allowed = (state: RunState, now: number): number =>
    secondsAllowed(state, endOf(state, now));

  it('is nothing before its first event', () => {
    expect(taken(emptyRunState('p'), 1_800_000_000)).toBe(0);
  });

  it('leaves out what lies between an interruption and its resumption', () => {
    const state = emptyRunState('p');
    at(state, 100, started);
    at(state, 120, heartbeat);
    // Dead since.
    expect(taken(state, 90_000)).toBe(20);
    at(state, 100_000, { ...started, resumed: true });
    at(state, 100_007, heartbeat);
    expect(taken(state, 100_010)).toBe(30);
    expect(allowed(state, 100_010)).toBe(50);
    expect(allowed(state, 100_200)).toBe(53);
  });

  it('stays as it was when a run that has ended is resumed', () => {
    const state = emptyRunState('p');
    const ended: RunEvent = {
      ...said,
      type: 'run-finished',
      status: 'success',
      results: [],
      spentUsd: 0,
      spentByPhase: { decomposition: 0, generation: 0, review: 0, evaluation: 0 },
      spentByModel: {},
      resumable: false,
    };
    at(state, 100, started);
    at(state, 130, ended);
    at(state, 5000, { ...started, resumed: true });
    at(state, 5000, ended);
    expect(taken(state, 9000)).toBe(30);
  });
});
