import type { Database } from 'better-sqlite3';
import { createViews, type Reach, type SummedPast } from '../insight/view.ts';
import { type Cells, createCells } from '../sums/fact-rows.ts';
import { decodePeriod } from '../sums/codec.ts';
import { createDays, type Days } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import { createAddFact, holds, type PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds } from '../sums/time.ts';
import {
  createFactReader,
  type FactReader,
  type Ids,
  isSameIds,
  noIds,
  sourceOf,
} from './fact-reader.ts';
import { gapsOf, RollupFailure, type Rollups, type RollupState } from './rollups.ts';
import { createRuns } from './runs.ts';

/** The history in one database: the kept sums of its past, and what came after them row by row. */
export type Past = SummedPast & {
  /** About how many rows would have to be read one by one; 0 where it was read before. */
  rowsToRead(reach: Reach): number;
  /** Reads everything anew at the next call, from sums that were kept meanwhile. */
  forget(): void;
  close(): void;
};

/** Read ahead of the clock, so that what is recorded in the next minutes need not be read anew. */
const aheadSeconds = 2 * daySeconds;

type Loaded = {
  days: Days;
  reach: Reach;
  /** Of the kept sums that it began with. */
  kept: { build: number; ids: Ids } | undefined;
};

/** `open` opens the kept sums; undefined where there are none. */
export function createPast(database: Database, open: () => Rollups | undefined): Past {
  const cells = createCells();
  const facts = createFactReader(database, cells);
  const kept = createKept(database, open, cells);
  const memory = createMemory(facts, kept);
  /** The rows ahead of the clock that were found among those up to some. */
  let ahead: number | undefined;
  let countedThrough = noIds;

  const run = database.transaction((action: () => void) => action());

  const once = <Result>(reach: Reach, action: (days: Days) => Result): Result => {
    let result: { value: Result } | undefined;
    // In this order: the kept sums are never of later rows than those that are seen here.
    kept.read(() =>
      run.deferred(() => {
        result = { value: action(memory.bringUpToDate(reach)) };
      }),
    );
    if (result === undefined) throw new Error('the transaction did not run');
    return result.value;
  };

  const forget = (): void => {
    kept.close();
    memory.forget();
  };

  return {
    cells,
    viewOf: createViews(cells),
    rowsToRead(reach) {
      if (memory.has(reach)) return 0;
      kept.open();
      const { events, snapshots, calls } = facts.lastIds();
      const all = events + snapshots + calls;
      try {
        const state = kept.state();
        if (state === undefined) return all;
        const behind = all - state.ids.events - state.ids.snapshots - state.ids.calls;
        const pending = state.pending.filter((start) => start >= dayOf(reach.from));
        return behind + pending.length * state.rowsPerDay;
      } catch {
        return all;
      }
    },
    within(reach, action) {
      if (!memory.has(reach)) kept.open();
      try {
        return once(reach, action);
      } catch (error) {
        // Half of a refresh may be in; the next call starts anew.
        memory.forget();
        if (!(error instanceof RollupFailure)) throw error;
        kept.giveUp();
        return once(reach, action);
      }
    },
    ahead(from) {
      // Mostly there are none, and then only news can be some.
      if (ahead === undefined || ahead > 0) ahead = facts.countFrom(from, noIds);
      else ahead = facts.countFrom(from, countedThrough);
      countedThrough = memory.through();
      return ahead;
    },
    forget,
    close: forget,
  };
}

/** The sums that are kept of a database; while they are closed there are none. */
type Kept = ReturnType<typeof createKept>;

function createKept(database: Database, open: () => Rollups | undefined, cells: Cells) {
  let rollups: Rollups | undefined;
  let isGivenUp = false;
  /** Their last state, and whether they are of this database. */
  let checked: { state: RollupState | undefined; isOurs: boolean } | undefined;

  const close = (): void => {
    rollups?.close();
    rollups = undefined;
  };

  return {
    open(): void {
      if (!isGivenUp) rollups ??= open();
    },
    build: (): number | undefined => rollups?.build(),
    isSettled: (projectId: string): boolean => rollups?.isSettled(projectId) === true,
    /** What is kept of this database, if it is of this database; the same object while it is the same. */
    state(): RollupState | undefined {
      const state = rollups?.state();
      if (state !== checked?.state) {
        const isOurs = state !== undefined && sourceOf(database, state.ids) === state.source;
        checked = { state, isOurs };
      }
      return checked?.isOurs === true ? state : undefined;
    },
    *periods(
      { cells: names }: RollupState,
      unit: 'days' | 'hours',
      { from, before, aged }: Reach,
    ): Generator<[number, PeriodSums]> {
      const numbers = names.map(([model, taskType]) => cells.numberOf(model, taskType));
      const cellOf = (number: number): number => numbers[number] ?? -1;
      for (const [start, kept] of rollups?.periods(unit, from, before) ?? []) {
        yield [start, decodePeriod(kept, cellOf, aged)];
      }
    },
    /** All that is read of them meanwhile is of one state. */
    read(work: () => void): void {
      if (rollups === undefined) work();
      else rollups.read(work);
    },
    close,
    /** They cannot be read, and are not opened again. */
    giveUp(): void {
      close();
      isGivenUp = true;
    },
  };
}

