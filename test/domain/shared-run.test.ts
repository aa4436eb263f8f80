import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../source/domain/run-event.ts';
import { applyRunEvent, emptyRunState, type RunState } from '../../source/domain/run-state.ts';
import {
  sharedLimits,
  sharedRunOf,
  shifted,
  stateOfShared,
} from '../../source/domain/shared-run.ts';
import { readSharedRun } from '../../source/telemetry/postgres/shared-run-guard.ts';

/** In every field that people, models or providers fill with texts. */
const secret = 'SECRET-TEXT';
const envelope = { projectId: 'p1', at: 1000 };

const events: RunEvent[] = [
  {
    ...envelope,
    type: 'run-started',
    project: secret,
    criteria: secret,
    budgetUsd: 2,
    timeLimitSeconds: 60,
    concurrency: 3,
    simulated: false,
    resumed: false,
    pid: 4,
  },
  { ...envelope, type: 'run-estimated', lowUsd: 0, expectedUsd: 1, highUsd: 2, basis: secret },
  {
    ...envelope,
    type: 'run-planned',
    tasks: ['t1', 't2'].map((id) => ({
      id,
      type: 'code_generation',
      prompt: secret,
      dependsOn: [],
      validators: [{ command: secret }],
    })),
  },
  { ...envelope, type: 'task-started', taskId: 't1', taskType: 'code_generation' },
  { ...envelope, type: 'phase-started', taskId: 't1', phase: 'judge', model: 'm1', iteration: 1 },
  {
    ...envelope,
    type: 'call-finished',
    callId: '1',
    role: 'generator',
    provider: 'local',
    model: 'm1',
    step: secret,
    taskId: 't1',
    servedModel: secret,
    responseId: secret,
    costUsd: 0.25,
    estimated: false,
    latencyMs: 700,
    outcome: 'ok',
    answer: { text: secret, finishReason: 'stop' },
  },
  {
    ...envelope,
    type: 'attempt-finished',
    taskId: 't1',
    taskType: 'code_generation',
    model: 'm1',
    iteration: 1,
    score: 0.75,
    costUsd: 0.25,
    latencyMs: 700,
    failed: false,
    policyViolation: false,
    validatorsPassed: true,
    problems: [secret],
    reviewer: 'm2',
    error: secret,
  },
  { ...envelope, type: 'notice', taskId: 't1', message: secret },
  {
    ...envelope,
    type: 'task-finished',
    result: {
      taskId: 't1',
      taskType: 'code_generation',
      model: 'm1',
      score: 0.75,
      costUsd: 0.25,
      iterations: 1,
      deterministicPassed: true,
    },
    status: 'accepted',
    output: secret,
    error: secret,
  },
  { ...envelope, type: 'task-started', taskId: 't2', taskType: 'code_generation' },
];

function runOf(all: readonly RunEvent[]): RunState {
  const state = emptyRunState('p1');
  for (const event of all) applyRunEvent(state, event);
  return state;
}

describe('what is shared of a run', () => {
  it('is how it stands, and no text of it', () => {
    const shared = sharedRunOf(runOf(events), { machine: 'build-07', now: 1001 });
    expect(JSON.stringify(shared)).not.toContain(secret);
    expect(shared).toMatchObject({
      machine: 'build-07',
      spentUsd: 0.25,
      taskCount: 2,
      doneCount: 1,
      averageQuality: 0.75,
      tasks: [
        { id: 't1', status: 'accepted', attempts: [{ model: 'm1', reviewer: 'm2', score: 0.75 }] },
        { id: 't2', status: 'running' },
      ],
    });
  });

  it('holds no text of an end either', () => {
    const end: RunEvent = {
      ...envelope,
      type: 'run-finished',
      status: 'partial',
      spentUsd: 0.25,
      results: [],
      spentByPhase: { decomposition: 0, generation: 0.25, review: 0, evaluation: 0 },
      spentByModel: { m1: 0.25 },
      message: secret,
      resumable: true,
    };
    const shared = sharedRunOf(runOf([...events, end]), { machine: 'm', now: 1001 });
    expect(JSON.stringify(shared)).not.toContain(secret);
    expect(shared.ended).toEqual({ at: 1000, status: 'partial', resumable: true });
  });

  it('comes to the same state on another machine, by its clock', () => {
    const run = runOf(events);
    const told: unknown = JSON.parse(
      JSON.stringify(sharedRunOf(run, { machine: 'build-07', now: 1001 })),
    );
    const read = readSharedRun(told);
    if (read === undefined) throw new Error('it was not read');
    const state = stateOfShared(shifted(read, 500));
    expect(state).toMatchObject({
      startedAt: 1500,
      lastEventAt: 1500,
      spentUsd: 0.25,
      project: '',
      elsewhere: { machine: 'build-07', taskCount: 2, doneCount: 1 },
    });
    expect(state.tasks.get('t1')).toMatchObject({ finishedAt: 1500, score: 0.75 });
    expect(state.results).toMatchObject([{ taskId: 't1', model: 'm1', score: 0.75 }]);
  });

  it('stays small however long its plan is, and keeps what is in progress', () => {
    const ids = Array.from({ length: 5000 }, (_, index) => `task-${index}`);
    const planned = ids.map((id) => ({
      id,
      type: 'reasoning',
      prompt: secret,
      dependsOn: [],
      validators: [],
    }));
    const started = { ...envelope, type: 'task-started', taskType: 'reasoning' } as const;
    const shared = sharedRunOf(
      runOf([
        { ...envelope, type: 'run-planned', tasks: planned },
        { ...started, taskId: 'task-4321' },
      ]),
      { machine: 'm', now: 1 },
    );
    expect(shared.taskCount).toBe(5000);
    expect(shared.tasks).toHaveLength(sharedLimits.tasks);
    expect(shared.tasks.map(({ id }) => id)).toContain('task-4321');
    expect(JSON.stringify(shared).length).toBeLessThan(20_000);
  });

  it('is taken as it is only where it can be true', () => {
    expect(readSharedRun(undefined)).toBeUndefined();
    expect(readSharedRun([])).toBeUndefined();
    expect(readSharedRun({ projectId: '', at: 1, startedAt: 1 })).toBeUndefined();
    expect(
      readSharedRun({
        projectId: 'p',
        at: 1,
        startedAt: 1,
        spentUsd: -5,
        budgetUsd: '9',
        taskCount: 1e99,
        machine: 'build\u202E70',
        models: ['m', 7, '', 'm\u200B'],
        tasks: [{ id: 't', status: 'exploded' }, { id: 'u', status: 'failed', score: 2 }, null],
        ended: { at: 1, status: 'exploded' },
      }),
    ).toMatchObject({
      spentUsd: 0,
      budgetUsd: 0,
      taskCount: 0,
      machine: '',
      models: ['m'],
      tasks: [{ id: 'u', status: 'failed', attempts: [] }],
    });
  });
});
