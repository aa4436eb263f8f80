import type { Database } from 'better-sqlite3';
import type { Clock } from '../../domain/runtime.ts';
import { createCells } from '../sums/fact-rows.ts';
import { decodePeriod, encodePeriod, fileLayout } from '../sums/codec.ts';
import type { Fact } from '../sums/facts.ts';
import { createAddFact, emptyPeriod, holds, type PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds, hourOf, hourSeconds } from '../sums/time.ts';
import { createFactReader, type FactReader, type Ids, noIds, sourceOf } from './fact-reader.ts';
import {
  newestStretch,
  RollupFailure,
  type Rollups,
  type RollupState,
  type Unit,
} from './rollups.ts';
import { createRuns } from './runs.ts';

/** Counts of rows by which summing up goes. */
type BuildLimits = {
  /** From which sums are worth a file. */
  leastRows: number;
  /** Behind the sums, from which they are brought forward though no day has ended. */
  mostBehind: number;
  /** Of today, from which its hours are summed up as they end; of another day, from which hours are worth it. */
  denseRows: number;
  /** That one step reads at most, but for a day that has more. */
  rowsPerStep: number;
  /** Days, or hours, that are swept at once: of how many rows they are is only guessed. */
  mostAtOnce: number;
  /** How many days ago an edge of a usual window lies: of those days the hours are kept as well. */
  edges: readonly number[];
};
export const usualLimits: BuildLimits = {
  leastRows: 4096,
  mostBehind: 4096,
  denseRows: 1500,
  rowsPerStep: 5000,
  mostAtOnce: 1,
  // Windows of 30 days and those before them, of 90 days, and the horizon of a warm start.
  edges: [30, 60, 90],
};

/** A history is not longer, unless some of its rows have a wrong time. */
const mostDays = 3660;
/** How long after its end a day is summed up: what is on its way then need not be summed twice. */
const graceSeconds = 60;

/** Summing up in steps, each short enough for records to wait meanwhile. */
export type Build = {
  /** One step; whether there may be more to do. Nothing that is the matter with the sums is thrown. */
  step(): boolean;
  close(): void;
};

/**
 * Sums up what is not summed up yet of a database, day by day, the newest first. `open` is called once
 * there is something to keep, and answers undefined where nothing can be kept.
 */
export function createBuild(
  database: Database,
  open: () => Rollups | undefined,
  now: Clock,
  limits: BuildLimits = usualLimits,
): Build {
  let rollups: Rollups | undefined;
  /** Whether all rows are there that were summed up; counting them takes a while, so it is done once. */
  let isCounted = false;
  const rows = database
    .prepare<[], number>(
      `SELECT coalesce((SELECT max(id) FROM routing_events), 0)
         + coalesce((SELECT max(id) FROM model_snapshots), 0)`,
    )
    .pluck();
  const consistently = database.transaction((action: () => void) => action());
  const close = (): void => {
    rollups?.close();
    rollups = undefined;
  };

  return {
    step() {
      try {
        if (rollups?.isThere() === false) close();
        if (rollups === undefined && (rows.get() ?? 0) < limits.leastRows) return false;
        const kept = (rollups ??= open());
        if (kept === undefined) return false;
        return kept.write(() => {
          let isMore = false;
          // In this order: the sums are never of later rows than those that are seen here.
          consistently.deferred(() => {
            if (!isCounted && isAnyDeleted(database, kept)) kept.reset();
            isCounted = true;
            isMore = buildStep(database, kept, now(), limits);
          });
          return isMore;
        });
      } catch (error) {
        if (!(error instanceof RollupFailure)) throw error;
        close();
        return false;
      }
    },
    close,
  };
}

/** Whether somebody deleted rows by hand, between those that tell the database from others. */
function isAnyDeleted(database: Database, rollups: Rollups): boolean {
  const state = rollups.state();
  if (state === undefined) return false;
  const facts = createFactReader(database, createCells());
  return facts.count() - facts.countFrom(-Infinity, state.ids) !== state.rows;
}

