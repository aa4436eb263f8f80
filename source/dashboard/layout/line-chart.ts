import { plot } from 'asciichart';
import { pad } from '../text/fit.ts';
import { widthOf } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { styled, type Line } from '../theme/text-span.ts';

/** Readings over time; null where there are none. */
export type Series = readonly (number | null)[];

/**
 * A line over time of exactly `height` lines, at most `width` columns, with its scale at the left.
 * Slices without a reading are bridged between their neighbours. Nothing where no reading is.
 */
export function lineChart(
  series: Series,
  options: {
    width: number;
    height: number;
    format: (value: number) => string;
    /** The scale does not go beyond this. */
    most?: number;
    style: RenderStyle;
  },
): Line[] {
  const { width, height, format, style } = options;
  const bridged = bridge(series);
  if (bridged.length === 0 || height < 2) return [];
  const { min, max } = scaleOf(bridged, options.most);
  const labels = [min, max, (min + max) / 2].map((value) => widthOf(format(value)));
  const labelWidth = Math.max(7, ...labels) + 1;
  const columns = width - labelWidth - 2;
  if (columns < 5) return [];
  const text = plot(stretch(bridged, columns), {
    min,
    max,
    height: height - 1,
    offset: 2,
    format: (value) => `${pad(format(value), labelWidth, 'right')} `,
    symbols: style.glyphs.chart,
  });
  return text
    .split('\n')
    .slice(0, height)
    .map((line) => [
      styled(line.slice(0, labelWidth + 1), 'muted'),
      styled(line.slice(labelWidth + 1), 'bar'),
    ]);
}

/** A steady series keeps to the middle of a scale that is a little wider than nothing. */
function scaleOf(
  values: readonly number[],
  most = Number.POSITIVE_INFINITY,
): { min: number; max: number } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const least = Math.max(Math.abs(high) * 0.02, 1e-9);
  const missing = Math.max(0, least - (high - low)) / 2;
  return {
    min: Math.max(low - missing, Math.min(low, 0)),
    max: Math.min(high + missing, Math.max(high, most)),
  };
}

/** Readings with the gaps between them filled in a straight line; what is before the first stays out. */
export function bridge(series: Series): number[] {
  const known = series.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const first = known[0];
  if (first === undefined) return [];
  return known.flatMap((point, order) => {
    const next = known[order + 1];
    if (next === undefined) return [point.value];
    const steps = next.index - point.index;
    return Array.from(
      { length: steps },
      (_, step) => point.value + ((next.value - point.value) * step) / steps,
    );
  });
}

/** The series on another number of points, in straight lines between its own. */
export function stretch(values: readonly number[], count: number): number[] {
  const last = values.length - 1;
  if (last <= 0) return Array.from({ length: count }, () => values[0] ?? 0);
  return Array.from({ length: count }, (_, index) => {
    const position = (index * last) / Math.max(1, count - 1);
    const before = Math.floor(position);
    const from = values[before] ?? 0;
    const to = values[Math.min(last, before + 1)] ?? from;
    return from + (to - from) * (position - before);
  });
}
