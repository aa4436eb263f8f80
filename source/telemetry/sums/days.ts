import type { Fact } from './facts.ts';
import {
  addCells,
  addDetail,
  type AddFact,
  addPeriod,
  emptyPeriod,
  type PeriodSums,
} from './period.ts';
import { dayOf, daySeconds, hourOf, hourSeconds } from './time.ts';

/** Where the parts of a day come from when a day as a whole is too coarse. */
export type DaySource = {
  /** Every row with from ≤ time < before, as of now. */
  rows(from: number, before: number): Fact[];
  /** The sums of a day's hours as they were when the day was loaded, where they are kept. */
  hours(day: number): ReadonlyMap<number, PeriodSums> | undefined;
};

/**
 * The history as sums per UTC day. A day that an edge of a window cuts is split into hours, an hour into
 * rows: so any window is exact, at the cost of one hour's rows per edge.
 */
export type Days = {
  /** Takes the sums of a day as they were kept, before any row is added to it. */
  loadDay(start: number, sums: PeriodSums): void;
  /** The same of an hour of a day whose other rows will be added. */
  loadHour(start: number, sums: PeriodSums): void;
  add: (fact: Fact) => void;
  /** Adds all with from ≤ time < before to a period. */
  collect(from: number, before: number, into: PeriodSums, wanted: { detail: boolean }): void;
  /** The sums of one day or less, to be read only: a whole day or hour is handed out as it is. */
  period(from: number, before: number): PeriodSums;
  /** The same without one run, from single rows. */
  periodWithout(projectId: string, from: number, before: number): PeriodSums;
  /** Whether a run did anything on the day that starts then. */
  hasRun(day: number, projectId: string): boolean;
  /** Starts of the days that hold anything, ascending. */
  starts(): number[];
  /** Adds up those days anew whose sums do not hold any more. */
  renew(holds: (sums: PeriodSums) => boolean): void;
};

/** A single hour, or all before or after one. */
type Part = { sums: PeriodSums; rows?: Fact[] };
type Day = {
  sums: PeriodSums;
  /** By their starts. */
  parts?: Map<number, Part>;
  /** The one hour that is a part, between all before and all after it; undefined: every hour is. */
  edge?: number | undefined;
  /** Rows that came after it was loaded; undefined of a day that was not. */
  late?: Fact[];
};