function buildStep(
  database: Database,
  rollups: Rollups,
  now: number,
  limits: BuildLimits,
): boolean {
  const known = rollups.state();
  const isSame = known !== undefined && sourceOf(database, known.ids) === known.source;
  if (!isSame) rollups.reset();
  const state: RollupState = isSame
    ? { ...known, pending: [...known.pending] }
    : {
        layout: fileLayout,
        source: '',
        rows: 0,
        ids: noIds,
        closed: -Infinity,
        pending: [],
        rowsPerDay: 0,
        cells: [],
      };
  const cells = createCells(state.cells);
  const facts = createFactReader(database, cells);
  const last = facts.lastIds();
  const limit = limitOf(facts, state, last, now, limits);
  const behind = sizeOf(last) - sizeOf(state.ids);
  const isMisjudged = facts.misjudged(state.ids, last).some((at) => at < state.closed);
  if (behind > limits.mostBehind || limit > state.closed || isMisjudged)
    bringForward(facts, rollups, state, last, limit, limits);
  else if (state.pending.length === 0) return false;
  sumSome(facts, rollups, state, limits);
  rollups.putState({
    ...state,
    source: sourceOf(database, state.ids),
    cells: cells.all().map(({ model, taskType }) => [model, taskType]),
  });
  return state.pending.length > 0;
}

const sizeOf = ({ events, snapshots, calls }: Ids): number => events + snapshots + calls;

/** Up to when all is over: the last day's end, or the last hour's on a day of many rows. */
function limitOf(
  facts: FactReader,
  { closed, ids }: RollupState,
  last: Ids,
  now: number,
  { mostBehind, denseRows }: BuildLimits,
): number {
  const today = dayOf(now - graceSeconds);
  if (sizeOf(last) - sizeOf(ids) <= mostBehind) return Math.max(today, closed);
  const isDense = facts.countFrom(today, noIds) > denseRows;
  return Math.max(closed, isDense ? hourOf(now - graceSeconds) : today);
}

/** Finds which periods have to be summed up, or again, so that the sums are of all rows there are. */
function bringForward(
  facts: FactReader,
  rollups: Rollups,
  state: RollupState,
  last: Ids,
  limit: number,
  { edges }: BuildLimits,
): void {
  const { ids, closed } = state;
  const today = dayOf(limit);
  const unitStart = (start: number): number => (start < today ? dayOf(start) : start);
  const pending = new Set(state.pending.map(unitStart));
  const add = (starts: readonly number[]): void => {
    for (const start of starts) pending.add(unitStart(start));
  };
  const isFirst = closed === -Infinity;
  // What was not over yet, and has rows among the older ones too.
  const since = isFirst ? today : closed;
  for (let start = since; start < limit; start += hourSeconds) pending.add(unitStart(start));
  const settled = facts.projects('snapshots', ids, last);
  if (isFirst) {
    add(daysOf(facts, last, today));
    state.rowsPerDay = Math.ceil(sizeOf(last) / Math.max(1, pending.size));
    state.rows = facts.count();
  } else {
    add(facts.startsById(ids, last, daySeconds, -Infinity, today));
    add(facts.startsById(ids, last, hourSeconds, today, limit));
    const news = settled.filter((projectId) => !rollups.isSettled(projectId));
    add(outdated(rollups, { settled: news, billed: facts.projects('calls', ids, last) }));
    const misjudged = facts.misjudged(ids, last).filter((at) => at < limit);
    add(misjudged.map((at) => (at < today ? at : hourOf(at))));
    if (dayOf(closed) < today) add(moveEdges(rollups, today, edges));
    state.rows += facts.countFrom(-Infinity, ids);
    for (const start of pending) {
      if (start < today) rollups.drop('days', start, start + 1);
      rollups.drop('hours', start, start + (start < today ? daySeconds : 1));
    }
  }
  rollups.settle(settled);
  state.ids = last;
  state.closed = limit;
  state.pending = [...pending].toSorted((a, b) => a - b);
}

