import { expect, it } from 'vitest';
import { recordTelemetry } from '../../../source/commands/run/record-telemetry.ts';
import { endOfRun } from '../../dashboard/run-view/story.ts';

function told(alreadyRecorded: string[], times = 1) {
  const rows: unknown[] = [];
  const calls: unknown[] = [];
  const record = recordTelemetry(
    {
      recordRoutingEvent: (...row) => rows.push(row),
      recordCall: (...call) => calls.push(call),
    },
    new Set(alreadyRecorded),
  );
  for (let time = 0; time < times; time += 1) endOfRun.forEach(record);
  return { rows, calls };
}

const recorded = (alreadyRecorded: string[], times = 1): unknown[] =>
  told(alreadyRecorded, times).rows;

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

it('records nothing twice, however often it is told', () => {
  expect(recorded([], 3)).toHaveLength(1);
  expect(recorded(['design'])).toEqual([]);
});

it('offers each call with what it cost, and nothing of what was said in it', () => {
  expect(told([]).calls).toEqual([
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
