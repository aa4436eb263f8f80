import { createViews } from '../insight/view.ts';
import type { Reach, SummedPast } from '../reads.ts';
import { createCells } from '../sums/cells.ts';
import { createDays, type Days } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import { type AddFact, createAddFact, type PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds } from '../sums/time.ts';
import type { Session } from './connector.ts';
import { factsWhere, summedTables } from './facts.ts';
import {
  beyond,
  type Frontier,
  frontierOf,
  type News,
  newsOf,
  nothingSeen,
  within,
} from './frontier.ts';
import { keptSums, rollStateOf } from './kept-sums.ts';
import { complete, Missing } from './missing.ts';
import { withOpenRuns } from './overlay.ts';
import { changedRuns, createRunBook, type RollState, type RunBook, stillHolds } from './runs.ts';

/** The history on a server: the kept sums of its past, and what came after them row by row. */
export type ServerPast = {
  /**
   * Brings it up to date, as of the session's transaction, and hands it to a read; the read may run
   * several times, until all that it turns out to need was fetched.
   */
  prepared<Result>(
    session: Session,
    reach: Reach,
    read: (past: SummedPast) => Result,
  ): Promise<Result>;
};

/** Read ahead of the clock, so that what is recorded in the next minutes need not be read anew. */
const aheadSeconds = 2 * daySeconds;
/** Rows beyond the kept sums after which these are read anew: by then most are among them. */
const mostRows = 50_000;
/** Rows ahead of the clock are counted anew when it has moved on so far, in seconds, or there is news. */
const aheadEverySeconds = 60;

type Loaded = {
  days: Days;
  reach: Reach;
  kept: RollState | undefined;
  seen: Frontier;
  runs: RunBook;
  addFact: AddFact;
  /** Rows of runs that may still end. */
  open: Map<string, Fact[]>;
  hours: Map<number, ReadonlyMap<number, PeriodSums>>;
  rows: number;
  /** How many rows there were of a time or later. */
  ahead?: { from: number; count: number } | undefined;
};