/** Days that may hold rows; to look which of them do takes longer than to find some empty. */
function daysOf(facts: FactReader, last: Ids, today: number): number[] {
  const [first, end] = facts.extent(today).map(dayOf);
  // The first of all rows may be one of today, or later.
  if (first === undefined || end === undefined || !(first < today)) return [];
  const days = (end - first) / daySeconds + 1;
  // Rows of another clock, or of another unit.
  if (days > mostDays) return facts.startsById(noIds, last, daySeconds, -Infinity, today);
  return Array.from({ length: days }, (_, index) => first + index * daySeconds);
}

/** Lets go of the hours of days that no usual window cuts any more; those that one cuts now. */
function moveEdges(rollups: Rollups, today: number, edges: readonly number[]): number[] {
  const cut = edges.map((days) => today - days * daySeconds);
  for (const [hour] of rollups.periods('hours', -Infinity, today)) {
    if (!cut.includes(dayOf(hour))) rollups.drop('hours', hour, hour + 1);
  }
  return cut.filter((day) => {
    const [hours] = rollups.periods('hours', day, day + daySeconds);
    const [sums] = rollups.periods('days', day, day + 1);
    return hours === undefined && sums !== undefined;
  });
}

/** Kept periods that were summed up when runs had no snapshots, or calls, that have some now. */
function outdated(rollups: Rollups, news: { settled: string[]; billed: string[] }): number[] {
  if (news.settled.length + news.billed.length === 0) return [];
  return (['days', 'hours'] as const).flatMap((unit) =>
    [...rollups.periods(unit, -Infinity, Infinity)].flatMap(([start, kept]) =>
      holds(
        decodePeriod(kept, (number) => number, false),
        news,
      )
        ? []
        : [start],
    ),
  );
}

/** Sums up the newest of what is pending. */
function sumSome(
  facts: FactReader,
  rollups: Rollups,
  state: RollupState,
  { denseRows, rowsPerStep, mostAtOnce, edges }: BuildLimits,
): void {
  const runs = createRuns({
    isSettled: (projectId) => rollups.isSettled(projectId),
    isBilled: (projectId) => facts.isBilled(projectId),
  });
  const addFact = createAddFact(runs);
  const put = (unit: Unit, start: number, sums: PeriodSums): void =>
    rollups.putPeriod(unit, start, encodePeriod(sums));
  const today = dayOf(state.closed);
  for (let read = 0; read < rowsPerStep;) {
    const most = Math.min(mostAtOnce, (rowsPerStep - read) / Math.max(1, state.rowsPerDay));
    const stretch = newestStretch(state.pending, today, most);
    if (stretch === undefined) return;
    const { from, before, isDay } = stretch;
    const unitOf = isDay ? dayOf : hourOf;
    let count = 0;
    const units = new Map<number, { sums: PeriodSums; rows?: Fact[] }>();
    facts.byTime(from, before, state.ids, (fact) => {
      const start = unitOf(fact.at);
      let unit = units.get(start);
      if (unit === undefined) {
        const isCut = isDay && edges.includes((today - start) / daySeconds);
        // Only of a day that is cut its rows are wanted again.
        units.set(start, (unit = { sums: emptyPeriod(true), ...(isCut ? { rows: [] } : {}) }));
      }
      count += 1;
      addFact(unit.sums, fact);
      unit.rows?.push(fact);
    });
    read += count;
    for (const [start, { sums, rows = [] }] of units) {
      put(isDay ? 'days' : 'hours', start, sums);
      if (rows.length <= denseRows) continue;
      for (const [hour, ofHour] of Map.groupBy(rows, ({ at }) => hourOf(at))) {
        const sumsOfHour = emptyPeriod(true);
        for (const fact of ofHour) addFact(sumsOfHour, fact);
        put('hours', hour, sumsOfHour);
      }
    }
  }
}