/** The days that were read so far; each look reads only what is not in them. */
function createMemory(facts: FactReader, kept: Kept) {
  let loaded: Loaded | undefined;
  /** The rows that are read so far. */
  let through = noIds;
  const runs = createRuns({ isSettled: kept.isSettled, isBilled: facts.isBilled });
  const addFact = createAddFact(runs);

  /** The hours of a day, while the kept sums are of the rows that they were of when it was loaded. */
  const hoursOf = (day: number): ReadonlyMap<number, PeriodSums> | undefined => {
    const state = kept.state();
    if (state === undefined || !isSameIds(state.ids, loaded?.kept?.ids)) return undefined;
    const ofDay = { from: day, before: day + daySeconds, aged: loaded?.reach.aged === true };
    const hours = new Map(kept.periods(state, 'hours', ofDay));
    return hours.size > 0 ? hours : undefined;
  };

  const rowsOf = (from: number, before: number): Fact[] => {
    const rows: Fact[] = [];
    facts.byTime(from, before, through, (fact) => rows.push(fact));
    return rows;
  };

  /** As {@link newsOf}, as far as that was not known. */
  const learned = (after: Ids, last: Ids): News => {
    const { settled, billed } = newsOf(facts, after, last);
    return { settled: runs.settle(settled), billed: runs.bill(billed) };
  };

  const load = (reach: Reach): Loaded => {
    runs.forget();
    const state = kept.state();
    const last = facts.lastIds();
    const since = learned(state?.ids ?? noIds, last);
    through = last;
    const days = createDays({ rows: rowsOf, hours: hoursOf }, addFact, reach.aged);
    fill(days, { facts, kept, through }, state, reach);
    loaded = { days, reach, kept: state && { build: kept.build() ?? 0, ids: state.ids } };
    if (state !== undefined) renew(days, since, facts.misjudged(state.ids, last));
    return loaded;
  };

  /** Reaches further back; undefined where other sums are kept by now than it began with. */
  const extend = ({ days, reach, kept: began }: Loaded, from: number): Loaded | undefined => {
    const state = kept.state();
    if (state === undefined ? began !== undefined : !isSameIds(state.ids, began?.ids))
      return undefined;
    fill(days, { facts, kept, through }, state, { ...reach, from, before: reach.from });
    loaded = { days, reach: { ...reach, from }, kept: began };
    if (state !== undefined) {
      const since = newsOf(facts, state.ids, through);
      renew(days, since, facts.misjudged(state.ids, through));
    }
    return loaded;
  };

  const refresh = ({ days, reach }: Loaded): void => {
    const last = facts.lastIds();
    if (isSameIds(last, through)) return;
    const since = learned(through, last);
    // First, since days that are added up anew are read with their new rows.
    facts.byId(through, last, reach.from, reach.before, days.add);
    const misjudged = facts.misjudged(through, last);
    through = last;
    renew(days, since, misjudged);
  };

  return {
    has: (reach: Reach): boolean => loaded !== undefined && covers(loaded.reach, reach),
    through: (): Ids => through,
    forget(): void {
      loaded = undefined;
    },
    bringUpToDate(reach: Reach): Days {
      const isOfBuild = loaded?.kept === undefined || loaded.kept.build === kept.build();
      if (loaded !== undefined && isOfBuild) {
        const from = Math.min(loaded.reach.from, dayOf(reach.from));
        if (covers({ ...loaded.reach, from }, reach)) {
          refresh(loaded);
          const upToDate = from === loaded.reach.from ? loaded : extend(loaded, from);
          if (upToDate !== undefined) return upToDate.days;
        }
      }
      return load({
        from: dayOf(Math.min(reach.from, loaded?.reach.from ?? Infinity)),
        before: dayOf(reach.before) + aheadSeconds,
        aged: reach.aged || loaded?.reach.aged === true,
      }).days;
    },
  };
}

/** Puts a time into days that know nothing of it yet: kept sums, and rows up to some where there are none. */
function fill(
  days: Days,
  { facts, kept, through }: { facts: FactReader; kept: Kept; through: Ids },
  state: RollupState | undefined,
  reach: Reach,
): void {
  const { from, before } = reach;
  if (state === undefined) {
    facts.byTime(from, before, through, days.add);
    return;
  }
  for (const [start, sums] of kept.periods(state, 'days', reach)) days.loadDay(start, sums);
  const today = Math.max(from, dayOf(state.closed));
  const closed = Math.min(before, state.closed);
  const hours = kept.periods(state, 'hours', { ...reach, from: today, before: closed });
  for (const [start, sums] of hours) days.loadHour(start, sums);
  for (const [start, end] of gapsOf(state, from, before)) {
    facts.byTime(start, end, state.ids, days.add);
  }
  facts.byId(state.ids, through, from, before, days.add);
}

function covers(reach: Reach, wanted: Reach): boolean {
  return reach.from <= wanted.from && reach.before >= wanted.before && (reach.aged || !wanted.aged);
}

type News = Parameters<typeof holds>[1];

/** The runs that have snapshots, or calls, in rows after some. */
const newsOf = (facts: FactReader, after: Ids, last: Ids): News => ({
  settled: facts.projects('snapshots', after, last),
  billed: facts.projects('calls', after, last),
});

/** Adds up anew the days of misjudged tasks, and of runs that have snapshots, or calls, only since. */
function renew(days: Days, since: News, misjudged: readonly number[]): void {
  if (since.settled.length + since.billed.length + misjudged.length === 0) return;
  const starts = new Set(misjudged.map(dayOf));
  days.renew((sums, day) => !starts.has(day) && holds(sums, since));
}
