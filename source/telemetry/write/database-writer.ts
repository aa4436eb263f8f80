import Database, { type Database as Connection } from 'better-sqlite3';
import { isCurrent, isForeign, schemaVersion, upgrade, versionOf } from '../database/schema.ts';
import { classify, telemetryError } from '../database/failure.ts';
import { fileIdentity, prepareDatabaseFile } from '../database/file.ts';
import { prepareWrite } from './insert-batches.ts';
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
