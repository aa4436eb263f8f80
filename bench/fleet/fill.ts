import type { Connector } from '../../source/telemetry/postgres/connector.ts';
import { daySeconds } from '../../source/domain/durations.ts';
import { sumUpAll } from '../../source/telemetry/postgres/administration.ts';

const tasksPerRun = 100;
const runsPerStatement = 1000;

/**
 * A year of a fleet's history, ending now: 12 models on 7 task types, runs of 100 tasks with 20 snapshots.
 * Written by the server itself; a transaction is one part of it, as if many had written.
 */
export async function fillYear(connector: Connector, events: number, now: number): Promise<void> {
  await fillRows(connector, events, now);
  await sumUpAll(connector, { now: () => now, onStep: () => undefined });
}

/** The rows alone; goes on where an earlier call was cut off. */
export async function fillRows(connector: Connector, events: number, now: number): Promise<void> {
  const { schema } = connector.address;
  const year = 365 * daySeconds;
  const runs = Math.ceil(events / tasksPerRun);
  await connector.use((session) =>
    session.rows(`SELECT ${schema}.prepare_months($1, $2)`, [now - year, now + 90 * daySeconds]),
  );
  const [[filled] = [null]] = await connector.use((session) =>
    session.rows<[number | null]>(`SELECT max(number) FROM ${schema}.batches WHERE writer = 1`),
  );
  const begin = filled === null ? 0 : filled + runsPerStatement;
  if (begin >= runs) return;
  for (let first = begin; first < runs; first += runsPerStatement) {
    const last = Math.min(runs, first + runsPerStatement) - 1;
    const start = `${now - year} + (run + 0.5) / ${runs} * ${year - 600}`;
    await connector.use((session) =>
      session.rows(
        `WITH fresh AS (INSERT INTO ${schema}.batches (writer, number) VALUES (1, ${first})),
         events AS (INSERT INTO ${schema}.routing_events (project_id, task_id, task_type, model_chosen, reviewer,
           score, cost_usd, iterations, det_passed, recorded_at)
         SELECT 'project-' || run, 'task_' || task, 'type-' || (hashint4(run * 100 + task) & 1023) % 7,
           'model-' || (hashint4(run * 100 + task + 7) & 1023) % 12, 'model-1',
           (hashint4(task * 31 + run) & 1023) / 1023.0, (hashint4(task + run) & 1023) / 50000.0, 1 + task % 3,
           1, ${start} + task * 6
         FROM generate_series(${first}, ${last}) run, generate_series(0, ${tasksPerRun - 1}) task)
         INSERT INTO ${schema}.model_snapshots (project_id, model, task_type, quality_score, trust_factor,
           avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
           validator_fail_count, recorded_at)
         SELECT 'project-' || run, 'model-' || (run + one) % 12, 'type-' || (run * 5 + one) % 7,
           (hashint4(run + one) & 1023) / 1023.0, 1, 900, 2000, 1, 0.01, 5, 0, 0, ${start} + 600
         FROM generate_series(${first}, ${last}) run, generate_series(0, 19) one`,
      ),
    );
  }
  // As the server does by itself after a while: what is not summarised yet is read in full.
  for (const table of ['routing_events', 'model_snapshots']) {
    await connector.use((session) => session.rows(`VACUUM (ANALYZE) ${schema}.${table}`));
  }
}
