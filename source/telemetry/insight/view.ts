import type { Window } from '../../domain/insight.ts';
import type { Cells } from '../sums/cells.ts';
import type { Days } from '../sums/days.ts';
import { addSums, noSums, type Sums } from '../sums/fields.ts';
import { emptyPeriod, type PeriodSums } from '../sums/period.ts';
import { daySeconds, justAfter } from '../sums/time.ts';
import { type Part, partsOf } from './parts.ts';

/** A window of the history and the one before it, read once. */
export type View = {
  window: Window;
  cells: Cells;
  /** All in the window. */
  whole: PeriodSums;
  /** Its cells alone. */
  prior: PeriodSums;
  /** The window in parts, oldest first. */
  parts: readonly (Part & { sums: PeriodSums })[];
  /** Rows that are dated after the window, by another clock or in another unit. */
  ahead: number;
};

export function windowOf(days: number, now: number): Window {
  return { days, from: now - days * daySeconds, to: now };
}

/** The start of the window before. */
export function priorStart({ days, from }: Window): number {
  return from - days * daySeconds;
}

export function viewOf(window: Window, days: Days, cells: Cells, ahead: number): View {
  const parts = partsOf(window).map((part) => ({
    ...part,
    sums: days.period(part.from, part.before),
  }));
  const whole = emptyPeriod(false);
  days.collect(window.from, justAfter(window.to), whole, { detail: true });
  const prior = emptyPeriod(false);
  days.collect(priorStart(window), window.from, prior, { detail: false });
  return { window, cells, whole, prior, parts, ahead };
}

/** Of periods that were asked for before; those of past days do not change. */
const known = new WeakMap<PeriodSums, { version: number; models: ReadonlyMap<string, Sums> }>();

/** The sums of a period per model, over all its task types; to be read only. */
export function byModel(period: PeriodSums, cells: Cells): ReadonlyMap<string, Sums> {
  const before = known.get(period);
  if (before?.version === period.version) return before.models;
  const models = pooledByModel(period, cells);
  known.set(period, { version: period.version, models });
  return models;
}

function pooledByModel(period: PeriodSums, cells: Cells): Map<string, Sums> {
  const models = new Map<string, Sums>();
  period.cells.forEach((sums, cell) => {
    const { model } = cells.of(cell);
    let all = models.get(model);
    if (all === undefined) models.set(model, (all = noSums(false)));
    addSums(all, sums);
  });
  return models;
}

/** A slice of a chart, from `from` up to `before`. */
export type Slice = {
  from: number;
  before: number;
  /** The sums of a model in it, undefined where it did nothing then. */
  of(model: string): Sums | undefined;
};

export function slicesOf({ parts, cells }: View): Slice[] {
  const slices: (Slice & { models: ReadonlyMap<string, Sums>[] })[] = [];
  for (const { slice, from, before, sums } of parts) {
    const models = byModel(sums, cells);
    const begun = slices[slice];
    if (begun === undefined) {
      const all = [models];
      slices.push({ from, before, models: all, of: (model) => pooled(model, all) });
    } else {
      begun.before = before;
      begun.models.push(models);
    }
  }
  return slices;
}

function pooled(model: string, parts: readonly ReadonlyMap<string, Sums>[]): Sums | undefined {
  const [first, ...others] = parts.flatMap((models) => {
    const sums = models.get(model);
    return sums === undefined ? [] : [sums];
  });
  if (first === undefined || others.length === 0) return first;
  const sum = first.slice();
  for (const sums of others) addSums(sum, sums);
  return sum;
}
