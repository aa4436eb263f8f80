import { emptySpan, type Span } from './span.ts';
import { type EventFact, hourOf, hourSeconds, type SnapshotFact } from './sums.ts';

/** Rows of a span of time as they are. */
export type Facts = { events: EventFact[]; snapshots: SnapshotFact[] };

/** Something between a day and its rows: a single hour, or all before or after one. */
export type DayPart = { sums: Span; rows?: Facts };

/** A UTC day that edges of windows cut. */
export type SplitDay = {
  /**
   * The day in parts, by their starts, of which from and before cut none but single hours. `name` tells
   * this way of splitting it from others.
   */
  cutAt(from: number, before: number): { name: string; parts: ReadonlyMap<number, DayPart> };
  /** The part that holds a time, once the day was split. */
  partAt(at: number): DayPart | undefined;
};

/**
 * The start of the part of a day that holds a time: every hour is a part, or only the hour of an edge is,
 * between all before and all after it.
 */
export function partStart(day: number, edge: number | undefined, at: number): number {
  const hour = hourOf(at);
  if (edge === undefined || hour === edge) return hour;
  return hour < edge ? day : edge + hourSeconds;
}

/** `partsOf` answers with the sums of all parts that hold anything, see {@link partStart}. */
export function createSplitDay(
  day: number,
  partsOf: (day: number, edge: number | undefined) => ReadonlyMap<number, Span>,
  aged: boolean,
): SplitDay {
  let edge: number | undefined;
  let parts: Map<number, DayPart> | undefined;

  const split = (alone: number | undefined): Map<number, DayPart> => {
    edge = alone;
    parts = new Map();
    for (const [start, sums] of partsOf(day, alone)) parts.set(start, { sums });
    return parts;
  };

  return {
    cutAt(from, before) {
      // Most windows cut one hour of a day, and 24 parts would cost many times what three do.
      let known = parts ?? split(hourOf(from > day ? from : before));
      const isCut = [...known].some(
        ([start, { sums }]) => start !== edge && isCutBy(sums, from, before),
      );
      if (edge !== undefined && isCut) known = split(undefined);
      return { name: edge === undefined ? 'hours' : `around ${edge}`, parts: known };
    },
    partAt(at) {
      if (parts === undefined) return undefined;
      const start = partStart(day, edge, at);
      let part = parts.get(start);
      if (part === undefined) parts.set(start, (part = { sums: emptySpan(aged) }));
      return part;
    },
  };
}

function isCutBy({ firstAt, lastAt }: Span, from: number, before: number): boolean {
  const isOutside = lastAt < from || firstAt >= before;
  return !isOutside && (firstAt < from || lastAt >= before);
}
