import { recorded, type Row } from '../database/columns.ts';
import { rowOf, validateTags } from '../write/validate.ts';
import { type FactKind, fileName, rowKindOf } from './facts.ts';

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

type ImportCounts = { added: number; known: number };

export type Importer = {
  /** Keeps a record for the next {@link Importer.commit}; or answers the name of the first field that cannot be true. */
  add(record: ImportedRecord): string | undefined;
  /** How many are kept. */
  readonly waiting: number;
  /**
   * Writes what is kept in one transaction. Rejects with {@link TelemetryError}s; the same may then be tried
   * again, and `locked` mostly passes.
   */
  commit(): Promise<ImportCounts>;
  /** One step of summing up what is in; whether there may be more. Never throws. */
  sumUp(): Promise<boolean>;
  close(): Promise<void>;
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

/** An importer into what `write` writes to: it answers how many of some records were new. */
export function createImporter({
  write,
  sumUp,
  close,
}: {
  write: (records: readonly ImportRows[]) => number | Promise<number>;
  sumUp: () => boolean | Promise<boolean>;
  close: () => void | Promise<void>;
}): Importer {
  let waiting: ImportRows[] = [];
  return {
    add(record) {
      const rows = importRows(record);
      if (typeof rows === 'string') return fileName(rows);
      waiting.push(rows);
      return undefined;
    },
    get waiting() {
      return waiting.length;
    },
    async commit() {
      const added = waiting.length === 0 ? 0 : await write(waiting);
      const known = waiting.length - added;
      waiting = [];
      return { added, known };
    },
    async sumUp() {
      try {
        return await sumUp();
      } catch {
        // Readers do without sums, and the next writer makes them.
        return false;
      }
    },
    close: async () => close(),
  };
}

/** The rows of a record, or the first field that cannot be true. */
function importRows({
  sourceId,
  kind,
  fields,
  call,
  tags,
  isCopy = false,
}: ImportedRecord): ImportRows | string {
  const { at, projectId, taskId } = fields;
  const row = rowOf(rowKindOf[kind], fields, { recordedAt: at });
  if (typeof row === 'string') return row;
  const callRow = call && rowOf('calls', call, { recordedAt: call['at'] });
  if (typeof callRow === 'string') return callRow;
  const waiting: ImportRows = { sourceId, kind, row, isCopy, ...(callRow && { call: callRow }) };
  if (tags === undefined) return waiting;
  const tagRows = validateTags(String(projectId), String(taskId), tags, Number(at));
  return typeof tagRows === 'string' ? tagRows : { ...waiting, tags: tagRows };
}

/** The columns that tell a row from all others, those of an index first. */
export const identifying: Record<FactKind, readonly string[]> = {
  task: ['model_chosen', 'task_type', 'recorded_at', 'project_id', 'task_id'],
  snapshot: ['model', 'task_type', 'recorded_at', 'project_id'],
  call: ['project_id', 'call_id'],
  outcome: recorded.outcomes.columns.map(([column]) => column),
  tag: ['project_id', 'task_id', 'tag_name', 'tag_value', 'recorded_at'],
};
