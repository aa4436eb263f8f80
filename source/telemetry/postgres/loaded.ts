import type { Reach } from '../insight/view.ts';
import type { Cells } from '../sums/fact-rows.ts';
import type { Days, DaySource } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import type { PeriodSums } from '../sums/period.ts';
import { positionOf } from '../sums/fields.ts';
import { dayOf, daySeconds, hourOf } from '../sums/time.ts';
import type { Session } from './connector.ts';
import { factsWhere, summedTables } from './facts.ts';
import { type Frontier, within } from './frontier.ts';
import { keptRuns, keptSums, rollStateOf, type SumsWanted } from './kept-sums.ts';
import { layoutName, type Unit } from './packed-sums.ts';
import { complete, Missing } from './missing.ts';
import type { OpenRuns } from './open-runs.ts';
import type { RollState, RunBook } from './runs.ts';

/** Rows ahead of the clock are counted anew when it has moved on so far, in seconds, or there is news. */
const aheadEverySeconds = 60;

/** Where facts are read from, and the numbers of their cells. */
export type Place = { schema: string; cells: Cells };

/** As much of a history as is held in memory. */
export type Loaded = {
  days: Days;
  reach: Reach;
  kept: RollState | undefined;
  hasOutcomes: boolean;
  /** What of the history is in here: all that is read later is read as of this. */
  seen: Frontier;
  /** The last page that is in here. */
  page: number;
  runs: RunBook;
  /** The kept sums of days, as they were loaded; and the runs that count in another way since. */
  keptDays: Map<number, PeriodSums>;
  changed: Set<string>;
  open: OpenRuns;
  hours: Map<number, ReadonlyMap<number, PeriodSums>>;
  /** Runs of kept days, and days of runs, that were fetched apart. */
  runsOf: Map<number, PeriodSums['detail']['runs']>;
  runDays: Map<string, ReadonlySet<number>>;
  rows: number;
  /** How many rows there were of a time or later. */
  ahead?: { from: number; count: number } | undefined;
  /** Rows of some times that the read which runs asked for. */
  rowsAt: Map<string, Fact[]>;
};

/** Whether the rows of a run are apart from the days. */
const isOpen = ({ runs, open }: Loaded, projectId: string): boolean => {
  const { settled, rolled } = runs.of(projectId);
  return open.has(projectId) || (!settled && !rolled);
};

export const learn = (
  session: Session,
  { runs, seen }: Loaded,
  facts: readonly Fact[],
): Promise<void> => runs.learn(session, new Set(facts.map(({ projectId }) => projectId)), seen);

export const unitsOf = ({ aged, runsFrom }: Reach): Unit[] => [
  'hour',
  'day',
  ...(aged ? (['day aged'] as const) : []),
  ...(runsFrom === undefined || runsFrom === Infinity ? [] : (['day runs'] as const)),
];

/** Adds rows that may lie in kept days: the runs of these are fetched before anything is changed. */
export const withRuns = (
  session: Session,
  { keptDays }: Loaded,
  facts: readonly Fact[],
): Promise<unknown> =>
  complete(session, () =>
    [...new Set(facts.map(({ at }) => dayOf(at)))].map((day) => keptDays.get(day)?.detail.runs),
  );

export const addFacts = async (
  session: Session,
  into: Loaded,
  facts: readonly Fact[],
): Promise<void> => {
  await withRuns(session, into, facts);
  into.rows += facts.length;
  const { ahead } = into;
  // Mostly there are none; those of another clock are counted anew.
  if (ahead !== undefined && facts.some(({ at }) => at >= ahead.from)) into.ahead = undefined;
  for (const fact of facts) {
    (isOpen(into, fact.projectId) ? into.open : into.days).add(fact);
  }
};

/** The kept sums of a day tell how its runs count, as long as nothing came of them since. */
const noteRunsOf = async (
  session: Session,
  { keptDays, changed, runs }: Loaded,
  day: number,
): Promise<void> => {
  const ofDay = await complete(session, () => keptDays.get(day)?.detail.runs);
  for (const [projectId, { tasks, live, unbilled }] of ofDay ?? []) {
    if (tasks === 0 || changed.has(projectId)) continue;
    runs.note(projectId, { settled: !live, billed: !unbilled, rolled: true });
  }
};

/** Thrown by a read of what was summed up anew meanwhile. */
export const reload = new Error('the sums have moved on');

