import type { Row } from '../write/rows.ts';
import { rowOf, validateTags } from '../write/validate.ts';
import { type FactKind, rowKindOf } from './fact-rows.ts';

/** One record of another history. */
export type ImportedRecord = {
  /** Names it in its source for good: what has the same name is the same record, and counts once. */
  sourceId: string;
  kind: FactKind;
  /** By the names of files; `at` in Unix seconds. */
  fields: Readonly<Record<string, unknown>>;
  /** A call that belongs to it. */
  call?: Readonly<Record<string, unknown>>;
  /** What it is called by: added also where the record itself is known. */
  tags?: unknown;
  /** Whether it comes out of a history like this one, and may be in this one without ever having been imported. */
  isCopy?: boolean;
};

export type ImportCounts = { added: number; known: number };

export type Importer = {
  /** Keeps a record for the next {@link Importer.commit}; or answers the name of the first field that cannot be true. */
  add(record: ImportedRecord): string | undefined;
  /** How many are kept. */
  readonly waiting: number;
  /**
   * Writes what is kept in one transaction. Throws {@link TelemetryError}s; the same may then be tried
   * again, and `locked` mostly passes.
   */
  commit(): ImportCounts | Promise<ImportCounts>;
  /** One step of summing up what is in; whether there may be more. Never throws. */
  sumUp(): boolean | Promise<boolean>;
  close(): void | Promise<void>;
};

/** A record as rows that may be written. */
export type ImportRows = {
  sourceId: string;
  kind: FactKind;
  row: Row;
  call?: Row;
  tags?: readonly Row[];
  isCopy: boolean;
};

/** The rows of a record, or the first field that cannot be true, by its name in files. */
export function importRows({
  sourceId,
  kind,
  fields,
  call,
  tags,
  isCopy = false,
}: ImportedRecord): ImportRows | string {
  const { at, projectId, taskId } = fields;
  const row = rowOf(rowKindOf[kind], fields, { recordedAt: at });
  if (typeof row === 'string') return fileField(row);
  const callRow = call && rowOf('calls', call, { recordedAt: call['at'] });
  if (typeof callRow === 'string') return fileField(callRow);
  const waiting: ImportRows = { sourceId, kind, row, isCopy, ...(callRow && { call: callRow }) };
  if (tags === undefined) return waiting;
  const tagRows = validateTags(String(projectId), String(taskId), tags, Number(at));
  return typeof tagRows === 'string' ? tagRows : { ...waiting, tags: tagRows };
}

const fileField = (field: string): string => (field === 'recordedAt' ? 'at' : field);
