import type { SpendSlice, Window } from '../../domain/insight.ts';
import { nextLocalDay, startOfLocalDay } from '../../domain/local-day.ts';
import type { Glyphs } from '../theme/glyphs.ts';

/** Every local day of a window in order, those without spend too. */
export function daysOf(window: Window, slices: readonly SpendSlice[]): SpendSlice[] {
  const known = new Map(slices.map((slice) => [slice.day, slice]));
  const days: SpendSlice[] = [];
  let day = startOfLocalDay(window.from);
  do {
    days.push(known.get(day) ?? { day, costUsd: 0, tasks: 0 });
    day = nextLocalDay(day);
  } while (day <= window.to);
  return days;
}

/** How wide a column may get; wider ones say no more. */
const widest = 6;

/**
 * Upright bars, exact to an eighth of a line, as lines from top to bottom. More numbers than columns
 * are drawn as the means of neighbours. Returns the columns that were used.
 */
export function columnChart(
  values: readonly number[],
  {
    width,
    height,
    glyphs,
    most,
  }: {
    width: number;
    height: number;
    glyphs: Glyphs;
    /** What the full height stands for; absent: the highest number. */
    most?: number;
  },
): { lines: string[]; width: number } {
  if (width <= 0 || height <= 0) return { lines: [], width: 0 };
  const shown = values.length > width ? pooled(values, width) : values;
  const step = Math.max(1, Math.min(widest, Math.floor(width / Math.max(1, shown.length))));
  const blank = step > 2 ? 1 : 0;
  const highest = most ?? Math.max(0, ...shown);
  const lines = Array.from({ length: height }, (_, index) => {
    const below = (height - 1 - index) * 8;
    return shown
      .map((value) => {
        const share = highest === 0 ? 0 : value / highest;
        // Something is never drawn as nothing.
        const eighths = Math.max(value > 0 ? 1 : 0, Math.round(share * height * 8));
        const view = Math.min(8, Math.max(0, eighths - below));
        const glyph = view === 0 ? ' ' : (glyphs.viewStack[view - 1] ?? ' ');
        return glyph.repeat(step - blank) + ' '.repeat(blank);
      })
      .join('');
  });
  return { lines, width: shown.length * step - blank };
}

function pooled(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * values.length) / count));
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
