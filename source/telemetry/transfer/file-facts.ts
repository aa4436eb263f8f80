import type { Database } from 'better-sqlite3';
import { type FactTable, hasFactTable } from '../database/fact-tables.ts';
import { classify, telemetryError } from '../database/failure.ts';
import { openForReading } from '../database/open-for-reading.ts';
import { isForeign, tablesOf } from '../database/schema.ts';
import { createTagging, tagsInFile, tagWordsSql } from './fact-tags.ts';
import { type FactKind, factOf, type FactRow, type Facts, fieldsOf, tableOf } from './facts.ts';

/** How long a lock of another program is waited for. */
const busyTimeoutMs = 5000;
/** Facts between two turns of the event loop. */
const pageLength = 1000;

/**
 * Opens a history for reading all of it: this program's, or the original's, which has two of the tables. Throws
 * {@link TelemetryError}s.
 */
export function openFileFacts(path: string): Facts {
  const files = openForReading(path, busyTimeoutMs);
  const { connection } = files;
  const tables = tablesOf(connection);
  const isThere = (kind: FactKind): boolean => tables.has(tableOf(kind).table);
  if ((!isThere('task') && !isThere('snapshot')) || isForeign(connection, 'reading')) {
    files.close();
    throw telemetryError('not-a-database', path);
  }
  const guarded = <Result>(read: () => Result): Result => {
    try {
      return read();
    } catch (error) {
      throw classify(error, path, 'reading');
    }
  };
  const countOf = (kind: FactKind): number =>
    Number(
      connection
        .prepare(`SELECT count(*) FROM ${tableOf(kind).table}`)
        .pluck()
        .get(),
    );
  return {
    count: async (kinds) =>
      guarded(() => kinds.filter(isThere).reduce((sum, kind) => sum + countOf(kind), 0)),
    isTagged: async () => guarded(() => tagsInFile(connection) !== undefined),
    tagWords: async (name) =>
      guarded(() => {
        if (!hasFactTable(connection, 'task_tags')) return [];
        const [sql, values] = tagWordsSql('task_tags', '?', name);
        return connection
          .prepare<string[], string>(sql)
          .pluck()
          .all(...values);
      }),
    async *pages(kinds, filter = []) {
      // One state of all tables.
      connection.exec('BEGIN');
      try {
        const tagging = createTagging(tagsInFile(connection), filter);
        let page: FactRow[] = [];
        for (const kind of kinds.filter(isThere)) {
          for (const fact of rowsOf(connection, kind)) {
            const tagged = tagging(fact);
            if (tagged === undefined) continue;
            page.push(Object.assign(fact, tagged));
            if (page.length < pageLength) continue;
            yield page;
            page = [];
          }
        }
        yield page;
      } catch (error) {
        throw classify(error, path, 'reading');
      } finally {
        guarded(() => connection.exec('COMMIT'));
      }
    },
    close: async () => files.close(),
  };
}

/** Where it is noted that the 0 of a score means that nobody judged. */
const notes: Partial<Record<FactKind, { note: FactTable; id: string }>> = {
  task: { note: 'unscored_events', id: 'event_id' },
  snapshot: { note: 'unscored_snapshots', id: 'snapshot_id' },
};

function* rowsOf(connection: Database, kind: FactKind): Generator<FactRow> {
  const { table, columns, score } = tableOf(kind);
  const { note, id } = notes[kind] ?? {};
  const hasNotes = note !== undefined && hasFactTable(connection, note);
  const selected = columns.map(([column]) =>
    hasNotes && column === score
      ? `CASE WHEN ${column} = 0 AND EXISTS (SELECT 1 FROM ${note} WHERE ${id} = ${table}.id) THEN NULL ELSE ${column} END`
      : column,
  );
  const described = fieldsOf(kind);
  const rows = connection
    .prepare<[], (string | number | Buffer | null)[]>(
      `SELECT id, ${selected.join(', ')} FROM ${table} ORDER BY id`,
    )
    .raw();
  for (const row of rows.iterate()) yield factOf(kind, described, row);
}
