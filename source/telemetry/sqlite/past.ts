import type { Database } from 'better-sqlite3';
import { createViews, type Reach, type SummedPast } from '../insight/view.ts';
import { createCells } from '../sums/fact-rows.ts';
import { decodePeriod } from '../sums/codec.ts';
import { createDays, type Days } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import { createAddFact, holds, type PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds } from '../sums/time.ts';
import { createFactReader, type Ids, noIds, sourceOf } from './fact-reader.ts';
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
  let rollups: Rollups | undefined;
  let loaded: Loaded | undefined;
  /** The last state of the kept sums, and whether they are of this database. */
  let checked: { state: RollupState | undefined; isOurs: boolean } | undefined;
  /** The rows that are read so far. */
  let through = noIds;
  /** The rows ahead of the clock that were found among those up to some. */
  let ahead: number | undefined;
  let countedThrough = noIds;

  const runs = createRuns({
    isSettled: (projectId) => rollups?.isSettled(projectId) === true,
    isBilled: (projectId) => facts.isBilled(projectId),
  });
  const addFact = createAddFact(runs);

  /** What is kept of this database, if it is of this database; the same object while it is the same. */
  const keptState = (): RollupState | undefined => {
    const state = rollups?.state();
    if (state !== checked?.state) {
      const isOurs = state !== undefined && sourceOf(database, state.ids) === state.source;
      checked = { state, isOurs };
    }
    return checked?.isOurs === true ? state : undefined;
  };

  const periodsOf = function* (
    { cells: names }: RollupState,
    unit: 'days' | 'hours',
    from: number,
    before: number,
    aged: boolean,
  ): Generator<[number, PeriodSums]> {
    const numbers = names.map(([model, taskType]) => cells.numberOf(model, taskType));
    const cellOf = (number: number): number => numbers[number] ?? -1;
    for (const [start, kept] of rollups?.periods(unit, from, before) ?? []) {
      yield [start, decodePeriod(kept, cellOf, aged)];
    }
  };

  /** The hours of a day, while the kept sums are of the rows that they were of when it was loaded. */
  const hoursOf = (day: number): ReadonlyMap<number, PeriodSums> | undefined => {
    const state = keptState();
    if (state === undefined || !isSame(state.ids, loaded?.kept?.ids)) return undefined;
    const hours = new Map(
      periodsOf(state, 'hours', day, day + daySeconds, loaded?.reach.aged === true),
    );
    return hours.size > 0 ? hours : undefined;
  };

  /** Puts a time into days that know nothing of it yet. */
  const fill = (
    days: Days,
    state: RollupState | undefined,
    { from, before, aged }: Reach,
  ): void => {
    if (state === undefined) {
      facts.byTime(from, before, through, days.add);
      return;
    }
    for (const [start, sums] of periodsOf(state, 'days', from, before, aged)) {
      days.loadDay(start, sums);
    }
    const today = Math.max(from, dayOf(state.closed));
    const closed = Math.min(before, state.closed);
    for (const [start, sums] of periodsOf(state, 'hours', today, closed, aged)) {
      days.loadHour(start, sums);
    }
    for (const [start, end] of gapsOf(state, from, before)) {
      facts.byTime(start, end, state.ids, days.add);
    }
    facts.byId(state.ids, through, from, before, days.add);
  };

  /** The runs that have snapshots, or calls, only in rows after some, as far as that was not known. */
  const learned = (after: Ids, last: Ids): News => ({
    settled: runs.settle(facts.projects('snapshots', after, last)),
    billed: runs.bill(facts.projects('calls', after, last)),
  });

  const load = (reach: Reach): Loaded => {
    runs.forget();
    const state = keptState();
    const last = facts.lastIds();
    const since = learned(state?.ids ?? noIds, last);
    through = last;
    const source = {
      rows(from: number, before: number) {
        const rows: Fact[] = [];
        facts.byTime(from, before, through, (fact) => rows.push(fact));
        return rows;
      },
      hours: hoursOf,
    };
    const days = createDays(source, addFact, reach.aged);
    fill(days, state, reach);
    const kept = state && { build: rollups?.build() ?? 0, ids: state.ids };
    loaded = { days, reach, kept };
    if (kept !== undefined) renew(days, since, facts.misjudged(kept.ids, last));
    return loaded;
  };

  /** Reaches further back; undefined where other sums are kept by now than it began with. */
  const extend = ({ days, reach, kept }: Loaded, from: number): Loaded | undefined => {
    const state = keptState();
    if (state === undefined ? kept !== undefined : !isSame(state.ids, kept?.ids)) return undefined;
    fill(days, state, { ...reach, from, before: reach.from });
    loaded = { days, reach: { ...reach, from }, kept };
    if (state !== undefined) {
      const settled = facts.projects('snapshots', state.ids, through);
      const billed = facts.projects('calls', state.ids, through);
      renew(days, { settled, billed }, facts.misjudged(state.ids, through));
    }
    return loaded;
  };

  const refresh = ({ days, reach }: Loaded): void => {
    const last = facts.lastIds();
    if (isSame(last, through)) return;
    const since = learned(through, last);
    // First, since days that are added up anew are read with their new rows.
    facts.byId(through, last, reach.from, reach.before, days.add);
    const misjudged = facts.misjudged(through, last);
    through = last;
    renew(days, since, misjudged);
  };

  const run = database.transaction((action: () => void) => action());

  const bringUpToDate = (reach: Reach): Loaded => {
    if (loaded !== undefined && isOfBuild(loaded)) {
      const from = Math.min(loaded.reach.from, dayOf(reach.from));
      if (covers({ ...loaded.reach, from }, reach)) {
        refresh(loaded);
        if (from === loaded.reach.from) return loaded;
        const extended = extend(loaded, from);
        if (extended !== undefined) return extended;
      }
    }
    return load({
      from: dayOf(Math.min(reach.from, loaded?.reach.from ?? Infinity)),
      before: dayOf(reach.before) + aheadSeconds,
      aged: reach.aged || loaded?.reach.aged === true,
    });
  };

  const isOfBuild = ({ kept }: Loaded): boolean =>
    kept === undefined || kept.build === rollups?.build();

  const once = <Result>(reach: Reach, action: (days: Days) => Result): Result => {
    let result: { value: Result } | undefined;
    const work = (): void =>
      run.deferred(() => {
        result = { value: action(bringUpToDate(reach).days) };
      });
    // In this order: the kept sums are never of later rows than those that are seen here.
    if (rollups === undefined) work();
    else rollups.read(work);
    if (result === undefined) throw new Error('the transaction did not run');
    return result.value;
  };

  const withoutRollups = (): void => {
    rollups?.close();
    rollups = undefined;
    loaded = undefined;
  };

  return {
    cells,
    viewOf: createViews(cells),
    rowsToRead(reach) {
      if (loaded !== undefined && covers(loaded.reach, reach)) return 0;
      rollups ??= open();
      const { events, snapshots, calls } = facts.lastIds();
      const all = events + snapshots + calls;
      try {
        const state = keptState();
        if (state === undefined) return all;
        const behind = all - state.ids.events - state.ids.snapshots - state.ids.calls;
        const pending = state.pending.filter((start) => start >= dayOf(reach.from));
        return behind + pending.length * state.rowsPerDay;
      } catch {
        return all;
      }
    },
    within(reach, action) {
      if (loaded === undefined || !covers(loaded.reach, reach)) rollups ??= open();
      try {
        return once(reach, action);
      } catch (error) {
        // Half of a refresh may be in; the next call starts anew.
        loaded = undefined;
        if (!(error instanceof RollupFailure)) throw error;
        withoutRollups();
        open = () => undefined;
        return once(reach, action);
      }
    },
    ahead(from) {
      // Mostly there are none, and then only news can be some.
      if (ahead === undefined || ahead > 0) ahead = facts.countFrom(from, noIds);
      else ahead = facts.countFrom(from, countedThrough);
      countedThrough = through;
      return ahead;
    },
    forget: withoutRollups,
    close: withoutRollups,
  };
}

function isSame(ids: Ids, others: Ids | undefined): boolean {
  return (
    ids.events === others?.events &&
    ids.snapshots === others.snapshots &&
    ids.calls === others.calls &&
    ids.outcomes === others.outcomes
  );
}

function covers(reach: Reach, wanted: Reach): boolean {
  return reach.from <= wanted.from && reach.before >= wanted.before && (reach.aged || !wanted.aged);
}

type News = Parameters<typeof holds>[1];

/** Adds up anew the days of misjudged tasks, and of runs that have snapshots, or calls, only since. */
function renew(days: Days, since: News, misjudged: readonly number[]): void {
  if (since.settled.length + since.billed.length + misjudged.length === 0) return;
  const starts = new Set(misjudged.map(dayOf));
  days.renew((sums, day) => !starts.has(day) && holds(sums, since));
}