export function createDays(source: DaySource, addFact: AddFact, aged: boolean): Days {
  const days = new Map<number, Day>();

  const dayAt = (start: number): Day => {
    let day = days.get(start);
    if (day === undefined) days.set(start, (day = { sums: emptyPeriod(aged) }));
    return day;
  };

  const partAt = (parts: Map<number, Part>, edge: number | undefined, at: number): Part => {
    const start = partStart(edge, at);
    let part = parts.get(start);
    if (part === undefined) parts.set(start, (part = { sums: emptyPeriod(aged), rows: [] }));
    return part;
  };

  const addToPart = (parts: Map<number, Part>, edge: number | undefined, fact: Fact): void => {
    const part = partAt(parts, edge, fact.at);
    addFact(part.sums, fact);
    part.rows?.push(fact);
  };

  /** Most windows cut one hour of a day, and 24 parts would cost many times what three do. */
  const split = (start: number, day: Day, edge: number | undefined): Map<number, Part> => {
    const parts = new Map<number, Part>();
    const kept = day.late === undefined ? undefined : source.hours(start);
    for (const [hour, sums] of kept ?? []) {
      if (partStart(edge, hour) === hour) parts.set(hour, { sums });
      else addPeriod(partAt(parts, edge, hour).sums, sums);
    }
    const rows = kept === undefined ? source.rows(start, start + daySeconds) : (day.late ?? []);
    for (const fact of rows) addToPart(parts, edge, fact);
    day.parts = parts;
    day.edge = edge;
    return parts;
  };

  /** The parts of a day, of which from and before cut none but single hours. */
  const cut = (start: number, day: Day, from: number, before: number): Map<number, Part> => {
    const parts = day.parts ?? split(start, day, hourOf(from > start ? from : before));
    const { edge } = day;
    if (edge === undefined) return parts;
    const isTooCoarse = [...parts].some(
      ([part, { sums }]) =>
        part !== edge && !isOutside(sums, from, before) && !isWithin(sums, from, before),
    );
    return isTooCoarse ? split(start, day, undefined) : parts;
  };

  const collectDay = (
    start: number,
    day: Day,
    from: number,
    before: number,
    addWhole: (sums: PeriodSums) => void,
    into: PeriodSums,
  ): void => {
    if (isOutside(day.sums, from, before)) return;
    if (isWithin(day.sums, from, before)) {
      addWhole(day.sums);
      return;
    }
    for (const [hour, part] of cut(start, day, from, before)) {
      if (isOutside(part.sums, from, before)) continue;
      if (isWithin(part.sums, from, before)) {
        addWhole(part.sums);
        continue;
      }
      part.rows ??= source.rows(hour, hour + hourSeconds);
      for (const fact of part.rows) {
        if (fact.at >= from && fact.at < before) addFact(into, fact);
      }
    }
  };

  return {
    loadDay(start, sums) {
      days.set(start, { sums, late: [] });
    },
    loadHour(start, sums) {
      const day = dayAt(dayOf(start));
      (day.parts ??= new Map<number, Part>()).set(start, { sums });
      addPeriod(day.sums, sums);
    },
    add(fact) {
      const day = dayAt(dayOf(fact.at));
      addFact(day.sums, fact);
      day.late?.push(fact);
      if (day.parts !== undefined) addToPart(day.parts, day.edge, fact);
    },
    collect(from, before, into, { detail }) {
      const addWhole = (sums: PeriodSums): void => {
        addCells(into, sums);
        if (detail) addDetail(into.detail, sums.detail);
      };
      for (const [start, day] of days) collectDay(start, day, from, before, addWhole, into);
    },
    period(from, before) {
      const start = dayOf(from);
      const day = days.get(start);
      const into = emptyPeriod(aged);
      if (day === undefined || isOutside(day.sums, from, before)) return into;
      if (isWithin(day.sums, from, before)) return day.sums;
      if (before - from <= hourSeconds) {
        const hours =
          day.parts === undefined || day.edge !== undefined
            ? split(start, day, undefined)
            : day.parts;
        const hour = hours.get(hourOf(from));
        if (hour !== undefined && isWithin(hour.sums, from, before)) return hour.sums;
      }
      collectDay(start, day, from, before, (sums) => addCells(into, sums), into);
      return into;
    },
    periodWithout(projectId, from, before) {
      const into = emptyPeriod(aged);
      for (const fact of source.rows(from, before)) {
        if (fact.projectId !== projectId) addFact(into, fact);
      }
      return into;
    },
    hasRun: (day, projectId) => days.get(day)?.sums.detail.runs.has(projectId) === true,
    starts: () => [...days.keys()].toSorted((a, b) => a - b),
    renew(holds) {
      for (const [start, day] of days) {
        if (holds(day.sums)) continue;
        const sums = emptyPeriod(aged);
        for (const fact of source.rows(start, start + daySeconds)) addFact(sums, fact);
        days.set(start, { sums });
      }
    },
  };
}

function isOutside({ firstAt, lastAt }: PeriodSums, from: number, before: number): boolean {
  return lastAt < from || firstAt >= before;
}

function isWithin({ firstAt, lastAt }: PeriodSums, from: number, before: number): boolean {
  return firstAt >= from && lastAt < before;
}

/**
 * The start of the part of a day that holds a time: every hour is one, or only the hour of an edge is,
 * between all before and all after it.
 */
function partStart(edge: number | undefined, at: number): number {
  const hour = hourOf(at);
  if (edge === undefined || hour === edge) return hour;
  return hour < edge ? dayOf(at) - 1 : edge + hourSeconds;
}
