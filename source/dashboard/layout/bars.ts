import type { Glyphs } from '../theme/glyphs.ts';

/** A bar of `share` (in [0, 1]) of `width` columns, exact to an eighth of a column; its blank rest is left out. */
export function bar(share: number, width: number, glyphs: Glyphs): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const full = Math.floor(eighths / 8);
  const rest = eighths % 8;
  const block = glyphs.eighths[7] ?? '';
  if (rest === 0) {
    // Something is never drawn as nothing.
    return full === 0 && share > 0 && width > 0 ? (glyphs.eighths[0] ?? '') : block.repeat(full);
  }
  return block.repeat(full) + (glyphs.eighths[rest - 1] ?? '');
}

/** A bar with its track: how much of a whole. Exactly `width` columns. */
export function progress(
  share: number,
  width: number,
  glyphs: Glyphs,
): [done: string, rest: string] {
  const done = bar(share, width, glyphs);
  return [done, glyphs.track.repeat(Math.max(0, width - done.length))];
}

/** Numbers as columns of eight heights between their smallest and largest; a space where there is none. */
export function sparkline(values: readonly (number | null)[], glyphs: Glyphs): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return ' '.repeat(values.length);
  const lowest = Math.min(...known);
  const highest = Math.max(...known);
  const middle = (lowest + highest) / 2;
  // A change of a few percent is drawn as one: the full height is at least a quarter of the mean.
  const range = Math.max(highest - lowest, Math.abs(middle) / 4);
  const top = glyphs.viewStack.length - 1;
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = range === 0 ? 0.5 : 0.5 + (value - middle) / range;
      return glyphs.viewStack[Math.round(share * top)] ?? ' ';
    })
    .join('');
}

/** Fewer, wider slices: each the mean of those it covers that are known. */
export function resample(values: readonly (number | null)[], count: number): (number | null)[] {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const to = Math.floor(((index + 1) * values.length) / count);
    const known = values.slice(from, to).filter((value) => value !== null);
    if (known.length === 0) return null;
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}
