import type { Window } from '../../domain/insight.ts';
import type { Cells } from '../timeline/cells.ts';
import { emptySpan, type Span } from '../timeline/span.ts';
import { addSums, daySeconds, noSums, type Sums } from '../timeline/sums.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Reach } from '../timeline/timeline-reader.ts';
import { justAfter, type Part, partsOf } from './parts.ts';

/** A window of the history and the one before it, read once. */
export type View = {
  window: Window;
  cells: Cells;
  /** All in the window. */
  whole: Span;
  prior: Span;
  /** The window in parts, oldest first. */
  parts: readonly (Part & { span: Span })[];
};

export function windowOf(days: number, now: number): Window {
  return { days, from: now - days * daySeconds, to: now };
}

/** How much of the history a view needs: the prior window too, whose runs nobody asks for. */
export function reachOf(window: Window): Reach {
  return { from: priorStart(window), runsFrom: window.from, aged: false };
}

function priorStart({ days, from }: Window): number {
  return from - days * daySeconds;
}

export function viewOf(window: Window, timeline: Timeline, cells: Cells): View {
  const parts = partsOf(window).map((part) => ({
    ...part,
    span: timeline.span(part.from, part.before),
  }));
  const whole = emptySpan(false);
  timeline.collect(window.from, justAfter(window.to), whole);
  const prior = emptySpan(false);
  timeline.collect(priorStart(window), window.from, prior);
  return { window, cells, whole, prior, parts };
}

/** Of spans that were asked for before; those of past days do not change. */
const known = new WeakMap<Span, { version: number; models: ReadonlyMap<string, Sums> }>();

/** The sums of a span per model, over all its task types; to be read only. */
export function byModel(span: Span, cells: Cells): ReadonlyMap<string, Sums> {
  const before = known.get(span);
  if (before?.version === span.version) return before.models;
  const models = pooledByModel(span, cells);
  known.set(span, { version: span.version, models });
  return models;
}

function pooledByModel(span: Span, cells: Cells): Map<string, Sums> {
  const models = new Map<string, Sums>();
  span.cells.forEach((sums, cell) => {
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
  for (const { slice, from, before, span } of parts) {
    const models = byModel(span, cells);
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
