import Database from 'better-sqlite3';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskResult } from '../../source/domain/task-result.ts';
import { upgrade } from '../../source/telemetry/database/schema.ts';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { type Figure, figure, quantile } from './measure.ts';

const result = (task: number): TaskResult => ({
  taskType: 'code_generation',
  model: `model-${task % 12}`,
  reviewer: 'model-1',
  score: 0.5 + (task % 50) / 100,
  costUsd: 0.002,
  iterations: 2,
  deterministicPassed: true,
});

/** What one record costs its caller, in microseconds. */
export async function callerCost(directory: string): Promise<Figure[]> {
  const store = openTelemetryStore({ path: join(directory, 'caller.db') });
  const taken: number[] = [];
  for (let task = 0; task < 60_000; task += 1) {
    const outcome = result(task);
    const start = performance.now();
    store.recordRoutingEvent('project', `task-${task}`, outcome);
    taken.push((performance.now() - start) * 1000);
    if (task % 100 === 99) await pause(1);
  }
  await store.close();
  const warm = taken.slice(5000);
  return [
    figure('recordRoutingEvent, median', quantile(warm, 0.5), { most: 2, unit: ' µs' }),
    figure('recordRoutingEvent, p99', quantile(warm, 0.99), { most: 50, unit: ' µs' }),
  ];
}

/** How much 5,000 records per second delay the event loop, beside the same seconds without any. */
export async function loopDelay(directory: string, seconds: number): Promise<Figure> {
  const during = async (recordsPerTick: number): Promise<number> => {
    const store = openTelemetryStore({ path: join(directory, `loop-${recordsPerTick}.db`) });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    await pause(300);
    delay.enable();
    let task = 0;
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      for (let index = 0; index < recordsPerTick; index += 1) {
        task += 1;
        store.recordRoutingEvent('project', `task-${task}`, result(task));
      }
      await pause(10);
    }
    delay.disable();
    await store.close();
    return delay.percentile(99) / 1e6;
  };
  const idle = await during(0);
  const busy = await during(50);
  return figure('event-loop delay added at 5,000 records/s, p99', Math.max(0, busy - idle), {
    most: 2,
    unit: ' ms',
  });
}

/** Records per second to disk, as a share of the same rows inserted in batches by one thread. */
export async function sustainedRate(directory: string, records: number): Promise<Figure> {
  const raw = (name: string): number => {
    const database = new Database(join(directory, name));
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    upgrade(database);
    const insert = database.prepare(
      `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
         cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const start = performance.now();
    for (let task = 0; task < records; task += 500) {
      database.transaction(() => {
        for (let index = task; index < task + 500; index += 1) {
          const { taskType, model, score, costUsd } = result(index);
          const at = Date.now() / 1000;
          insert.run(
            'project',
            `task-${index}`,
            taskType,
            model,
            'model-1',
            score,
            costUsd,
            2,
            1,
            at,
          );
        }
      })();
    }
    const rate = (records / (performance.now() - start)) * 1000;
    database.close();
    return rate;
  };
  const queued = async (name: string): Promise<number> => {
    const store = openTelemetryStore({ path: join(directory, name) });
    store.recordRoutingEvent('project', 'first', result(0));
    await store.flush();
    const start = performance.now();
    for (let task = 0; task < records; task += 1) {
      store.recordRoutingEvent('project', `task-${task}`, result(task));
      if (task % 5000 === 4999) await store.flush();
    }
    await store.flush();
    const rate = (records / (performance.now() - start)) * 1000;
    await store.close();
    return rate;
  };
  // The best of each: what else the machine does makes either slower, and neither faster.
  const best = { raw: 0, queued: 0 };
  for (let round = 0; round < 5; round += 1) {
    best.raw = Math.max(best.raw, raw(`raw-${round}.db`));
    best.queued = Math.max(best.queued, await queued(`queued-${round}.db`));
  }
  return figure('sustained rate against raw batched inserts', best.queued / best.raw, {
    least: 0.8,
    unit: ' ×',
  });
}