/** What is not in memory is fetched as of what was seen. */
export function sourceOf(place: Place, current: () => Loaded): DaySource {
  const { schema } = place;
  return {
    rows(from, before) {
      const key = `${from} ${before}`;
      const rows = current().rowsAt.get(key);
      if (rows !== undefined) return rows.filter(({ projectId }) => !isOpen(current(), projectId));
      throw new Missing(async (session) => {
        const { seen, hasOutcomes } = current();
        const condition = `recorded_at >= $1 AND recorded_at < $2 AND ${within(3, 4)}`;
        const values = [from, before, seen.before, seen.pending];
        const facts = await factsWhere(session, { ...place, hasOutcomes }, condition, values);
        await noteRunsOf(session, current(), dayOf(from));
        await learn(session, current(), facts);
        current().rowsAt.set(key, facts);
      });
    },
    hours(day) {
      const { hours, kept, reach } = current();
      const known = hours.get(day);
      if (known !== undefined) return known.size > 0 ? known : undefined;
      throw new Missing(async (session) => {
        const wanted: SumsWanted = { ...place, units: ['hour'], aged: reach.aged };
        const ofDay = `start >= ${day} AND start < ${day + daySeconds}`;
        const found = await keptSums(session, wanted, ofDay);
        await expectSame(session, schema, kept);
        hours.set(day, new Map(found.map(({ start, sums }) => [start, sums])));
      });
    },
  };
}

/** Parts of later sums do not belong to the days that were loaded. */
async function expectSame(
  session: Session,
  schema: string,
  kept: RollState | undefined,
): Promise<void> {
  if ((await rollStateOf(session, schema))?.before !== kept?.before) throw reload;
}

/** The runs of a kept day. */
export function runsAt(
  place: Place,
  { runsOf, kept }: Loaded,
  day: number,
): PeriodSums['detail']['runs'] {
  const known = runsOf.get(day);
  if (known !== undefined) return known;
  throw new Missing(async (session) => {
    const found = await keptRuns(session, place, day);
    await expectSame(session, place.schema, kept);
    runsOf.set(day, found);
  });
}

/** Tasks of a day from which a window of days begins on the hour: the rows of one would be too many. */
const denseTasks = 24_000;

export function edgeOf({ keptDays }: Loaded, at: number): number {
  const { column } = keptDays.get(dayOf(at))?.inColumns ?? {};
  let tasks = 0;
  for (const count of column?.(positionOf('tasks')) ?? []) tasks += count;
  return tasks < denseTasks ? at : hourOf(at);
}

/** The days on which there is anything of a run. */
export function daysOfRun(
  schema: string,
  { runDays }: Loaded,
  projectId: string,
): ReadonlySet<number> {
  const known = runDays.get(projectId);
  if (known !== undefined) return known;
  throw new Missing(async (session) => {
    const days = summedTables.map(
      (table) => `SELECT recorded_at FROM ${schema}.${table} WHERE project_id = $1`,
    );
    const rows = await session.rows<[number]>(
      `SELECT DISTINCT floor(recorded_at / ${daySeconds}) * ${daySeconds} FROM (${days.join(' UNION ALL ')}) AS r`,
      [projectId],
    );
    runDays.set(projectId, new Set(rows.map(([day]) => day)));
  });
}

/** How many rows there are of a time that lies ahead of the clock, or later. */
export function countAhead(schema: string, current: Loaded, from: number): number {
  const { ahead } = current;
  if (ahead !== undefined && Math.abs(ahead.from - from) < aheadEverySeconds) return ahead.count;
  throw new Missing(async (session) => {
    if (await hasNoneAhead(session, schema, current, from)) {
      current.ahead = { from, count: 0 };
      return;
    }
    const counts = summedTables.map(
      (table) => `(SELECT count(*) FROM ${schema}.${table} WHERE recorded_at >= $1)`,
    );
    const [[count] = [0]] = await session.rows<[number]>(`SELECT ${counts.join(' + ')}`, [from]);
    current.ahead = { from, count };
  });
}

/** Whether the sums alone tell that there are none: there is nothing beside them, and none of them reaches so far. */
async function hasNoneAhead(
  session: Session,
  schema: string,
  { kept, days, keptDays, rows, reach }: Loaded,
  from: number,
): Promise<boolean> {
  if (kept === undefined || rows > 0) return false;
  const loaded = days
    .starts()
    .map((day) => keptDays.get(day) ?? days.period(day, day + daySeconds));
  if (loaded.some(({ lastAt }) => lastAt >= from)) return false;
  const [[isThere] = [true]] = await session.rows<[boolean]>(
    `SELECT EXISTS (SELECT FROM ${schema}.sums WHERE layout = $1 AND unit IN ('day', 'hour') AND start >= $2)`,
    [layoutName, Math.floor(reach.before)],
  );
  return !isThere;
}
