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

/** The types of the columns: `s` text, `t` text or null, `n` number, `m` number or null. */
const eventColumns = 'sssstnnnnn';
const snapshotColumns = 'sssmnnnnnnnnn';

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
      if (value === null) return column === 't' || column === 'm';
      if (column === 'n' || column === 'm') return Number.isFinite(value);
      return typeof value === 'string';
    })
  );
}
