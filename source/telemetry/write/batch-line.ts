import { defined } from '../../domain/defined.ts';
import { isRecord } from '../../domain/is-record.ts';
import {
  type Batch,
  type BatchName,
  noRows,
  rowKinds,
  type RowKind,
  type Rows,
  sizeOf,
} from '../database/columns.ts';
import { invalidField } from './validate.ts';

/** One line of a spool. */
export function encodeBatch(batch: Batch): string {
  return JSON.stringify(batch);
}

/** A line of a spool: the batch with those of its records that may be written, and how many may not. */
type DecodedLine = { batch?: Batch; refused: number };

/**
 * Reads a line of a spool. Who wrote it is not known: every record passes the validation of those that
 * are recorded. What is no batch at all counts as one refused record; a line that was cut short, whose
 * batch was never acknowledged, as none.
 */
export function decodeBatch(line: string): DecodedLine {
  if (line === '') return { refused: 0 };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { refused: isCutShort(line) ? 0 : 1 };
  }
  return batchOf(value) ?? { refused: 1 };
}

function isCutShort(line: string): boolean {
  return '{"writer":"'.startsWith(line.slice(0, 11)) && !line.endsWith('}');
}

function batchOf(value: unknown): DecodedLine | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { writer, number, once, ...kinds } = value as Partial<Record<keyof Batch, unknown>>;
  const name = nameOf({ writer, number });
  const content = once === undefined ? undefined : nameOf(once);
  if (name === undefined || (once !== undefined && content === undefined)) return undefined;
  const rows = noRows();
  let refused = 0;
  for (const kind of rowKinds) refused += addValid(rows, kind, kinds[kind] ?? []);
  return sizeOf(rows) === 0
    ? { refused }
    : { batch: { ...name, ...defined({ once: content }), ...rows }, refused };
}

function nameOf(value: unknown): BatchName | undefined {
  const { writer, number } = isRecord(value) ? value : {};
  if (typeof writer !== 'string' || !isWriter(writer)) return undefined;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return undefined;
  return { writer, number };
}

/** What fits into the column of the table, a 64-bit integer. */
function isWriter(writer: string): boolean {
  return /^\d{1,19}$/.test(writer) && BigInt(writer) < 2n ** 63n;
}

/** Adds the records that may be written; how many may not. */
function addValid(rows: Rows, kind: RowKind, given: unknown): number {
  if (!Array.isArray(given)) return 1;
  const valid = given.filter((row) => Array.isArray(row) && invalidField(kind, row) === undefined);
  Object.assign(rows, { [kind]: valid });
  return given.length - valid.length;
}
