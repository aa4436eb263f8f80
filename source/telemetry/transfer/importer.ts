import type { Database } from 'better-sqlite3';
import { createBuild, type Build } from '../sqlite/build-rollups.ts';
import { openRollupsForWriting } from '../sqlite/rollups.ts';
import { openDatabaseWriter, prepareInserts } from '../write/database-writer.ts';
import { recorded } from '../write/columns.ts';
import type { Row } from '../write/rows.ts';
import { createPresence } from './presence.ts';
import { rowKindOf } from './fact-rows.ts';
import { type Importer, type ImportRows, importRows } from './import-record.ts';

/** Page cache of the writing connection, in KiB: names of records come in any order, and their tree grows large. */
const cacheKib = 64 * 1024;
/** Pages of the log before they are moved into the file: many batches change the same pages. */
const checkpointPages = 16_000;

/** Opens a history for records of a `source`; the file is made with the first commit. */
export function openImporter({
  path,
  source,
  busyTimeoutMs = 2000,
}: {
  path: string;
  source: string;
  busyTimeoutMs?: number;
}): Importer {
  const writer = openDatabaseWriter(path, { busyTimeoutMs });
  let waiting: ImportRows[] = [];
  let prepared:
    | { connection: Database; write: (records: readonly ImportRows[]) => number }
    | undefined;
  let build: (Build & { connection: Database }) | undefined;

  return {
    add(record) {
      const rows = importRows(record);
      if (typeof rows === 'string') return rows;
      waiting.push(rows);
      return undefined;
    },
    get waiting() {
      return waiting.length;
    },
    commit() {
      if (waiting.length === 0) return { added: 0, known: 0 };
      const added = writer.maintain((connection) => {
        if (prepared?.connection !== connection) {
          prepared = { connection, write: prepareImport(connection, source) };
        }
        return prepared.write(waiting);
      });
      const known = waiting.length - added;
      waiting = [];
      return { added, known };
    },
    sumUp() {
      try {
        return writer.maintain((connection) => {
          if (build?.connection !== connection) {
            build?.close();
            const open = () => openRollupsForWriting(path);
            build = { connection, ...createBuild(connection, open, () => Date.now() / 1000) };
          }
          return build.step();
        });
      } catch {
        // Readers do without sums, and the next writer makes them.
        return false;
      }
    },
    close() {
      build?.close();
      writer.close();
    },
  };
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

/** Adds a tag of a task that is not what was said of it last, up to the same time. */
function prepareTag(connection: Database): (row: Row) => void {
  const { table, columns } = recorded.tags;
  const names = columns.map(([column]) => column).join(', ');
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
