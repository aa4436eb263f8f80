import { hash } from 'node:crypto';
import type { TagFilter } from '../../domain/tags.ts';
import { type ColumnKind, recorded, type RowKind } from '../database/columns.ts';

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

export const tableOf = (kind: FactKind) => recorded[rowKindOf[kind]];

/** The one field that files name otherwise than records do. */
export const fileName = (field: string): string => (field === 'recordedAt' ? 'at' : field);

export type FieldType = ColumnKind['type'];

/** The fields of a kind in files with what is in them, in the order of their columns. */
export function fieldsOf(kind: FactKind): { name: string; type: FieldType }[] {
  return tableOf(kind).columns.map(([, field, { type }]) => ({ name: fileName(field), type }));
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

/** All that a history holds, whatever keeps it. Rejects with {@link TelemetryError}s. */
export type Facts = {
  /** How many there are; of a long history on a server about. */
  count(kinds: readonly FactKind[]): Promise<number>;
  /** Whether anything is tagged. */
  isTagged(): Promise<boolean>;
  /** The names of all tags in order, or the values that one of them has. */
  tagWords(name?: string): Promise<string[]>;
  /** All of these kinds that meet a filter, in the order in which they were recorded, in pieces of one state. */
  pages(kinds: readonly FactKind[], filter?: TagFilter): AsyncGenerator<readonly FactRow[]>;
  close(): Promise<void>;
};

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
