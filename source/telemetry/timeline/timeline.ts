import { createKeptSums } from './kept-sums.ts';
import { addEventTo, addSnapshotTo, addSpan, emptySpan, settleIn, type Span } from './span.ts';
import {
  dayOf,
  daySeconds,
  type EventFact,
  hourOf,
  hourSeconds,
  type SnapshotFact,
} from './sums.ts';

/** Rows of a span of time as they are. */
export type Facts = { events: EventFact[]; snapshots: SnapshotFact[] };

/** Where the parts of a day come from when a day as a whole is too coarse. */
export type Detail = {
  /** The hours of a UTC day, by their start. Together they hold what the day holds. */
  hours(day: number): Map<number, Span>;
  /** Every row with from ≤ time < to. */
  rows(from: number, to: number): Facts;
  /** When a project did anything. */
  timesOf(projectId: string): readonly number[];
};

type Hour = { sums: Span; rows?: Facts };
type Day = { sums: Span; hours?: Map<number, Hour> };

/**
 * History as sums per UTC day. A day, and then an hour, that an edge of a window cuts is split: the day
 * into hours, the hour into rows. So any window is exact, at the cost of two hours' rows.
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
      days.set(start, (day = { sums: emptySpan(aged) }));
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

  /** The hour that holds a time, if its day was split. */
  const splitHour = (day: Day, at: number): Hour | undefined => {
    if (day.hours === undefined) return undefined;
    const start = hourOf(at);
    let hour = day.hours.get(start);
    if (hour === undefined) day.hours.set(start, (hour = { sums: emptySpan(aged) }));
    return hour;
  };

  const splitDay = (start: number, day: Day): Map<number, Hour> => {
    day.hours ??= new Map(
      [...detail.hours(start)].map(([hour, sums]) => [hour, { sums }] as const),
    );
    return day.hours;
  };

  const collectRows = (rows: Facts, from: number, before: number, into: Span): void => {
    for (const event of rows.events) {
      if (event.at >= from && event.at < before) addEventTo(into, event, isLive(event.projectId));
    }
    for (const snapshot of rows.snapshots) {
      if (snapshot.at >= from && snapshot.at < before) addSnapshotTo(into, snapshot);
    }
  };

  const collectHours = (
    start: number,
    day: Day,
    from: number,
    before: number,
    into: Span,
  ): void => {
    const whole = new Map<number, Span>();
    for (const [hourStart, hour] of splitDay(start, day)) {
      const { firstAt, lastAt } = hour.sums;
      if (lastAt < from || firstAt >= before) continue;
      if (firstAt >= from && lastAt < before) {
        whole.set(hourStart, hour.sums);
        continue;
      }
      hour.rows ??= detail.rows(hourStart, hourStart + hourSeconds);
      collectRows(hour.rows, from, before, into);
    }
    if (start !== newest) addWhole('hours', whole, into);
    else for (const hour of whole.values()) addSpan(into, hour);
  };

  const collect = (from: number, before: number, into: Span): void => {
    const whole = new Map<number, Span>();
    for (const [start, day] of days) {
      const { firstAt, lastAt } = day.sums;
      if (lastAt < from || firstAt >= before) continue;
      if (firstAt < from || lastAt >= before) collectHours(start, day, from, before, into);
      else if (start === newest) addSpan(into, day.sums);
      else whole.set(start, day.sums);
    }
    addWhole('days', whole, into);
  };

  return {
    day: (start) => dayAt(start).sums,
    addEvent(event) {
      const day = dayAt(dayOf(event.at));
      const hour = splitHour(day, event.at);
      const live = isLive(event.projectId);
      addEventTo(day.sums, event, live);
      if (hour !== undefined) addEventTo(hour.sums, event, live);
      hour?.rows?.events.push(event);
    },
    addSnapshot(snapshot) {
      const day = dayAt(dayOf(snapshot.at));
      const hour = splitHour(day, snapshot.at);
      addSnapshotTo(day.sums, snapshot);
      if (hour !== undefined) addSnapshotTo(hour.sums, snapshot);
      hour?.rows?.snapshots.push(snapshot);
    },
    settle(event) {
      const day = days.get(dayOf(event.at));
      if (day === undefined) return;
      settleIn(day.sums, event);
      const hour = day.hours?.get(hourOf(event.at));
      if (hour !== undefined) settleIn(hour.sums, event);
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
