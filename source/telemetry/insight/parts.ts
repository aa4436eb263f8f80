import { dayOf, daySeconds, hourOf, hourSeconds } from '../sums/time.ts';

/** Slices that a window is shown in, about. */
const aboutSlices = 30;
/** Up to here slices are shorter than a day. */
const hourlyDays = 3;

/** from ≤ time < before, within one UTC day; `slice` numbers the slice of a chart that it belongs to, from 0. */
export type Part = { from: number; before: number; slice: number };

/** So many days, with from ≤ time < before. */
export type Period = { days: number; from: number; before: number };

/**
 * The hours (of a few days) or days that so many days are made of, oldest first; all but the first start
 * on the hour or day. A slice of a chart is one or several of them.
 */
export function partsOf({ days, from, before: end }: Period): Part[] {
  const hourly = days <= hourlyDays;
  const step = hourly ? hourSeconds : daySeconds;
  const first = hourly ? hourOf(from) : dayOf(from);
  const perSlice = Math.max(1, Math.ceil((days * daySeconds) / step / aboutSlices));
  const parts: Part[] = [];
  for (let start = first, index = 0; start < end; start += step, index += 1) {
    parts.push({
      from: Math.max(start, from),
      before: Math.min(start + step, end),
      slice: Math.floor(index / perSlice),
    });
  }
  return parts;
}
