import type { Database } from 'better-sqlite3';
import { classify, telemetryError } from '../database/failure.ts';
import { fileIdentity, fingerprint } from '../database/file.ts';
import { type Connect, openForReading, type ReadConnection } from '../database/open-for-reading.ts';
import { isForeign, schemaVersion, standIn, tablesOf, versionOf } from '../database/schema.ts';
import { createPast, type Past } from './past.ts';
import { openRollups, type Rollups } from './rollups.ts';

/** A database that is open for reading, with what was summed up of it so far. */
export type OpenDatabase = {
  connection: Database;
  past: Past;
  /** Set where a newer program wrote the file. */
  newerSchema?: number;
};

export type ConnectionOptions = {
  /** How long a read waits for a lock. */
  busyTimeoutMs: number;
  connect?: Connect;
  /** Opens the kept sums of the database, where not those beside it are wanted. */
  openSums?: () => Rollups | undefined;
};

/** One database for reading, reopened when the file is replaced. Throws {@link TelemetryError}s. */
export type HistoryConnection = {
  /** Changes with whatever is committed, or with the file; cheap, and never throws. */
  mark(): string;
  /** Runs `action` on the open database. */
  use<Result>(action: (open: OpenDatabase) => Result): Result;
  close(): void;
};

type State = {
  files: ReadConnection;
  open: OpenDatabase;
  identity: string | undefined;
  /** Whether what was opened knows nothing of later commits: a copy, or tables that stand in for missing ones. */
  frozen: boolean;
  /** What the file looked like then. */
  original: string;
  /** Changes with every commit of another connection. */
  readVersion: () => number;
};

export function openConnection(
  path: string,
  { busyTimeoutMs, connect, openSums = () => openRollups(path) }: ConnectionOptions,
): HistoryConnection {
  let state: State | undefined;
  /** How often the file was opened: another opening counts commits anew. */
  let openings = 0;

  const close = (): void => {
    const closing = state;
    state = undefined;
    try {
      closing?.open.past.close();
      closing?.files.close();
    } catch {
      // It is left behind either way.
    }
  };

  const isStale = ({ identity, frozen, original }: State): boolean =>
    identity !== fileIdentity(path) || (frozen && original !== fingerprint(path));

  const start = (): State => {
    // Before anything is read: what changes from here on is noticed.
    const identity = fileIdentity(path);
    const original = fingerprint(path);
    const files = openForReading(path, busyTimeoutMs, connect);
    try {
      const { connection } = files;
      const tables = tablesOf(connection);
      const missing = ['routing_events', 'model_snapshots'].filter((name) => !tables.has(name));
      if (missing.length === 2 && tables.size > 0) throw telemetryError('not-a-database', path);
      if (isForeign(connection, 'reading')) throw telemetryError('not-a-database', path);
      // A file of zero bytes, or one that a writer is just setting up, has no tables at all.
      standIn(connection, missing);
      const version = versionOf(connection);
      return {
        files,
        open: {
          connection,
          past: createPast(connection, openSums),
          ...(version > schemaVersion ? { newerSchema: version } : {}),
        },
        identity,
        frozen: files.copied || missing.length > 0,
        original,
        readVersion: versionReader(connection),
      };
    } catch (error) {
      files.close();
      throw classify(error, path, 'reading');
    }
  };

  return {
    mark() {
      try {
        if (state === undefined) return `closed ${fingerprint(path)}`;
        const { identity, frozen, readVersion } = state;
        if (identity !== fileIdentity(path)) return 'replaced';
        return `${openings} ${frozen ? fingerprint(path) : readVersion()}`;
      } catch {
        return 'unreadable';
      }
    },
    use(action) {
      try {
        if (state !== undefined && isStale(state)) close();
        if (state === undefined) {
          state = start();
          openings += 1;
        }
        return action(state.open);
      } catch (error) {
        const failure = classify(error, path, 'reading');
        if (failure.code !== 'locked') close();
        throw failure;
      }
    },
    close,
  };
}

function versionReader(connection: Database): () => number {
  const statement = connection.prepare<[], number>('PRAGMA data_version').pluck();
  return () => statement.get() ?? 0;
}
