import { pad, type Align } from './fit.ts';
import { widthOf } from './width.ts';

/** Rows of cells as aligned lines, two spaces apart; trailing spaces are left out. */
export function table(
  rows: readonly (readonly string[])[],
  columns: readonly { align?: Align }[],
): string[] {
  const widths = columns.map((_, index) =>
    Math.max(0, ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  return rows.map((row) =>
    columns
      .map(({ align = 'left' }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd(),
  );
}
