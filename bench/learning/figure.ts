/** One line of the table: what is asked, what was measured, and whether that is met. */
export type Figure = {
  what: string;
  asked?: string;
  measured: string;
  /** Absent where nothing is asked. */
  met?: boolean;
};

export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

export function atMost(what: string, limit: number, share: number): Figure {
  return { what, asked: `≤ ${percent(limit)}`, measured: percent(share), met: share <= limit };
}

export function atLeast(what: string, limit: number, share: number): Figure {
  return { what, asked: `≥ ${percent(limit)}`, measured: percent(share), met: share >= limit };
}

export function printFigures(title: string, figures: readonly Figure[]): void {
  const rows = figures.map(({ what, asked = '', measured, met }) => [
    what,
    asked,
    measured,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  console.log(`\n${title}\n`);
  for (const row of rows) {
    console.log(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
    );
  }
}
