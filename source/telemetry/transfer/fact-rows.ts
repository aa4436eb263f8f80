import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { TagFilter } from '../../domain/tags.ts';
import { type FactTable, hasFactTable } from '../database/fact-tables.ts';
import { openForReading } from '../database/open-for-reading.ts';
import { isForeign, tablesOf } from '../database/schema.ts';
import { classify, telemetryError } from '../database/failure.ts';
import { typeOf } from '../postgres/columns.ts';
import { isFlag, recorded } from '../write/columns.ts';
import type { RowKind } from '../write/rows.ts';
import { createTagging, tagsInFile, tagWordsSql } from './fact-tags.ts';

/** The kinds of facts by the names that they have in files, in the order of a file. */
export const factKinds = ['task', 'snapshot', 'call', 'outcome', 'tag'] as const;
export type FactKind = (typeof factKinds)[number];

export const rowKindOf: Record<FactKind, RowKind> = {
  task: 'events',
  snapshot: 'snapshots',
  call: 'calls',
  outcome: 'outcomes',
  tag: 'tags',
};

/** The one field that files name otherwise than records do. */
const fileName = (field: string): string => (field === 'recordedAt' ? 'at' : field);

export type FieldType = 'text' | 'integer' | 'number' | 'flag';

/** The fields of a kind in files with what is in them, in the order of their columns. */
export function fieldsOf(kind: FactKind): { name: string; type: FieldType }[] {
  return recorded[rowKindOf[kind]].columns.map(([column, field, check]) => {
    const type = typeOf(column);
    const plain = type === 'float8' ? 'number' : type;
    return { name: fileName(field), type: check === isFlag ? 'flag' : plain };
  });
}

/** A recorded fact: its fields by the names they have in files; null where nothing is known. */
export type FactRow = {
  kind: FactKind;
  /** Names it wherever it is carried to, as long as its history is not rewritten. */
  sourceId: string;
  fields: Record<string, string | number | boolean | null>;
  /** Of a finished task or a request, where it has any. */
  tags?: ReadonlyMap<string, string>;
};

export type FactRows = {
  /** How many there are; takes some milliseconds per 100,000. */
  count(kinds: readonly FactKind[]): number;
  /** Whether anything is tagged. */
  isTagged(): boolean;
  /** The names of all tags in order, or the values that one of them has. */
  tagWords(name?: string): string[];
  /** All of these kinds that meet a filter, in the order in which they were recorded, as they were at the first. */
  rows(kinds: readonly FactKind[], filter?: TagFilter): Generator<FactRow>;
  close(): void;
};

/** All that a history holds, whatever keeps it. Rejects with {@link TelemetryError}s. */
export type Facts = {
  /** How many there are; of a long history on a server about. */
  count(kinds: readonly FactKind[]): Promise<number>;
  /** Whether anything is tagged. */
  isTagged(): Promise<boolean>;
  /** The names of all tags in order, or the values that one of them has. */
  tagWords(name?: string): Promise<string[]>;
  /** All of these kinds that meet a filter, in the order in which they were recorded, in pieces of one state. */
  pages(kinds: readonly FactKind[], filter: TagFilter): AsyncGenerator<readonly FactRow[]>;
  close(): Promise<void>;
};

/** How long a lock of another program is waited for. */
const busyTimeoutMs = 5000;

/**
 * Opens a history for reading all of it, one row at a time: this program's, or the original's, which has
 * two of the tables. Throws {@link TelemetryError}s.
 */
export function openFactRows(path: string): FactRows {
  const files = openForReading(path, busyTimeoutMs);
  const { connection } = files;
  const tables = tablesOf(connection);
  const isThere = (kind: FactKind): boolean => tables.has(recorded[rowKindOf[kind]].table);
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
  return {
    count: (kinds) =>
      kinds.filter(isThere).reduce((sum, kind) => {
        const { table } = recorded[rowKindOf[kind]];
        const rows = guarded(() =>
          connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
        );
        return sum + Number(rows);
      }, 0),
    isTagged: () => guarded(() => tagsInFile(connection) !== undefined),
    tagWords: (name) =>
      guarded(() => {
        if (!hasFactTable(connection, 'task_tags')) return [];
        const [sql, values] = tagWordsSql('task_tags', '?', name);
        return connection
          .prepare<string[], string>(sql)
          .pluck()
          .all(...values);
      }),
    *rows(kinds, filter = []) {
      // One state of all tables.
      connection.exec('BEGIN');
      try {
        const tagging = createTagging(tagsInFile(connection), filter);
        for (const kind of kinds.filter(isThere)) {
          for (const fact of rowsOf(connection, kind)) {
            const tagged = tagging(fact);
            if (tagged !== undefined) yield Object.assign(fact, tagged);
          }
        }
      } catch (error) {
        throw classify(error, path, 'reading');
      } finally {
        guarded(() => connection.exec('COMMIT'));
      }
    },
    close: () => files.close(),
  };
}

/** Where it is noted that the 0 of a row means that nobody judged. */
const notes: Partial<Record<FactKind, { table: FactTable; id: string; field: string }>> = {
  task: { table: 'unscored_events', id: 'event_id', field: 'score' },
  snapshot: { table: 'unscored_snapshots', id: 'snapshot_id', field: 'qualityScore' },
};

function* rowsOf(connection: Database, kind: FactKind): Generator<FactRow> {
  const { table, columns } = recorded[rowKindOf[kind]];
  const note = notes[kind];
  const selected = columns.map(([column, field]) =>
    note?.field === field && hasFactTable(connection, note.table)
      ? `CASE WHEN ${column} = 0 AND EXISTS (SELECT 1 FROM ${note.table} WHERE ${note.id} = ${table}.id) THEN NULL ELSE ${column} END`
      : column,
  );
  const described = fieldsOf(kind);
  const rows = connection
    .prepare<[], (string | number | Buffer | null)[]>(
      `SELECT id, ${selected.join(', ')} FROM ${table} ORDER BY id`,
    )
    .raw();
  for (const row of rows.iterate()) {
    yield factOf(kind, described, row);
  }
}

/** A fact from a row: what names it in its history, then its columns; bytes as the text that they are. */
export function factOf(
  kind: FactKind,
  described: ReturnType<typeof fieldsOf>,
  row: readonly (string | number | Buffer | null)[],
): FactRow {
  const fields: FactRow['fields'] = {};
  described.forEach(({ name, type }, index) => {
    const value = row[index + 1] ?? null;
    const plain = typeof value === 'object' && value !== null ? String(value) : value;
    fields[name] = type === 'flag' && (plain === 0 || plain === 1) ? plain === 1 : plain;
  });
  const sourceId = hash('sha256', `${kind}\0${row.join('\0')}`, 'base64url').slice(0, 22);
  return { kind, sourceId, fields };
}
