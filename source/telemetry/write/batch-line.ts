import type { Batch, EventTuple, SnapshotTuple } from './rows.ts';

/** One line of a spool. */
export function encodeBatch(batch: Batch): string {
  return JSON.stringify(batch);
}

/** The batch of a line; undefined where the line is cut short or is anything else. */
export function decodeBatch(line: string): Batch | undefined {
  if (line === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isBatch(value) ? value : undefined;
}

/** The types of the columns: `s` text, `t` text or null, `n` number. */
const eventColumns = 'sssstnnnnn';
const snapshotColumns = 'sssnnnnnnnnnn';

function isBatch(value: unknown): value is Batch {
  if (typeof value !== 'object' || value === null) return false;
  const { writer, number, events, snapshots } = value as Partial<Record<keyof Batch, unknown>>;
  return (
    typeof writer === 'string' &&
    /^\d{1,19}$/.test(writer) &&
    Number.isSafeInteger(number) &&
    Array.isArray(events) &&
    events.every((row): row is EventTuple => hasColumns(row, eventColumns)) &&
    Array.isArray(snapshots) &&
    snapshots.every((row): row is SnapshotTuple => hasColumns(row, snapshotColumns))
  );
}

function hasColumns(row: unknown, columns: string): boolean {
  return (
    Array.isArray(row) &&
    row.length === columns.length &&
    row.every((value: unknown, index) => {
      const column = columns[index];
      if (column === 'n') return typeof value === 'number' && Number.isFinite(value);
      return typeof value === 'string' || (column === 't' && value === null);
    })
  );
}
