import { pad, widthOf } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { styled, type Line, type TextSpan } from '../theme/text-span.ts';
import type { Role } from '../theme/palette.ts';
import { logSteps, roundSteps } from './round-numbers.ts';

/** A point with its sign; of points in one place the first is drawn. */
export type ScatterPoint = { x: number; y: number; sign: string; role?: Role; isBold?: boolean };

type Axis = { low: number; high: number; steps: number[]; place: (value: number) => number };

/** Room at either end of an axis, as a share of what it holds. */
const margin = 0.06;

/**
 * Points by two numbers, the first of which is on a logarithmic scale: exactly `height` lines, of which the
 * last one has the numbers of that scale. Nothing where there is no room, or no point.
 */
export function scatter(
  points: readonly ScatterPoint[],
  options: {
    width: number;
    height: number;
    formatX: (value: number) => string;
    formatY: (value: number) => string;
    style: RenderStyle;
  },
): Line[] {
  const { width, height, formatX, formatY, style } = options;
  const rows = height - 2;
  if (points.length === 0 || rows < 3) return [];
  const y = linear(
    points.map((point) => point.y),
    Math.max(2, Math.floor(rows / 2)),
  );
  const labels = y.steps.map(formatY);
  const labelWidth = Math.max(...labels.map(widthOf));
  const columns = width - labelWidth - 3;
  if (columns < 12) return [];
  const x = logarithmic(points.map((point) => point.x));
  const column = (value: number): number => Math.round(x.place(value) * (columns - 1));
  const row = (value: number): number => Math.round((1 - y.place(value)) * (rows - 1));
  const cells = new Map<string, ScatterPoint>();
  for (const point of points.toReversed()) cells.set(`${row(point.y)} ${column(point.x)}`, point);
  const labelAt = new Map(y.steps.map((value) => [row(value), formatY(value)]));
  const lines = Array.from({ length: rows }, (_, index): Line => {
    const label = labelAt.get(index);
    const axis = label === undefined ? style.glyphs.border.vertical : style.glyphs.chart[1];
    return [
      styled(`${pad(label ?? '', labelWidth + 1, 'right')} ${axis ?? '|'}`, 'muted'),
      ...rowOf(index, columns, cells),
    ];
  });
  return [...lines, ...xAxis(x, columns, labelWidth, { column, formatX, style })];
}

function rowOf(
  index: number,
  columns: number,
  cells: ReadonlyMap<string, ScatterPoint>,
): TextSpan[] {
  const spans: TextSpan[] = [];
  let blank = 0;
  for (let at = 0; at < columns; at += 1) {
    const point = cells.get(`${index} ${at}`);
    if (point === undefined) blank += 1;
    else {
      spans.push(styled(' '.repeat(blank)), styled(point.sign, point.role, point.isBold));
      blank = 0;
    }
  }
  return spans;
}

/** The line of the axis with its ticks, and its numbers: each under its tick, none upon another. */
function xAxis(
  { steps }: Axis,
  columns: number,
  labelWidth: number,
  {
    column,
    formatX,
    style,
  }: {
    column: (value: number) => number;
    formatX: (value: number) => string;
    style: RenderStyle;
  },
): Line[] {
  const { border, chart } = style.glyphs;
  const line = Array.from({ length: columns }, () => border.horizontal);
  let numbers = '';
  for (const value of steps) {
    const text = formatX(value);
    const at = Math.max(0, Math.min(columns - text.length, column(value) - (text.length >> 1)));
    if (at < numbers.length + (numbers === '' ? 0 : 2)) continue;
    numbers = numbers.padEnd(at) + text;
    line[column(value)] = chart[0] ?? '+';
  }
  const before = ' '.repeat(labelWidth + 2);
  return [
    [styled(`${before}${border.bottomLeft}${line.join('')}`, 'muted')],
    [styled(`${before} ${numbers}`, 'muted')],
  ];
}

/** From below the lowest to above the highest number, with a few round ones between. */
function linear(values: readonly number[], most: number): Axis {
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  // A difference that nobody cares for is not drawn as a large one.
  const range = Math.max(highest - lowest, Math.abs(highest) * 0.1, 1e-6);
  const middle = (lowest + highest) / 2;
  const low = middle - range * (0.5 + margin);
  const high = middle + range * (0.5 + margin);
  return {
    low,
    high,
    steps: roundSteps(low, high, Math.min(4, most)),
    place: (value) => (value - low) / (high - low),
  };
}

function logarithmic(values: readonly number[]): Axis {
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const range = Math.max(Math.log(highest / lowest), Math.log(4));
  const middle = (Math.log(lowest) + Math.log(highest)) / 2;
  const low = Math.exp(middle - range * (0.5 + margin));
  const high = Math.exp(middle + range * (0.5 + margin));
  return {
    low,
    high,
    steps: logSteps(low, high),
    place: (value) => Math.log(value / low) / Math.log(high / low),
  };
}
