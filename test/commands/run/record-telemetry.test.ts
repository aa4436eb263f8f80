import { expect, it } from 'vitest';
import { recordTelemetry, tagsAfter } from '../../../source/commands/run/record-telemetry.ts';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { endOfRun } from '../../dashboard/run-view/story.ts';

function recordedOf(alreadyRecorded: string[], times = 1, events: readonly RunEvent[] = endOfRun) {
  const rows: unknown[] = [];
  const calls: unknown[] = [];
  const outcomes: unknown[] = [];
  const tags: unknown[] = [];
  const record = recordTelemetry(
    {
      recordRoutingEvent: (...row) => rows.push(row),
      recordCall: (...call) => calls.push(call),
      recordOutcome: (...outcome) => outcomes.push(outcome),
      recordTags: (...given) => tags.push(given),
    },
    new Set(alreadyRecorded),
  );
  for (let time = 0; time < times; time += 1) events.forEach(record);
  return { rows, calls, outcomes, tags };
}

const recorded = (alreadyRecorded: string[], times = 1): unknown[] =>
  recordedOf(alreadyRecorded, times).rows;

it('records each finished task with its result', () => {
  expect(recorded([])).toEqual([
    [
      'p-7f3a',
      'design',
      {
        taskType: 'complex_reasoning',
        model: 'deepseek-reasoner',
        score: 0.92,
        costUsd: 0.0041,
        iterations: 1,
        deterministicPassed: true,
      },
    ],
  ]);
});

it('records nothing twice, however often an event comes', () => {
  expect(recorded([], 3)).toHaveLength(1);
  expect(recorded(['design'])).toEqual([]);
});

it('offers each call with what it cost, and nothing of what was said in it', () => {
  expect(recordedOf([]).calls).toEqual([
    [
      'p-7f3a',
      {
        callId: '1',
        role: 'generator',
        provider: 'deepseek',
        model: 'deepseek-reasoner',
        taskId: 'design',
        costUsd: 0.0041,
        costEstimated: false,
        latencyMs: 1900,
        outcome: 'ok',
        at: 1000,
      },
    ],
  ]);
});

it.each([
  [true, 1],
  [false, 0],
])('records what the commands of a task found of its result: %j is %i', (tested, value) => {
  const events = endOfRun.map((event) =>
    event.type === 'task-finished' ? { ...event, tested } : event,
  );
  expect(recordedOf([], 2, events).outcomes).toEqual([
    ['p-7f3a', 'design', { source: 'test', value, sampled: 1 }],
  ]);
  expect(recordedOf([]).outcomes).toEqual([]);
});

it('records what a run is called by', () => {
  const tags = { team: 'search' };
  const events = endOfRun.map((event) =>
    event.type === 'run-started' ? { ...event, tags } : event,
  );
  expect(recordedOf([], 1, events).tags).toEqual([['p-7f3a', tags]]);
  expect(recordedOf([]).tags).toEqual([]);
});

it('takes over from a journal only tags that can be recorded', () => {
  const tags = { team: 'search', turned: 'good\u202Edab', 'no name': 'x', version: '3' };
  const started = endOfRun.map((event) =>
    event.type === 'run-started' ? { ...event, tags } : event,
  );
  expect(tagsAfter(started)).toEqual({ team: 'search', version: '3' });
});
