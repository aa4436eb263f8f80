import { fieldsOf, type FactKind, type FactRow } from '../../telemetry/transfer/index.ts';

/** A fact as a line of our own, which `import` takes in again: fields of which nothing is known are left out. */
export function jsonLine({ kind, sourceId, fields, tags }: FactRow): string {
  const record: Record<string, unknown> = { kind };
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== null) record[name] = plain(value);
  }
  if (tags !== undefined) record['tags'] = Object.fromEntries(tags);
  record['sourceId'] = sourceId;
  // As it stands, it is the mark of what could not be read.
  return `${JSON.stringify(record).replaceAll('\uFFFD', String.raw`\ufffd`)}\n`;
}

/** JSON has no infinite numbers, and would write them as null, which says something else. */
const plain = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** The columns of a table of several kinds: those that they have in common once. */
export function columnsFor(kinds: readonly FactKind[], isTagged: boolean): string[] {
  const names = kinds.flatMap((kind) => fieldsOf(kind).map(({ name }) => name));
  return ['kind', ...new Set(names), ...(isTagged ? ['tags'] : []), 'sourceId'];
}

/** How lines of spreadsheets end. */
const lineEnd = '\r\n';

export const csvHeader = (columns: readonly string[]): string =>
  `\uFEFF${columns.join(',')}${lineEnd}`;

/** A fact as a line of a spreadsheet; what a kind does not have is empty. */
export function csvLine(fact: FactRow, columns: readonly string[]): string {
  return `${columns.map((name) => csvCell(cellOf(fact, name))).join(',')}${lineEnd}`;
}

/** What a table has in a column of a fact: null where its kind has no such field. */
export function cellOf({ kind, sourceId, fields, tags }: FactRow, column: string) {
  if (column === 'kind') return kind;
  if (column === 'sourceId') return sourceId;
  if (column !== 'tags') return fields[column] ?? null;
  return tags === undefined ? null : JSON.stringify(Object.fromEntries(tags));
}

/**
 * What a spreadsheet would take for a formula, be it behind spaces, or in full-width signs. An apostrophe
 * before it makes it text; so that nothing is lost, what begins with apostrophes before such a sign gets one
 * more, and reading takes exactly one away.
 */
const formula = /^'*\s*[=+\-@\t\r＝＋－＠]/;

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  // Behind any other separator a new cell would begin where the file is read with that.
  return /[",;|\t\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
