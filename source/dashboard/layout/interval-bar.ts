import { formatDifference } from '../format/numbers.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { styled, type Line } from '../theme/text-span.ts';

/** An interval on a scale that always shows zero, and what decides: `−0.06  ┃ ├──●──┊─┤   +0.06`. */
export function intervalBar(
  {
    low,
    high,
    estimate,
    decides,
  }: {
    low: number;
    high: number;
    estimate: number;
    /** Where the interval has to stay above. */
    decides?: number;
  },
  width: number,
  style: RenderStyle,
): Line {
  const reach = Math.max(Math.abs(low), Math.abs(high), Math.abs(decides ?? 0), 0.01) * 1.1;
  const minus = style.clean(formatDifference(-reach)).replace('?', '-');
  const plus = formatDifference(reach);
  const room = width - minus.length - plus.length - 2;
  if (room < 10) return [];
  const { interval } = style.glyphs;
  const at = (value: number): number =>
    Math.min(room - 1, Math.max(0, Math.round(((value + reach) / (2 * reach)) * (room - 1))));
  const cells = Array.from({ length: room }, () => ' ');
  cells[at(0)] = interval.zero;
  for (let index = at(low); index <= at(high); index += 1) cells[index] = interval.line;
  cells[at(low)] = interval.low;
  cells[at(high)] = interval.high;
  cells[at(estimate)] = interval.estimate;
  if (decides !== undefined) cells[at(decides)] = interval.decides;
  return [
    styled(`${minus} `, 'muted'),
    styled(cells.join(''), 'accent'),
    styled(` ${plus}`, 'muted'),
  ];
}
