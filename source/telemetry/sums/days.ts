import type { Fact } from './facts.ts';
import { addCells, addDetail, type AddFact, emptyPeriod, type PeriodSums } from './period.ts';
import { dayOf, daySeconds, hourOf, hourSeconds } from './time.ts';

/** Where the parts of a day come from when a day as a whole is too coarse. */
export type DaySource = {
  /** Every row with from ≤ time < before, as of now. */
  rows(from: number, before: number): Iterable<Fact>;
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
  add(fact: Fact): void;
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

type Hour = { sums: PeriodSums; rows?: Fact[] };
type Day = {
  sums: PeriodSums;
  hours?: Map<number, Hour>;
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

  const addFactHour = (hours: Map<number, Hour>, fact: Fact): void => {
    const start = hourOf(fact.at);
    let hour = hours.get(start);
    if (hour === undefined) hours.set(start, (hour = { sums: emptyPeriod(aged), rows: [] }));
    addFact(hour.sums, fact);
    hour.rows?.push(fact);
  };

  const hoursOf = (start: number, day: Day): Map<number, Hour> => {
    if (day.hours !== undefined) return day.hours;
    const hours = new Map<number, Hour>();
    const kept = day.late === undefined ? undefined : source.hours(start);
    for (const [hour, sums] of kept ?? []) hours.set(hour, { sums });
    const rows = kept === undefined ? source.rows(start, start + daySeconds) : (day.late ?? []);
    for (const fact of rows) addFactHour(hours, fact);
    return (day.hours = hours);
  };

  const collectRows = (
    rows: Iterable<Fact>,
    from: number,
    before: number,
    into: PeriodSums,
  ): void => {
    for (const fact of rows) if (fact.at >= from && fact.at < before) addFact(into, fact);
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
    for (const [hourStart, hour] of hoursOf(start, day)) {
      if (isOutside(hour.sums, from, before)) continue;
      if (isWithin(hour.sums, from, before)) {
        addWhole(hour.sums);
        continue;
      }
      hour.rows ??= [...source.rows(hourStart, hourStart + hourSeconds)];
      collectRows(hour.rows, from, before, into);
    }
  };

  return {
    loadDay(start, sums) {
      days.set(start, { sums, late: [] });
    },
    loadHour(start, sums) {
      const day = dayAt(dayOf(start));
      (day.hours ??= new Map<number, Hour>()).set(start, { sums });
      addCells(day.sums, sums);
      addDetail(day.sums.detail, sums.detail);
    },
    add(fact) {
      const day = dayAt(dayOf(fact.at));
      addFact(day.sums, fact);
      day.late?.push(fact);
      if (day.hours !== undefined) addFactHour(day.hours, fact);
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
      const hour = hoursOf(start, day).get(hourOf(from));
      if (before - from <= hourSeconds && hour !== undefined && isWithin(hour.sums, from, before)) {
        return hour.sums;
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
