import { describe, expect, it, onTestFinished } from 'vitest';
import { join } from 'node:path';
import type { JudgeStanding } from '../../../source/domain/judge-standing.ts';
import { openInsightReader, openTelemetryStore } from '../../../source/telemetry/index.ts';
import { result, temporaryDirectory } from '../support.ts';

const now = Date.parse('2026-01-10T20:00:00Z') / 1000;

/** What is shown of judges after so many tasks, each judged by all of them. */
async function judgesAfter(
  tasks: number,
  scores: Record<string, (task: number) => number>,
): Promise<readonly JudgeStanding[]> {
  const path = join(temporaryDirectory(), 'telemetry.db');
  const store = openTelemetryStore({ path, now: () => now - 3600 });
  for (let task = 0; task < tasks; task += 1) {
    const taskId = `t${task}`;
    const model = ['able', 'weak'][task % 2] ?? 'able';
    for (const [judge, scoreOf] of Object.entries(scores)) {
      store.recordCall('run', {
        callId: `${judge} ${task}`,
        taskId,
        taskType: 'code_generation',
        attempt: 1,
        role: 'judge',
        provider: judge,
        model: judge,
        subjectModel: model,
        score: scoreOf(task),
        costUsd: judge.length / 1000,
        costEstimated: false,
        latencyMs: 10,
        outcome: 'ok',
      });
    }
    store.recordRoutingEvent('run', taskId, result({ model, costUsd: 0.01 }));
  }
  await store.close();
  const reader = openInsightReader({ path, now: () => now });
  onTestFinished(() => reader.close());
  const reading = reader.read(30);
  return 'insight' in reading ? reading.insight.judges : [];
}

const quality = (task: number): number => (task % 2 === 0 ? 0.9 : 0.7) + 0.01 * (task % 5);

describe('judges', () => {
  it('are told with what they were paid, and how severe they are against one another', async () => {
    const [first, second] = await judgesAfter(60, {
      generous: (task) => quality(task) + 0.04,
      severe: (task) => quality(task) - 0.04,
    });
    expect(first).toMatchObject({ judge: 'generous', judgements: 60, tellsNothing: false });
    expect(first?.costUsd).toBeCloseTo(0.48, 9);
    expect(first?.severity?.estimate).toBeCloseTo(0.04, 2);
    expect(second?.severity?.estimate).toBeCloseTo(-0.04, 2);
    const { low = 0, high = 0, estimate = 0 } = first?.severity ?? {};
    expect(low).toBeLessThan(estimate);
    expect(high).toBeGreaterThan(estimate);
  });

  it('are neither severe nor generous where nobody else judged the same', async () => {
    expect(await judgesAfter(30, { alone: quality })).toMatchObject([
      { judge: 'alone', judgements: 30, severity: null, selfPreference: null },
    ]);
  });

  it('are none where nothing was judged', async () => {
    expect(await judgesAfter(3, {})).toEqual([]);
  });
});
