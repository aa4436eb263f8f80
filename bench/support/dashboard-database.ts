import Database from 'better-sqlite3';
import { daySeconds } from '../../source/domain/durations.ts';
import { builtInTaskTypes } from '../../source/domain/task-type.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { openTelemetryStore } from '../../source/telemetry/index.ts';

const day = daySeconds;
const eventsPerRun = 200;

const name = (model: number): string => `provider-${model % 7}/model-${model}`;

/** Makes a telemetry.db of 50 models with so many events over the past 120 days, and snapshots. */
export async function makeDatabase(path: string, events: number, models = 50): Promise<void> {
  // The store makes the tables with its first row.
  const store = openTelemetryStore({ path });
  store.recordRoutingEvent('run-0', 'first', {
    taskType: 'evaluation',
    model: 'provider-0/model-0',
    score: 0.6,
    costUsd: 0.001,
    iterations: 1,
    deterministicPassed: true,
  });
  await store.close();
  const random = seededRandom(events);
  const db = new Database(path);
  const insertEvent = db.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
       cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertSnapshot = db.prepare(
    `INSERT INTO model_snapshots (project_id, model, task_type, quality_score, trust_factor,
       avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
       validator_fail_count, recorded_at) VALUES (?, ?, ?, ?, 1, ?, ?, 0.99, ?, ?, 0, 0, ?)`,
  );
  const now = Date.now() / 1000;
  db.transaction(() => {
    for (let index = 0; index < events; index += 1) {
      const run = Math.floor(index / eventsPerRun);
      const at = now - 120 * day * (1 - index / events);
      const model = Math.floor(random() ** 2 * models);
      const type = builtInTaskTypes[index % builtInTaskTypes.length] ?? 'evaluation';
      const score = Math.min(1, 0.5 + model / (3 * models) + 0.2 * random());
      const cost = 0.0002 * (1 + model) * (0.5 + random());
      insertEvent.run(`run-${run}`, `t${index}`, type, name(model), name(0), score, cost, 1, 1, at);
      if (index % 5 === 0) {
        insertSnapshot.run(`run-${run}`, name(model), type, score, 1500, 4000, cost, 5, at);
      }
    }
  })();
  db.close();
}

/** Adds one finished task of a run of its own, as another process does. */
export function addRun(path: string, projectId: string): void {
  const db = new Database(path);
  db.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
       cost_usd, iterations, det_passed, recorded_at)
     VALUES (?, 't1', 'evaluation', 'provider-1/model-1', NULL, 0.9, 0.01, 1, 1, ?)`,
  ).run(projectId, Date.now() / 1000);
  db.close();
}
