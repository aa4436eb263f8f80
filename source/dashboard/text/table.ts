import { pad, type Align, widthOf } from './width.ts';
import { wrapText } from './wrap.ts';

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

/**
 * A table with titles in its first row, within a width. Where it does not fit, columns go below their row, the
 * last first and then the widest, each cell behind its title; the first two always stay.
 */
export function fittedTable(
  rows: readonly (readonly string[])[],
  columns: readonly { align?: Align }[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const widths = columns.map((_, index) =>
    Math.max(0, ...rows.map((row) => widthOf(row[index] ?? ''))),
  );
  const kept = new Set(columns.keys());
  const isTooWide = (): boolean =>
    [...kept].reduce((sum, index) => sum + (widths[index] ?? 0) + 2, -2) > width;
  while (kept.size > 2 && isTooWide()) {
    const movable = [...kept].filter((index) => index > 1);
    const widest = movable.reduce((most, index) =>
      (widths[index] ?? 0) > (widths[most] ?? 0) ? index : most,
    );
    const last = columns.length - 1;
    kept.delete(kept.has(last) ? last : widest);
  }
  const shown = [...kept];
  const lines = table(
    rows.map((row) => shown.map((index) => row[index] ?? '')),
    shown.map((index) => columns[index] ?? {}),
  );
  const titles = rows[0] ?? [];
  return lines.flatMap((line, at) => {
    if (at === 0) return [line];
    const below = [...columns.keys()]
      .filter((index) => !kept.has(index) && (rows[at]?.[index] ?? '') !== '')
      .map(
        (index) =>
          `${(titles[index] ?? '').split(' = ')[0]?.toLowerCase() ?? ''} ${rows[at]?.[index] ?? ''}`,
      );
    return [line, ...wrapText(below.join(', '), width - 4).map((text) => `    ${text}`)];
  });
}