export function createServerPast(schema: string): ServerPast {
  const cells = createCells();
  const viewOf = createViews(cells);
  const place = { schema, cells };
  let loaded: Loaded | undefined;
  /** What was fetched for the read that runs. */
  const rowsAt = new Map<string, Fact[]>();

  const factsOf = async (
    session: Session,
    runs: RunBook,
    condition: string,
    values: readonly unknown[],
    news?: News,
  ): Promise<Fact[]> => {
    const facts = await factsWhere(session, place, condition, values, news);
    await runs.learn(session, new Set(facts.map(({ projectId }) => projectId)));
    return facts;
  };

  /** Whether the rows of a run are apart from the days. */
  const isOpen = ({ runs, open }: Loaded, projectId: string): boolean => {
    const { settled, rolled } = runs.of(projectId);
    return open.has(projectId) || (!settled && !rolled);
  };

  const add = (into: Loaded, facts: readonly Fact[]): void => {
    into.rows += facts.length;
    const { ahead } = into;
    // Mostly there are none; those of another clock are counted anew.
    if (ahead !== undefined && facts.some(({ at }) => at >= ahead.from)) into.ahead = undefined;
    for (const fact of facts) {
      if (!isOpen(into, fact.projectId)) into.days.add(fact);
      else {
        const rows = into.open.get(fact.projectId);
        if (rows === undefined) into.open.set(fact.projectId, [fact]);
        else rows.push(fact);
      }
    }
  };

  const sourceOf = (current: () => Loaded) => ({
    rows(from: number, before: number): Fact[] {
      const key = `${from} ${before}`;
      const rows = rowsAt.get(key);
      if (rows !== undefined) return rows.filter(({ projectId }) => !isOpen(current(), projectId));
      throw new Missing(async (session) => {
        const condition = 'recorded_at >= $1 AND recorded_at < $2';
        rowsAt.set(key, await factsOf(session, current().runs, condition, [from, before]));
      });
    },
    hours(day: number): ReadonlyMap<number, PeriodSums> | undefined {
      const { hours, kept, reach } = current();
      const known = hours.get(day);
      if (known !== undefined) return known.size > 0 ? known : undefined;
      throw new Missing(async (session) => {
        const now = await rollStateOf(session, schema);
        if (now?.before !== kept?.before) {
          // Hours of later sums are not those of the days that were loaded.
          throw reload;
        }
        const condition = `unit = 'hour' AND start >= $2 AND start < $3`;
        const found = await keptSums(session, { ...place, aged: reach.aged }, condition, [
          day,
          day + daySeconds,
        ]);
        hours.set(day, new Map(found.map(({ start, sums }) => [start, sums])));
      });
    },
  });

  const load = async (session: Session, reach: Reach): Promise<Loaded> => {
    const { frontier, droppedBefore } = await frontierOf(session, schema, nothingSeen);
    const kept = await rollStateOf(session, schema);
    const runs = createRunBook(schema, kept);
    const addFact = createAddFact({
      isLive: (projectId) => !runs.of(projectId).settled,
      isBilled: (projectId) => runs.of(projectId).billed,
    });
    const days = createDays(
      sourceOf(() => made),
      addFact,
      reach.aged,
    );
    const made: Loaded = {
      days,
      reach,
      kept,
      seen: frontier,
      runs,
      addFact,
      open: new Map(),
      hours: new Map(),
      rows: 0,
    };
    const { from, before } = reach;
    const inTime = 'recorded_at >= $1 AND recorded_at < $2';
    if (kept === undefined) {
      add(made, await factsOf(session, runs, inTime, [from, before]));
      return made;
    }
    await loadSums(session, made);
    const values = [from, before, kept.before, kept.pending, Object.keys(kept.open)];
    const condition = `${inTime} AND (${beyond(3, 4)} OR project_id = ANY ($5::text[]))`;
    add(made, await factsOf(session, runs, condition, values));
    const changed = await changedRuns(session, schema, kept);
    await complete(session, () =>
      days.renew((sums) => sums.lastAt < droppedBefore || stillHolds(sums, changed)),
    );
    return made;
  };

  const loadSums = async (session: Session, { days, reach }: Loaded): Promise<void> => {
    const condition = `start >= $2 AND start < $3 AND (unit = 'day' OR start / ${daySeconds} NOT IN (
      SELECT start / ${daySeconds} FROM ${schema}.sums WHERE layout = $1 AND unit = 'day'))`;
    const found = await keptSums(session, { ...place, aged: reach.aged }, condition, [
      dayOf(reach.from),
      Math.ceil(reach.before),
    ]);
    for (const { unit, start, sums } of found) {
      if (unit === 'day') days.loadDay(start, sums);
      else days.loadHour(start, sums);
    }
  };

  const refresh = async (session: Session, current: Loaded): Promise<void> => {
    const { frontier, hasNews, droppedBefore } = await frontierOf(session, schema, current.seen);
    if (hasNews) {
      const { runs, days, reach, seen, open } = current;
      const news = await newsOf(session, schema, seen);
      const changed = await changedRuns(session, schema, seen, news);
      const isNews = (projectId: string, what: 'settled' | 'billed'): boolean =>
        runs.has(projectId) && !runs.of(projectId)[what];
      const now = {
        settled: changed.settled.filter((projectId) => isNews(projectId, 'settled')),
        billed: changed.billed.filter((projectId) => isNews(projectId, 'billed')),
        judged: changed.judged,
      };
      for (const projectId of now.settled) runs.of(projectId).settled = true;
      for (const projectId of now.billed) runs.of(projectId).billed = true;
      const condition = `recorded_at >= $1 AND recorded_at < $2 AND ${beyond(3, 4)}`;
      const values = [reach.from, reach.before, seen.before, seen.pending];
      const facts = await factsOf(session, runs, condition, values, news);
      await readOpenAnew(session, current, now.judged);
      for (const projectId of now.settled) {
        const rows = open.get(projectId);
        open.delete(projectId);
        rows?.forEach(days.add);
      }
      // First, since days that are added up anew are read with their new rows.
      add(current, facts);
      await complete(session, () =>
        days.renew((sums) => sums.lastAt < droppedBefore || stillHolds(sums, now)),
      );
    }
    current.seen = frontier;
  };

  /** What was found of results of runs that go on is in their rows; the new ones of these come apart. */
  const readOpenAnew = async (
    session: Session,
    { open, reach, runs, seen }: Loaded,
    judged: readonly string[],
  ): Promise<void> => {
    const ids = judged.filter((projectId) => open.has(projectId));
    if (ids.length === 0) return;
    const condition = `recorded_at >= $1 AND recorded_at < $2 AND ${within(3, 4)}
      AND project_id = ANY ($5::text[])`;
    const values = [reach.from, reach.before, seen.before, seen.pending, ids];
    const facts = await factsOf(session, runs, condition, values);
    for (const projectId of ids) open.set(projectId, []);
    for (const fact of facts) open.get(fact.projectId)?.push(fact);
  };

  const upToDate = async (session: Session, reach: Reach): Promise<Loaded> => {
    if (loaded !== undefined && covers(loaded.reach, reach) && loaded.rows < mostRows) {
      await refresh(session, loaded);
      return loaded;
    }
    const wider = {
      from: dayOf(Math.min(reach.from, loaded?.reach.from ?? Infinity)),
      before: dayOf(reach.before) + aheadSeconds,
      aged: reach.aged || loaded?.reach.aged === true,
    };
    loaded = undefined;
    return load(session, wider);
  };

  const countAhead = (current: Loaded, from: number): number => {
    const { ahead } = current;
    if (ahead !== undefined && Math.abs(ahead.from - from) < aheadEverySeconds) return ahead.count;
    throw new Missing(async (session) => {
      const counts = summedTables.map(
        (table) => `(SELECT count(*) FROM ${schema}.${table} WHERE recorded_at >= $1)`,
      );
      const [[count] = [0]] = await session.rows<[number]>(`SELECT ${counts.join(' + ')}`, [from]);
      current.ahead = { from, count };
    });
  };

  const prepared: ServerPast['prepared'] = async (session, reach, read) => {
    rowsAt.clear();
    try {
      const current = (loaded = await upToDate(session, reach));
      const { addFact } = current;
      const over = withOpenRuns(current.days, current.open, { addFact, aged: current.reach.aged });
      const past: SummedPast = {
        cells,
        viewOf,
        within: (_, action) => action(over),
        ahead: (from) => countAhead(current, from),
      };
      return await complete(session, () => read(past));
    } catch (error) {
      // Half of a refresh may be in; the next call starts anew.
      loaded = undefined;
      if (error === reload) return prepared(session, reach, read);
      throw error;
    } finally {
      rowsAt.clear();
    }
  };
  return { prepared };
}

const reload = new Error('the sums have moved on');

function covers(reach: Reach, wanted: Reach): boolean {
  return reach.from <= wanted.from && reach.before >= wanted.before && (reach.aged || !wanted.aged);
}
