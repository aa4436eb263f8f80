import { createKeptSums } from './kept-sums.ts';
import { addEventTo, addSnapshotTo, addSpan, emptySpan, settleIn, type Span } from './span.ts';
import { dayOf, daySeconds, type EventFact, hourSeconds, type SnapshotFact } from './sums.ts';
import { createSplitDay, type Facts, type SplitDay } from './split-day.ts';

/** Where the parts of a day come from when a day as a whole is too coarse. */
export type Detail = {
  /** A UTC day in parts, see {@link partStart}. Together they hold what the day holds. */
  parts: (day: number, edge: number | undefined) => ReadonlyMap<number, Span>;
  /** Every row with from ≤ time < to. */
  rows(from: number, to: number): Facts;
  /** When a project did anything. */
  timesOf(projectId: string): readonly number[];
};

type Day = { sums: Span; split: SplitDay };

/**
 * History as sums per UTC day. A day, and then an hour, that an edge of a window cuts is split: the day
 * into that hour and what is before and after it, the hour into rows. So any window is exact, at the cost of two hours' rows.
 */
export type Timeline = {
  /** The sums of a day, to be filled by whoever loads it. */
  day(start: number): Span;
  addEvent(event: EventFact): void;
  addSnapshot(snapshot: SnapshotFact): void;
  /** Takes an event's run as one with snapshots from now on. */
  settle(event: EventFact): void;
  /** Adds everything with from ≤ time < before to a span. */
  collect(from: number, before: number, into: Span): void;
  /** Everything with from ≤ time < before; to be read only, since a whole day is handed out as it is. */
  span(from: number, before: number): Span;
  /** The same without what one project did, from single rows. */
  spanWithout(projectId: string, from: number, before: number): Span;
  /** Starts of the days that hold anything, ascending. */
  days(): number[];
  /** Starts of the days on which a project did anything. */
  daysOf(projectId: string): ReadonlySet<number>;
};

export function createTimeline(
  detail: Detail,
  isLive: (projectId: string) => boolean,
  /** Whether the sums weighted by age are asked for. */
  aged: boolean,
): Timeline {
  const days = new Map<number, Day>();
  const kept = createKeptSums(aged);
  /** The day that news come to; what it is part of is not worth keeping. */
  let newest = -Infinity;

  const dayAt = (start: number): Day => {
    let day = days.get(start);
    if (day === undefined) {
      day = { sums: emptySpan(aged), split: createSplitDay(start, detail.parts, aged) };
      days.set(start, day);
      newest = Math.max(newest, start);
    }
    return day;
  };

  /** Adds whole spans by their starts, in one go where they were added up before. */
  const addWhole = (what: string, spans: ReadonlyMap<number, Span>, into: Span): void => {
    if (spans.size === 0) return;
    const starts = [...spans.keys()];
    const key = `${what} ${Math.min(...starts)} ${Math.max(...starts)}`;
    addSpan(into, kept.of(key, [...spans.values()]));
  };

  const collectRows = (rows: Facts, from: number, before: number, into: Span): void => {
    for (const event of rows.events) {
      if (event.at >= from && event.at < before) addEventTo(into, event, isLive(event.projectId));
    }
    for (const snapshot of rows.snapshots) {
      if (snapshot.at >= from && snapshot.at < before) addSnapshotTo(into, snapshot);
    }
  };

  const collectParts = (
    start: number,
    day: Day,
    from: number,
    before: number,
    into: Span,
  ): void => {
    const whole = new Map<number, Span>();
    const { name, parts } = day.split.cutAt(from, before);
    for (const [partStart, part] of parts) {
      const { firstAt, lastAt } = part.sums;
      if (lastAt < from || firstAt >= before) continue;
      if (firstAt >= from && lastAt < before) {
        whole.set(partStart, part.sums);
        continue;
      }
      part.rows ??= detail.rows(partStart, partStart + hourSeconds);
      collectRows(part.rows, from, before, into);
    }
    if (start !== newest) addWhole(name, whole, into);
    else for (const sums of whole.values()) addSpan(into, sums);
  };

  const collect = (from: number, before: number, into: Span): void => {
    const whole = new Map<number, Span>();
    for (const [start, day] of days) {
      const { firstAt, lastAt } = day.sums;
      if (lastAt < from || firstAt >= before) continue;
      if (firstAt < from || lastAt >= before) collectParts(start, day, from, before, into);
      else if (start === newest) addSpan(into, day.sums);
      else whole.set(start, day.sums);
    }
    addWhole('days', whole, into);
  };

  return {
    day: (start) => dayAt(start).sums,
    addEvent(event) {
      const day = dayAt(dayOf(event.at));
      const part = day.split.partAt(event.at);
      const live = isLive(event.projectId);
      addEventTo(day.sums, event, live);
      if (part !== undefined) addEventTo(part.sums, event, live);
      part?.rows?.events.push(event);
    },
    addSnapshot(snapshot) {
      const day = dayAt(dayOf(snapshot.at));
      const part = day.split.partAt(snapshot.at);
      addSnapshotTo(day.sums, snapshot);
      if (part !== undefined) addSnapshotTo(part.sums, snapshot);
      part?.rows?.snapshots.push(snapshot);
    },
    settle(event) {
      const day = days.get(dayOf(event.at));
      if (day === undefined) return;
      settleIn(day.sums, event);
      const part = day.split.partAt(event.at);
      if (part !== undefined) settleIn(part.sums, event);
    },
    span(from, before) {
      const start = dayOf(from);
      const { sums } = days.get(start) ?? {};
      const isOne = before <= start + daySeconds;
      if (isOne && sums !== undefined && sums.firstAt >= from && sums.lastAt < before) return sums;
      const into = emptySpan(aged);
      if (isOne && sums === undefined) return into;
      collect(from, before, into);
      return into;
    },
    spanWithout(projectId, from, before) {
      const isOther = (row: { projectId: string }): boolean => row.projectId !== projectId;
      const { events, snapshots } = detail.rows(from, before);
      const into = emptySpan(aged);
      const others = { events: events.filter(isOther), snapshots: snapshots.filter(isOther) };
      collectRows(others, from, before, into);
      return into;
    },
    daysOf: (projectId) => new Set(detail.timesOf(projectId).map(dayOf)),
    collect,
    days: () => [...days.keys()].toSorted((a, b) => a - b),
  };
}
