import type { Reach } from '../reads.ts';
import type { Cells } from '../sums/cells.ts';
import type { Days, DaySource } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import type { PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds } from '../sums/time.ts';
import type { Session } from './connector.ts';
import { factsWhere, summedTables } from './facts.ts';
import { type Frontier, within } from './frontier.ts';
import { keptSums, rollStateOf } from './kept-sums.ts';
import { Missing } from './missing.ts';
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

export const addFacts = (into: Loaded, facts: readonly Fact[]): void => {
  into.rows += facts.length;
  const { ahead } = into;
  // Mostly there are none; those of another clock are counted anew.
  if (ahead !== undefined && facts.some(({ at }) => at >= ahead.from)) into.ahead = undefined;
  for (const fact of facts) {
    (isOpen(into, fact.projectId) ? into.open : into.days).add(fact);
  }
};

/** The kept sums of a day tell how its runs count, as long as nothing came of them since. */
const noteRunsOf = ({ keptDays, changed, runs }: Loaded, day: number): void => {
  for (const [projectId, { tasks, live, unbilled }] of keptDays.get(day)?.detail.runs ?? []) {
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
        noteRunsOf(current(), dayOf(from));
        await learn(session, current(), facts);
        current().rowsAt.set(key, facts);
      });
    },
    hours(day) {
      const { hours, kept, reach } = current();
      const known = hours.get(day);
      if (known !== undefined) return known.size > 0 ? known : undefined;
      throw new Missing(async (session) => {
        const condition = `unit = 'hour' AND start >= $2 AND start < $3`;
        const found = await keptSums(session, { ...place, aged: reach.aged }, condition, [
          day,
          day + daySeconds,
        ]);
        // Hours of later sums are not those of the days that were loaded.
        if ((await rollStateOf(session, schema))?.before !== kept?.before) throw reload;
        hours.set(day, new Map(found.map(({ start, sums }) => [start, sums])));
      });
    },
  };
}

/** How many rows there are of a time that lies ahead of the clock, or later. */
export function countAhead(schema: string, current: Loaded, from: number): number {
  const { ahead } = current;
  if (ahead !== undefined && Math.abs(ahead.from - from) < aheadEverySeconds) return ahead.count;
  throw new Missing(async (session) => {
    const counts = summedTables.map(
      (table) => `(SELECT count(*) FROM ${schema}.${table} WHERE recorded_at >= $1)`,
    );
    const [[count] = [0]] = await session.rows<[number]>(`SELECT ${counts.join(' + ')}`, [from]);
    current.ahead = { from, count };
  });
}
