import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import {
  batchTableOf,
  isCurrent,
  isForeign,
  schemaVersion,
  upgrade,
  versionOf,
} from '../database/schema.ts';
import { classify, telemetryError } from '../database/failure.ts';
import {
  type DatabaseFiles,
  databaseFiles,
  fileIdentity,
  isDeleted,
  prepareDatabaseFile,
  removeSidesOf,
} from '../database/file.ts';
import {
  type Batch,
  columnNames,
  recorded,
  type Row,
  type RowKind,
  rowKinds,
} from '../database/columns.ts';
import { type FactTable, hasFactTable } from '../database/fact-tables.ts';

/** How long a write waits for another writer before it goes to the spool instead, in milliseconds. */
const busyTimeoutMs = 2000;

/** The one writing connection of a store. Throws {@link TelemetryError}s; every call may be tried again. */
export type DatabaseWriter = {
  /**
   * Puts those batches into the tables that are not there already, in one transaction. They survive the
   * death of the process, and the file's being moved away meanwhile: then they are where it went, or, if
   * it was deleted, in the new file at its path.
   */
  write(batches: readonly Batch[]): void;
  /** Runs an action on the connection, opened or reopened as needed. */
  maintain<Result>(action: (connection: Connection) => Result): Result;
  /** Lets go of a file that was moved away, so that all that was written is in it; opens nothing. */
  tend(): void;
  close(): void;
};

type Open = {
  connection: Connection;
  files: DatabaseFiles;
  write: (batches: readonly Batch[]) => void;
};

export function openDatabaseWriter(
  path: string,
  options: { busyTimeoutMs?: number } = {},
): DatabaseWriter {
  let open: Open | undefined;

  /** Whether what is open is what lies at the path: a file may be moved, deleted or replaced at any time. */
  const isCurrentFile = ({ files }: Open): boolean =>
    files.database === fileIdentity(path) && files.sides[0] === fileIdentity(`${path}-wal`);

  const close = (): void => {
    const closing = open;
    open = undefined;
    if (closing === undefined) return;
    if (isCurrentFile(closing)) closing.connection.close();
    else abandon(path, closing);
  };

  const ensureOpen = (): Open => {
    if (open !== undefined && !isCurrentFile(open)) close();
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
    write: (batches) =>
      guarded((opened) => {
        opened.write(batches);
        if (isCurrentFile(opened) || !wasDeleted(opened)) return;
        // They went with the file: once more, into the one that takes its place.
        ensureOpen().write(batches);
      }),
    maintain: (action) => guarded(({ connection }) => action(connection)),
    tend() {
      if (open !== undefined && !isCurrentFile(open)) close();
    },
    close,
  };
}

const wasDeleted = ({ files }: Open): boolean =>
  files.database !== undefined && isDeleted(files.database);

/**
 * Closes a database that is not at its path any more. SQLite then leaves the last commits in the `-wal`
 * file at the old path, where nobody would look for them: first they go into the file itself.
 */
function abandon(path: string, opened: Open): void {
  try {
    const isMoved = opened.files.database !== fileIdentity(path);
    // Another log beside the same file belongs to others, who have gone on from what is in the file.
    const isAlone = isMoved || fileIdentity(`${path}-wal`) === undefined;
    if (isAlone && !wasDeleted(opened)) opened.connection.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // Locked by someone else who has it open, and whose close does it.
  }
  try {
    // While they are open: the number of a file that is gone may be given to a new one, and then name that.
    removeSidesOf(path, opened.files);
  } finally {
    opened.connection.close();
  }
}

function openConnection(path: string, timeout: number): Open {
  prepareDatabaseFile(path, (emptyFile) => {
    const connection = new Database(emptyFile, { timeout });
    try {
      prepareConnection(connection);
      // Closing would bring the log into the file as well, and say nothing where the disk is full.
      connection.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      connection.close();
    }
  });
  // Before it is opened: whatever changes from here on is noticed.
  const database = fileIdentity(path);
  const connection = new Database(path, { timeout, fileMustExist: true });
  try {
    if (versionOf(connection) > schemaVersion) throw telemetryError('newer-schema', path);
    // Its log is opened by now, by its name: it must not be the one of a file that took this one's place.
    if (fileIdentity(path) !== database) throw telemetryError('locked', path);
    // Before anything of the file changes.
    if (isForeign(connection, 'writing')) throw telemetryError('not-a-database', path);
    prepareConnection(connection);
    const write = prepareWrite(connection);
    const files = databaseFiles(path);
    // What lies beside the path by now may be another file's.
    if (files.database !== database || fileIdentity(path) !== database) {
      throw telemetryError('locked', path);
    }
    return { connection, files, write };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Commits survive the death of the process; a power cut may cost the last ones, never the file. */
function prepareConnection(connection: Connection): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  if (!isCurrent(connection)) upgrade(connection);
}

/** Inserts batches that are not there already, in one transaction; of an upgraded database. */
export function prepareWrite(connection: Connection): (batches: readonly Batch[]) => void {
  const addBatch = connection.prepare(
    `INSERT OR IGNORE INTO ${batchTableOf(connection) ?? 'written_batches'} (writer, batch)
     VALUES (?, ?)`,
  );
  const add = prepareInserts(connection);
  const write = connection.transaction((batches: readonly Batch[]) => {
    for (const batch of batches) {
      const { writer, number } = batch.once ?? batch;
      // The same batch again: it was written, and only the answer got lost.
      if (addBatch.run(BigInt(writer), number).changes === 0) continue;
      for (const kind of rowKinds) batch[kind].forEach(add[kind]);
    }
  });
  return (batches) => write.immediate(batches);
}

/** Inserts one row of each kind; within a transaction of an upgraded database. */
export function prepareInserts(connection: Connection): Record<RowKind, (row: Row) => void> {
  const insert = (kind: RowKind): Statement<[Row]> => {
    const names = columnNames(kind);
    // A resumed run offers the calls of its earlier parts again.
    return connection.prepare(
      `INSERT ${kind === 'calls' ? 'OR IGNORE ' : ''}INTO ${recorded[kind].table} (${names.join(', ')})
       VALUES (${names.map(() => '?').join(', ')})`,
    );
  };
  /** The two tables of the original have no null for what nobody judged: it is 0, and the row noted elsewhere. */
  const insertScored = (kind: RowKind, note: FactTable) => {
    const statement = insert(kind);
    const score = columnNames(kind).indexOf(recorded[kind].score ?? '');
    const mark = hasFactTable(connection, note)
      ? connection.prepare(`INSERT INTO ${note} VALUES (?)`)
      : undefined;
    return (row: Row): void => {
      const isUnscored = row[score] === null;
      const { lastInsertRowid } = statement.run(isUnscored ? row.with(score, 0) : row);
      if (isUnscored) mark?.run(lastInsertRowid);
    };
  };
  const calls = insert('calls');
  const outcomes = insert('outcomes');
  const tags = insert('tags');
  return {
    events: insertScored('events', 'unscored_events'),
    snapshots: insertScored('snapshots', 'unscored_snapshots'),
    calls: (row) => void calls.run(row),
    outcomes: (row) => void outcomes.run(row),
    tags: (row) => void tags.run(row),
  };
}
