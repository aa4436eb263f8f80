import type { Database } from 'better-sqlite3';
import { columnNames, recorded, type Row } from '../database/columns.ts';
import { createBuild, type Build } from '../sqlite/build-rollups.ts';
import { openRollupsForWriting } from '../sqlite/rollups.ts';
import { openDatabaseWriter, prepareInserts } from '../write/database-writer.ts';
import { type FactKind, rowKindOf, tableOf } from './facts.ts';
import { createImporter, identifying, type Importer, type ImportRows } from './records.ts';

/** How long a lock of another program is waited for. */
const busyTimeoutMs = 2000;
/** Page cache of the writing connection, in KiB: names of records come in any order, and their tree grows large. */
const cacheKib = 64 * 1024;
/** Pages of the log before they are moved into the file: many batches change the same pages. */
const checkpointPages = 16_000;

/** Opens a history for records of a `source`; the file is made with the first commit. */
export function openFileImporter(path: string, source: string): Importer {
  const writer = openDatabaseWriter(path, { busyTimeoutMs });
  let prepared:
    | { connection: Database; write: (records: readonly ImportRows[]) => number }
    | undefined;
  let build: (Build & { connection: Database }) | undefined;

  return createImporter({
    write: (records) =>
      writer.maintain((connection) => {
        if (prepared?.connection !== connection) {
          prepared = { connection, write: prepareImport(connection, source) };
        }
        return prepared.write(records);
      }),
    sumUp: () =>
      writer.maintain((connection) => {
        if (build?.connection !== connection) {
          build?.close();
          const open = () => openRollupsForWriting(path);
          build = { connection, ...createBuild(connection, open, () => Date.now() / 1000) };
        }
        return build.step();
      }),
    close() {
      build?.close();
      writer.close();
    },
  });
}

/** Some of the records are there already. */
class SomeKnown extends Error {}

/** How many of the records are new, and written now. */
function prepareImport(
  connection: Database,
  source: string,
): (records: readonly ImportRows[]) => number {
  connection.pragma(`cache_size = -${cacheKib}`);
  connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  const insert = prepareInserts(connection);
  const addName = connection.prepare<[string, string]>(
    'INSERT OR IGNORE INTO imported (source, source_id) VALUES (?, ?)',
  );
  const addNames = connection.prepare<[string, string]>(
    'INSERT OR IGNORE INTO imported (source, source_id) SELECT ?, value FROM json_each(?)',
  );
  const isPresent = createPresence(connection);
  const addTag = prepareTag(connection);
  /** Adds the names of all at once; whether each of them was new. Else nothing is changed. */
  const addAllNames = connection.transaction((records: readonly ImportRows[]): void => {
    // In their order, so that neighbours meet in one page.
    const names = records.map(({ sourceId }) => sourceId).toSorted();
    const { changes } = addNames.run(source, JSON.stringify(names));
    if (changes < records.length) throw new SomeKnown();
  });
  /** Those whose names are new. */
  const unknown = (records: readonly ImportRows[]): readonly ImportRows[] => {
    try {
      addAllNames(records);
      return records;
    } catch (error) {
      if (!(error instanceof SomeKnown)) throw error;
      return records.filter(({ sourceId }) => addName.run(source, sourceId).changes > 0);
    }
  };
  const write = connection.transaction((records: readonly ImportRows[]) => {
    let added = 0;
    for (const { kind, row, call, isCopy } of unknown(records)) {
      if (isCopy && isPresent(kind, row)) continue;
      insert[rowKindOf[kind]](row);
      if (call !== undefined) insert.calls(call);
      added += 1;
    }
    for (const { tags } of records) tags?.forEach(addTag);
    return added;
  });
  return (records) => write.immediate(records);
}

/**
 * Whether a history had a row before it was opened for importing: a copy of what it has itself counts once,
 * though it was recorded and never imported. Rows that came since are told by their names alone, so that
 * equal ones of one file all count.
 */
function createPresence(connection: Database): (kind: FactKind, row: Row) => boolean {
  const seekers = new Map<FactKind, (row: Row) => boolean>();
  return (kind, row) => {
    let seek = seekers.get(kind);
    if (seek === undefined) seekers.set(kind, (seek = seekerOf(connection, kind)));
    return seek(row);
  };
}

function seekerOf(connection: Database, kind: FactKind): (row: Row) => boolean {
  const { table } = tableOf(kind);
  const columns = columnNames(rowKindOf[kind]);
  if (kind === 'outcome') {
    // People's marks: few enough to keep.
    const rows = connection
      .prepare(`SELECT ${columns.join(', ')} FROM ${table}`)
      .raw()
      .iterate();
    const known = new Set([...rows].map((row) => JSON.stringify(row)));
    return (row) => known.has(JSON.stringify(row));
  }
  const last = Number(
    connection.prepare(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get(),
  );
  const places = identifying[kind].map((name) => columns.indexOf(name));
  const where = identifying[kind].map((name) => `${name} IS ?`).join(' AND ');
  const statement = connection.prepare(`SELECT 1 FROM ${table} WHERE ${where} AND id <= ?`);
  return (row) =>
    last > 0 && statement.get(...places.map((place) => row[place]), last) !== undefined;
}

/** Adds a tag of a task that is not what was said of it last, up to the same time. */
function prepareTag(connection: Database): (row: Row) => void {
  const { table } = recorded.tags;
  const names = columnNames('tags').join(', ');
  const last = connection.prepare(
    `SELECT tag_value FROM ${table} WHERE project_id = ? AND task_id IS ? AND tag_name = ?
       AND recorded_at <= ? ORDER BY recorded_at DESC, id DESC LIMIT 1`,
  );
  const add = connection.prepare<[Row]>(`INSERT INTO ${table} (${names}) VALUES (?, ?, ?, ?, ?)`);
  return (row) => {
    const [projectId, taskId, name, value, at] = row;
    if (last.pluck().get(projectId, taskId, name, at) !== value) add.run(row);
  };
}
