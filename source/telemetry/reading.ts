import type { Database } from 'better-sqlite3';
import { classify, telemetryError } from './database/failure.ts';
import { fileIdentity, fingerprint } from './database/file.ts';
import { type Connect, openForReading, type ReadConnection } from './database/open-for-reading.ts';
import { isForeign, schemaVersion, standIn, tablesOf, versionOf } from './database/schema.ts';
import { createTimelineReader, type TimelineReader } from './timeline/timeline-reader.ts';

/** A database that is open for reading, with what was summed up of it so far. */
export type OpenReading = {
  connection: Database;
  reader: TimelineReader;
  /** Set where a newer program wrote the file. */
  newerSchema?: number;
};

/** One database for reading, reopened when the file is replaced. Throws {@link TelemetryError}s. */
export type Reading = {
  /** Whether anything was committed, or the file changed, since the last {@link use}; cheap. */
  changed(): boolean;
  /** Runs `action` on the open database. */
  use<Result>(action: (open: OpenReading) => Result): Result;
  close(): void;
};

type State = {
  files: ReadConnection;
  open: OpenReading;
  identity: string | undefined;
  /** Whether what was opened knows nothing of later commits: a copy, or tables that stand in for missing ones. */
  frozen: boolean;
  /** What the file looked like then. */
  original: string;
  /** Changes with every commit of another connection. */
  readVersion: () => number;
  seenVersion: number;
};

export function createReading(path: string, busyTimeoutMs: number, connect?: Connect): Reading {
  let state: State | undefined;

  const close = (): void => {
    const closing = state;
    state = undefined;
    try {
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
          reader: createTimelineReader(connection),
          ...(version > schemaVersion ? { newerSchema: version } : {}),
        },
        identity,
        frozen: files.copied || missing.length > 0,
        original,
        readVersion: versionReader(connection),
        seenVersion: -1,
      };
    } catch (error) {
      files.close();
      throw classify(error, path, 'reading');
    }
  };

  return {
    changed() {
      if (state === undefined) return true;
      try {
        return isStale(state) || state.readVersion() !== state.seenVersion;
      } catch {
        return true;
      }
    },
    use(action) {
      try {
        if (state !== undefined && isStale(state)) close();
        state ??= start();
        const seen = state.readVersion();
        const result = action(state.open);
        state.seenVersion = seen;
        return result;
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
