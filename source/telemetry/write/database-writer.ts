import Database, { type Database as Connection } from 'better-sqlite3';
import { batchTableOf } from '../database/batch-table.ts';
import { isCurrent, isForeign, schemaVersion, upgrade, versionOf } from '../database/schema.ts';
import { classify, telemetryError } from '../database/failure.ts';
import { fileIdentity, prepareDatabaseFile } from '../database/file.ts';
import { hasUnscoredTable, unscoredTable } from '../database/unscored-table.ts';
import type { Batch } from './rows.ts';

/** How long a write waits for another writer before it goes to the spool instead, in milliseconds. */
const busyTimeoutMs = 2000;

/** The one writing connection of a store. Throws {@link TelemetryError}s; every call may be tried again. */
export type DatabaseWriter = {
  /** Puts those batches into the tables that are not there already, in one transaction; durable against the process's death. */
  write(batches: readonly Batch[]): void;
  /** Runs an action on the connection, opened or reopened as needed. */
  maintain<Result>(action: (connection: Connection) => Result): Result;
  close(): void;
};

type Open = {
  connection: Connection;
  identity: string | undefined;
  write: DatabaseWriter['write'];
};

export function openDatabaseWriter(
  path: string,
  options: { busyTimeoutMs?: number } = {},
): DatabaseWriter {
  let open: Open | undefined;

  const close = (): void => {
    const closing = open;
    open = undefined;
    closing?.connection.close();
  };

  const ensureOpen = (): Open => {
    // A file that was replaced or deleted leaves this connection writing into nowhere.
    if (open !== undefined && open.identity !== fileIdentity(path)) close();
    open ??= openConnection(path, options.busyTimeoutMs ?? busyTimeoutMs);
    return open;
  };

  const guarded = <Result>(action: (opened: Open) => Result): Result => {
    try {
      return action(ensureOpen());
    } catch (error) {
      const failure = classify(error, path, 'writing');
      // A lock passes by itself; anything else deserves a fresh connection next time.
      if (failure.code !== 'locked') {
        try {
          close();
        } catch {
          // The first failure is the one to report.
          open = undefined;
        }
      }
      throw failure;
    }
  };

  return {
    write: (batches) => guarded(({ write }) => write(batches)),
    maintain: (action) => guarded(({ connection }) => action(connection)),
    close,
  };
}

function openConnection(path: string, timeout: number): Open {
  prepareDatabaseFile(path);
  const connection = new Database(path, { timeout });
  try {
    if (versionOf(connection) > schemaVersion) throw telemetryError('newer-schema', path);
    // Before anything of the file changes.
    if (isForeign(connection, 'writing')) throw telemetryError('not-a-database', path);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    if (!isCurrent(connection)) upgrade(connection);
    return { connection, identity: fileIdentity(path), write: prepareWrite(connection) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function prepareWrite(connection: Connection): DatabaseWriter['write'] {
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
  const addUnscored = hasUnscoredTable(connection)
    ? connection.prepare(`INSERT INTO ${unscoredTable} (snapshot_id) VALUES (?)`)
    : undefined;
  const add = (batch: Batch): void => {
    // The same batch again: it was written, and only the answer got lost.
    if (addBatch.run(BigInt(batch.writer), batch.number).changes === 0) return;
    for (const event of batch.events) addEvent.run(event);
    for (const [projectId, model, taskType, quality, ...others] of batch.snapshots) {
      const row = [projectId, model, taskType, quality ?? 0, ...others];
      const { lastInsertRowid } = addSnapshot.run(row);
      if (quality === null) addUnscored?.run(lastInsertRowid);
    }
  };
  const write = connection.transaction((batches: readonly Batch[]) => batches.forEach(add));
  return (batches) => write.immediate(batches);
}
