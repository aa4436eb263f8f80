import asciichart from 'asciichart';

export type ChartLine = { label: string; value: number };

/**
 * A chart of values with labelled reference lines, in plain characters. More values than there is room
 * for are averaged into as many as fit.
 */
export function plot({
  values,
  lines,
  columns,
  rows,
}: {
  values: readonly number[];
  lines: readonly ChartLine[];
  /** Width of the terminal. */
  columns: number;
  rows: number;
}): string {
  const labelWidth = Math.max(0, ...lines.map(({ label }) => label.length));
  const room = Math.max(4, columns - labelWidth - 12);
  const fitted = fit(values, room);
  const all = [...fitted, ...lines.map(({ value }) => value)];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const width = Math.max(fitted.length, Math.min(room, 24));
  // The same scale for all, so that the lines stand where their values are.
  const scale = { height: rows, min: low, max: high, format: (value: number) => value.toFixed(3) };
  const plotted = asciichart.plot(fitted, scale).split('\n');
  const range = high - low;
  const labels = new Map<number, string>();
  for (const { label, value } of lines) {
    const row = range > 0 ? Math.round(((high - value) / range) * (plotted.length - 1)) : 0;
    const before = labels.get(row);
    const joined = before === undefined ? label : `${before}, ${label}`;
    // Where two stand at one height, and not beside each other, the second stands below.
    const fits = before === undefined || width + 9 + joined.length <= columns;
    labels.set(fits ? row : row + 1, fits ? joined : `and ${label}`);
  }
  for (const [row, label] of labels) {
    const line = plotted[row] ?? '';
    const isBelow = label.startsWith('and ');
    plotted[row] = `${isBelow ? line.padEnd(width + 8) : dash(line, width + 8)} ${label}`;
  }
  return plotted.map((line) => line.trimEnd()).join('\n');
}

/** Fills the gaps of a row with a dotted line, from the axis on. */
function dash(row: string, width: number): string {
  const axis = Math.max(row.indexOf('┤'), row.indexOf('┼')) + 1;
  const padded = row.padEnd(width);
  // A row that already has a label keeps it.
  return (
    padded.slice(0, axis) + padded.slice(axis, width).replaceAll(' ', '·') + padded.slice(width)
  );
}

function fit(values: readonly number[], room: number): number[] {
  if (values.length <= room) return [...values];
  return Array.from({ length: room }, (_, slot) => {
    const from = Math.floor((slot * values.length) / room);
    const slice = values.slice(from, Math.floor(((slot + 1) * values.length) / room));
    return slice.reduce((sum, value) => sum + value, 0) / slice.length;
  });
}
