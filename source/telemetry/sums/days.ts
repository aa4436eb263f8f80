import type { Fact } from './facts.ts';
import { addCells, type AddFact, addPeriod, emptyPeriod, type PeriodSums } from './period.ts';
import { dayOf, daySeconds, hourOf, hourSeconds } from './time.ts';
import { type Field, positionOf } from './fields.ts';
import { addDetail, copyOfJudgements, type Detail } from './detail.ts';

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
  /** The sums of one day or less, to be read only: a whole day or hour is handed out as it is. */
  period(from: number, before: number): PeriodSums;
  /** The same without one run, from single rows. */
  periodWithout(projectId: string, from: number, before: number): PeriodSums;
  /** Whether a run did anything on the day that starts then. */
  hasRun(day: number, projectId: string): boolean;
  /** Starts of the days that hold anything, ascending. */
  starts(): number[];
  /** Adds up those days anew whose sums do not hold any more. */
  renew(holds: (sums: PeriodSums, day: number) => boolean): void;
};

type Hour = {
  sums: PeriodSums;
  /** Of an hour that was kept, once they are needed. */
  rows?: Fact[];
};
type Day = {
  sums: PeriodSums;
  /** By their starts, once they are needed. */
  hours?: Map<number, Hour>;
  /** Of the hours after an edge of a window, and of those before one. */
  totals?: { start: Total; end: Total };
  /** Rows that came after it was loaded; undefined of a day that was not. */
  late?: Fact[];
};

export function createDays(source: DaySource, addFact: AddFact, aged: boolean): Days {
  const days = new Map<number, Day>();

  const summed = (facts: readonly Fact[]): PeriodSums => {
    const sums = emptyPeriod(aged);
    for (const fact of facts) addFact(sums, fact);
    return sums;
  };

  const dayAt = (start: number): Day => {
    let day = days.get(start);
    if (day === undefined) days.set(start, (day = { sums: emptyPeriod(aged) }));
    return day;
  };

  const addToHour = (hours: Map<number, Hour>, fact: Fact): void => {
    const start = hourOf(fact.at);
    let hour = hours.get(start);
    if (hour === undefined) hours.set(start, (hour = { sums: emptyPeriod(aged), rows: [] }));
    addFact(hour.sums, fact);
    hour.rows?.push(fact);
  };

  const hoursOf = (start: number, day: Day): Map<number, Hour> => {
    const kept = day.late === undefined ? undefined : source.hours(start);
    const hours = new Map<number, Hour>();
    kept?.forEach((sums, hour) => hours.set(hour, { sums }));
    const rows = kept === undefined ? source.rows(start, start + daySeconds) : day.late;
    for (const fact of rows ?? []) addToHour(hours, fact);
    return hours;
  };

  return {
    loadDay(start, sums) {
      days.set(start, { sums, late: [] });
    },
    loadHour(start, sums) {
      const day = dayAt(dayOf(start));
      (day.hours ??= new Map<number, Hour>()).set(start, { sums });
      addPeriod(day.sums, sums);
    },
    add(fact) {
      const day = dayAt(dayOf(fact.at));
      addFact(day.sums, fact);
      day.late?.push(fact);
      if (day.hours !== undefined) addToHour(day.hours, fact);
    },
    period(from, before) {
      const start = dayOf(from);
      const day = days.get(start);
      if (day === undefined || isOutside(day.sums, from, before)) return emptyPeriod(aged);
      if (isWithin(day.sums, from, before)) return day.sums;
      day.hours ??= hoursOf(start, day);
      const hours = [...day.hours].filter(([, { sums }]) => !isOutside(sums, from, before));
      const whole = hours.filter(([, { sums }]) => isWithin(sums, from, before));
      const [only] = whole;
      if (hours.length === 1 && only !== undefined) return only[1].sums;
      const total = (day.totals ??= {
        start: createTotal({ aged, addDetail }),
        end: createTotal({ aged, addDetail }),
      })[from > start ? 'end' : 'start'];
      const into = total(
        whole.map(([, { sums }]) => sums),
        { toAddTo: true },
      );
      for (const [hour, ofHour] of hours) {
        if (isWithin(ofHour.sums, from, before)) continue;
        ofHour.rows ??= source.rows(hour, hour + hourSeconds);
        for (const fact of ofHour.rows) {
          if (fact.at >= from && fact.at < before) addFact(into, fact);
        }
      }
      return into;
    },
    periodWithout: (projectId, from, before) =>
      summed(source.rows(from, before).filter((fact) => fact.projectId !== projectId)),
    hasRun: (day, projectId) => days.get(day)?.sums.detail.runs.has(projectId) === true,
    starts: () => [...days.keys()].toSorted((a, b) => a - b),
    renew(holds) {
      for (const [start, day] of days) {
        if (holds(day.sums, start)) continue;
        days.set(start, { sums: summed(source.rows(start, start + daySeconds)) });
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

/** Adds up periods. The sums are to be read only, or `toAddTo`: the caller's own. */
type Total = (periods: readonly PeriodSums[], options?: { toAddTo: boolean }) => PeriodSums;

/**
 * For someone who adds up nearly the same periods again and again: the sums of those that come first and
 * did not change since the last time are at hand; where none changed, they are the same object. `addDetail`
 * adds what is wanted besides the cells; `only` names the sums that are wanted, where not all are.
 */
export function createTotal({
  aged = false,
  only,
  addDetail,
}: {
  aged?: boolean;
  only?: readonly Field[];
  addDetail?: (target: Detail, source: Detail) => void;
} = {}): Total {
  const positions = only?.map(positionOf);
  let last: { period: PeriodSums; version: number }[] = [];
  /** The sums of so many of the first. */
  let known = { count: 0, sums: emptyPeriod(aged) };

  const add = (into: PeriodSums, periods: readonly PeriodSums[]): PeriodSums => {
    for (const period of periods) {
      addCells(into, period, positions);
      // It is taken apart only where somebody wants it.
      addDetail?.(into.detail, period.detail);
    }
    return into;
  };

  return (periods, { toAddTo } = { toAddTo: false }) => {
    const changed = periods.findIndex(
      (period, index) => last[index]?.period !== period || last[index].version !== period.version,
    );
    const count = changed < 0 ? periods.length : changed;
    if (count !== known.count) {
      known = { count, sums: add(emptyPeriod(aged), periods.slice(0, count)) };
    }
    last = periods.map((period) => ({ period, version: period.version }));
    return count === periods.length && !toAddTo
      ? known.sums
      : add(copyOf(known.sums), periods.slice(count));
  };
}

function copyOf(period: PeriodSums): PeriodSums {
  const { runs, money, quarters, leftOut } = period.detail;
  return {
    ...period,
    inColumns: undefined,
    cells: new Map(Array.from(period.cells, ([cell, sums]) => [cell, sums.slice()])),
    judgements: copyOfJudgements(period.judgements),
    detail: { runs: new Map(runs), money: new Map(money), quarters: new Map(quarters), leftOut },
  };
}
