import { pad, widthOf } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { styled, type Line, type TextSpan } from '../theme/text-span.ts';
import { resample } from './bars.ts';
import { roundSteps } from './round-numbers.ts';

/** Readings over time; null where there are none. */
export type Series = readonly (number | null)[];

/**
 * Readings over time in exactly `height` lines, at most `width` columns: a point for each, dots between neighbours,
 * nothing where no reading is. At the left round numbers, none twice; below when it begins and ends, and the unit.
 * Nothing where no reading is, or no room.
 */
export function lineChart(
  series: Series,
  options: {
    width: number;
    height: number;
    format: (value: number) => string;
    /** The scale does not go beyond this. */
    most?: number;
    /** What stands under the first and the last reading. */
    ends: readonly [string, string];
    unit?: string;
    style: RenderStyle;
  },
): Line[] {
  const { width, height, format, most, ends, unit = '', style } = options;
  const known = series.filter((value) => value !== null);
  const rows = height - 1;
  if (known.length === 0 || rows < 2) return [];
  const { low, high } = scaleOf(known, most);
  const rowOf = (value: number): number => Math.round(((high - value) / (high - low)) * (rows - 1));
  // Above nothing but zeros there is no amount that a scale could name.
  const isZero = known.every((value) => value === 0);
  const steps = isZero ? [0] : roundSteps(low, high, Math.max(2, Math.min(6, rows >> 1)));
  const labels = labelsOf(steps, rowOf, format);
  const labelWidth = Math.max(...[...labels.values(), ''].map(widthOf));
  const columns = width - labelWidth - 3;
  if (columns < 8) return [];
  const shown = resample(series, columns);
  const step = shown.length > 1 ? (columns - 1) / (shown.length - 1) : 0;
  const cells = cellsOf(shown, (index) => Math.round(index * step), rowOf);
  const lines = Array.from({ length: rows }, (_, row): Line => {
    const label = labels.get(row);
    const axis = label === undefined ? style.glyphs.border.vertical : style.glyphs.chart[1];
    return [
      styled(`${pad(label ?? '', labelWidth + 1, 'right')} ${axis ?? '|'}`, 'muted'),
      ...spansOf(row, columns, cells, style),
    ];
  });
  return [
    ...lines,
    [styled(`${' '.repeat(labelWidth + 3)}${below(ends, unit, columns)}`, 'muted')],
  ];
}

/** A little wider than what it holds; a steady series keeps to the middle. */
function scaleOf(values: readonly number[], most = Number.POSITIVE_INFINITY) {
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const range = Math.max(highest - lowest, Math.abs(highest) * 0.02, 1e-9);
  const middle = (lowest + highest) / 2;
  const low = middle - range * 0.55;
  const high = Math.min(middle + range * 0.55, Math.max(highest, most));
  return { low: lowest >= 0 ? Math.max(0, low) : low, high };
}

/** Round numbers by their rows; of two that look alike or share a row the first stays. */
function labelsOf(
  steps: readonly number[],
  rowOf: (value: number) => number,
  format: (value: number) => string,
): Map<number, string> {
  const labels = new Map<number, string>();
  for (const value of steps) {
    const text = format(value);
    const row = rowOf(value);
    if (!labels.has(row) && ![...labels.values()].includes(text)) labels.set(row, text);
  }
  return labels;
}

type Cell = 'point' | 'between';

/** What stands where, by row and column. */
function cellsOf(
  series: Series,
  columnOf: (index: number) => number,
  rowOf: (value: number) => number,
): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const [index, value] of series.entries()) {
    const next = series[index + 1];
    if (value === null || next === null || next === undefined) continue;
    const [from, to] = [columnOf(index), columnOf(index + 1)];
    for (let column = from + 1; column < to; column += 1) {
      const share = (column - from) / (to - from);
      cells.set(`${rowOf(value + (next - value) * share)} ${column}`, 'between');
    }
  }
  for (const [index, value] of series.entries()) {
    if (value !== null) cells.set(`${rowOf(value)} ${columnOf(index)}`, 'point');
  }
  return cells;
}

function spansOf(
  row: number,
  columns: number,
  cells: ReadonlyMap<string, Cell>,
  style: RenderStyle,
): TextSpan[] {
  const { HOT: point, COLD: between } = style.glyphs.confidence;
  const signs = Array.from({ length: columns }, (_, column) => {
    const cell = cells.get(`${row} ${column}`);
    return cell === undefined ? ' ' : cell === 'point' ? point : between;
  });
  return [styled(signs.join('').trimEnd(), 'bar')];
}

/** Both ends under their readings, the unit between them where it fits. */
function below([from, to]: readonly [string, string], unit: string, columns: number): string {
  const room = columns - widthOf(from) - widthOf(to);
  if (room < 2) return pad(from, columns);
  const between = room >= widthOf(unit) + 6 ? unit : '';
  const before = Math.floor((room - widthOf(between)) / 2);
  return `${from}${' '.repeat(before)}${between}${' '.repeat(room - before - widthOf(between))}${to}`;
}
