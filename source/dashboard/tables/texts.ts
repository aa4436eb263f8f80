import { cleanText, table } from '../text/index.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { columnsWith, type Columns } from './column.ts';

/** The table as aligned lines for `--plain`, with its titles above where they are asked for. */
export function plainLines<Row, Facts>(
  columns: Columns<Row, Facts>,
  rows: readonly Row[],
  style: TextStyle,
  facts: Facts,
  options: { hasHead?: boolean } = {},
): string[] {
  const shown = columnsWith(columns, 'plain');
  const titles = shown.map(({ column, form }) => {
    const title = form.title ?? column.title ?? '';
    return typeof title === 'string' ? title : title(facts);
  });
  const cells = plainCells(columns, rows, style, facts);
  return table(
    options.hasHead === true ? [titles, ...cells] : cells,
    shown.map(({ column, form }) => ({ align: form.align ?? column.align ?? 'left' })),
  );
}

/** The cells of each row for `--plain`. */
export function plainCells<Row, Facts>(
  columns: Columns<Row, Facts>,
  rows: readonly Row[],
  style: TextStyle,
  facts: Facts,
): string[][] {
  const shown = columnsWith(columns, 'plain');
  return rows.map((row) => shown.map(({ form }) => form.text(row, style, facts)));
}

/** What a row says aloud. */
export const spokenText = <Row, Facts>(columns: Columns<Row, Facts>, row: Row): string =>
  columnsWith(columns, 'spoken')
    .flatMap(({ form }) => form.text(row) ?? [])
    .join(', ');

/** A row as one line for the clipboard. */
export const copiedText = <Row, Facts>(columns: Columns<Row, Facts>, row: Row): string =>
  cleanText(
    columnsWith(columns, 'copied')
      .map(({ form }) => form.text(row))
      .filter((text) => text !== '')
      .join('  '),
  );

/** A row with what the table works out besides it. */
export function exportedRow<Row extends object, Facts>(
  columns: Columns<Row, Facts>,
  row: Row,
  facts: Facts,
): Row & Record<string, unknown> {
  const more = Object.entries(columns).flatMap(([name, { exported }]) =>
    exported === undefined ? [] : [[name, exported(row, facts)] as const],
  );
  return { ...row, ...Object.fromEntries(more) };
}
