import type { Window } from '../../domain/insight.ts';
import type { Cells } from '../timeline/cells.ts';
import { addSpan, emptySpan, type Span } from '../timeline/span.ts';
import { addSums, daySeconds, noSums, type Sums } from '../timeline/sums.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Reach } from '../timeline/timeline-reader.ts';
import { type Part, partsOf } from './parts.ts';

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
  const whole = emptySpan(false);
  const parts = partsOf(window).map((part) => {
    const span = timeline.span(part.from, part.before);
    addSpan(whole, span);
    return { ...part, span };
  });
  const prior = emptySpan(false);
  timeline.collect(priorStart(window), window.from, prior);
  return { window, cells, whole, prior, parts };
}

/** The sums of a span per model, over all its task types. */
export function byModel(span: Span, cells: Cells): Map<string, Sums> {
  const models = new Map<string, Sums>();
  for (const [cell, sums] of span.cells) {
    const { model } = cells.of(cell);
    let pooled = models.get(model);
    if (pooled === undefined) models.set(model, (pooled = noSums(false)));
    addSums(pooled, sums);
  }
  return models;
}

/** The sums per model of each slice of a chart; a slice's time is from `from` up to `before`. */
export function slicesByModel({
  parts,
  cells,
}: View): { from: number; before: number; models: Map<string, Sums> }[] {
  const slices: { from: number; before: number; models: Map<string, Sums> }[] = [];
  for (const { slice, from, before, span } of parts) {
    const models = byModel(span, cells);
    const known = slices[slice];
    if (known === undefined) {
      slices.push({ from, before, models });
      continue;
    }
    known.before = before;
    for (const [model, sums] of models) {
      const pooled = known.models.get(model);
      if (pooled === undefined) known.models.set(model, sums);
      else addSums(pooled, sums);
    }
  }
  return slices;
}
