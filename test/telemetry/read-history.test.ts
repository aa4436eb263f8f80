import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createHistoryReader,
  openTelemetryStore,
  readHistoryApart,
  type TelemetryStore,
} from '../../source/telemetry/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const databaseFile = (): string => join(temporaryDirectory(), 'telemetry.db');

function record(store: TelemetryStore, task: string, score: number): void {
  store.recordRoutingEvent('run', task, {
    taskType: 'evaluation',
    model: 'glm',
    score,
    costUsd: 0.01,
    iterations: 1,
    deterministicPassed: true,
  });
}

describe('the history read in a thread of its own', () => {
  it('is the one that the store reads', async () => {
    const path = databaseFile();
    const store = openTelemetryStore({ path });
    for (let task = 0; task < 12; task += 1) record(store, `task-${task}`, 0.5 + task / 100);
    const apart = await store.flush().then(() => readHistoryApart(path));
    expect(apart).toMatchObject([
      { model: 'glm', taskType: 'evaluation', profile: { callCount: 12, confidence: 'WARM' } },
    ]);
    const [own] = await store.loadHistory();
    expect(apart[0]?.profile.qualityScore).toBeCloseTo(own?.profile.qualityScore ?? 0, 6);
    await store.close();
  });

  it('is read anew when something was written, and only then', async () => {
    const path = databaseFile();
    const read = createHistoryReader(path, () => 0);
    expect(await read()).toEqual([]);
    const store = openTelemetryStore({ path });
    record(store, 'first', 0.5);
    await store.flush();
    const first = await read();
    expect(first).toMatchObject([{ profile: { callCount: 1 } }]);
    expect(await read()).toBe(first);
    record(store, 'second', 0.5);
    await store.flush();
    expect(await read()).toMatchObject([{ profile: { callCount: 2 } }]);
    await store.close();
  });

  it('is refused with a stable code where there is no database', async () => {
    const path = databaseFile();
    writeFileSync(path, 'no database at all '.repeat(99));
    await expect(readHistoryApart(path)).rejects.toMatchObject({
      name: 'TelemetryError',
      code: 'not-a-database',
    });
  });
});
