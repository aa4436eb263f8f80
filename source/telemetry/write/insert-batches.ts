import type { Database } from 'better-sqlite3';
import { batchTableOf } from '../database/batch-table.ts';
import { hasUnscoredTable, unscoredTable } from '../database/unscored-table.ts';
import type { Batch } from './rows.ts';

/** Where an event has its score. */
const scoreColumn = 5;

/** Inserts batches that are not there already, in one transaction; of an upgraded database. */
export function prepareWrite(connection: Database): (batches: readonly Batch[]) => void {
  const addBatch = connection.prepare(
    `INSERT OR IGNORE INTO ${batchTableOf(connection) ?? 'written_batches'} (writer, batch)
     VALUES (?, ?)`,
  );
  const addEvent = connection.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, reviewer, score,
       cost_usd, iterations, det_passed, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addSnapshot = connection.prepare(
    `INSERT INTO model_snapshots (project_id, model, task_type, quality_score, trust_factor,
       avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
       validator_fail_count, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // A resumed run offers the calls of its earlier parts again.
  const addCall = connection.prepare(
    `INSERT OR IGNORE INTO model_calls (project_id, call_id, task_id, task_type, attempt, role,
       provider, model, served_model, response_id, subject_model, score, input_tokens,
       cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_usd,
       cost_estimated, latency_ms, outcome, propensity, recorded_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addOutcome = connection.prepare(
    `INSERT INTO outcomes (project_id, task_id, source, value, sampled, note, recorded_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const markEvent = connection.prepare('INSERT INTO unscored_events (event_id) VALUES (?)');
  const markSnapshot = hasUnscoredTable(connection)
    ? connection.prepare(`INSERT INTO ${unscoredTable} (snapshot_id) VALUES (?)`)
    : undefined;

  const add = (batch: Batch): void => {
    // The same batch again: it was written, and only the answer got lost.
    if (addBatch.run(BigInt(batch.writer), batch.number).changes === 0) return;
    for (const event of batch.events) {
      const isUnscored = event[scoreColumn] === null;
      const { lastInsertRowid } = addEvent.run(isUnscored ? event.with(scoreColumn, 0) : event);
      if (isUnscored) markEvent.run(lastInsertRowid);
    }
    for (const [projectId, model, taskType, quality, ...others] of batch.snapshots) {
      const row = [projectId, model, taskType, quality ?? 0, ...others];
      const { lastInsertRowid } = addSnapshot.run(row);
      if (quality === null) markSnapshot?.run(lastInsertRowid);
    }
    for (const call of batch.calls) addCall.run(call);
    for (const outcome of batch.outcomes) addOutcome.run(outcome);
  };
  const write = connection.transaction((batches: readonly Batch[]) => batches.forEach(add));
  return (batches) => write.immediate(batches);
}
