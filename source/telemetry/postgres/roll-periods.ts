import type { Cells } from '../sums/fact-rows.ts';
import type { Fact } from '../sums/facts.ts';
import { type AddFact, addPeriod, emptyPeriod } from '../sums/period.ts';
import { dayOf, daySeconds, hourOf, hourSeconds } from '../sums/time.ts';
import type { Session } from './connector.ts';
import { factsWhere, summedTables } from './facts.ts';
import type { Frontier } from './frontier.ts';
import { keptSums } from './kept-sums.ts';
import { dayParts, type KeptSums, layoutName } from './packed-sums.ts';
import {
  type ChangedRuns,
  type OpenRuns,
  type RollState,
  type RunBook,
  stillHolds,
} from './runs.ts';

/** Counts and times by which summing up goes. */
export type RollLimits = {
  /** Rows of one step, about: what one transaction brought is never divided. */
  rowsPerStep: number;
  /** Of a day, from which its hours are kept when it is over. */
  denseRows: number;
  /** A run without snapshots counts as one that has none when it was quiet for so long, in seconds. */
  openSeconds: number;
  /** How long after its end a day is closed, in seconds. */
  graceSeconds: number;
  /** Sums that are younger are left alone, in seconds. */
  restSeconds: number;
};
/** What one step of summing up works with. */
export type Step = {
  session: Session;
  schema: string;
  cells: Cells;
  runs: RunBook;
  addFact: AddFact;
  kept: RollState;
  frontier: Frontier;
  limits: RollLimits;
  now: number;
  droppedBefore: number;
};

/** Rows, with what has to be known of their runs. */
export async function learned(
  context: Step,
  condition: string,
  values: unknown[],
): Promise<Fact[]> {
  const { session, runs } = context;
  const facts = await factsWhere(session, context, condition, values);
  await runs.learn(session, new Set(facts.map(({ projectId }) => projectId)));
  return facts;
}

/** Sums that a step changed, and hours that it made needless. */
export type Periods = { changed: Map<string, KeptSums>; goneHours: number[] };

const keyOf = (unit: KeptSums['unit'], start: number): string => `${unit} ${start}`;

/** Adds rows to the sums of their hours and days, and closes days that are over. */
export async function addedTo(
  context: Step,
  { added, again, open }: { added: readonly Fact[]; again: ChangedRuns; open: OpenRuns },
): Promise<Periods> {
  const { session, schema, addFact, limits, now } = context;
  const restated = await hoursOf(session, schema, [
    ...again.settled,
    ...again.billed,
    ...again.judged,
  ]);
  const today = dayOf(now - limits.graceSeconds);
  const days = new Set([...added.map(({ at }) => dayOf(at)), ...restated.map(dayOf)]);
  for (const day of await openDays(session, schema, today)) days.add(day);
  const known = new Map<string, KeptSums>();
  const all = { ...context, units: ['hour', ...dayParts] as const, aged: true };
  const starts = [...days].map((day) => day / daySeconds);
  const condition = `start / ${daySeconds} = ANY ('{${starts.join(',')}}'::bigint[])`;
  for (const sums of await keptSums(session, all, condition)) {
    known.set(keyOf(sums.unit, sums.start), sums);
  }
  const changed = new Map<string, KeptSums>();
  const change = (unit: KeptSums['unit'], start: number): KeptSums => {
    const key = keyOf(unit, start);
    const sums = known.get(key) ?? { unit, start, rows: 0, sums: emptyPeriod(true) };
    known.set(key, sums);
    changed.set(key, sums);
    return sums;
  };
  const hasHours = new Set(
    [...known.values()].flatMap(({ unit, start }) => (unit === 'hour' ? dayOf(start) : [])),
  );
  for (const fact of added) {
    const day = dayOf(fact.at);
    const isClosed = known.has(keyOf('day', day));
    const into = [
      ...(isClosed ? [change('day', day)] : []),
      ...(!isClosed || hasHours.has(day) ? [change('hour', hourOf(fact.at))] : []),
    ];
    for (const period of into) {
      addFact(period.sums, fact);
      period.rows += 1;
    }
  }
  // Runs that were counted as they were then, and have snapshots or calls only now.
  for (const { unit, start, sums } of known.values()) {
    if (start < context.droppedBefore || stillHolds(sums, again)) continue;
    const seconds = unit === 'day' ? daySeconds : hourSeconds;
    const period = change(unit, start);
    period.sums = emptyPeriod(true);
    const rows = await learned(context, 'recorded_at >= $1 AND recorded_at < $2 AND stamp < $3', [
      start,
      start + seconds,
      context.frontier.before,
    ]);
    const counted = rows.filter(({ projectId }) => !Object.hasOwn(open, projectId));
    period.rows = counted.length;
    for (const fact of counted) addFact(period.sums, fact);
  }
  return { changed, goneHours: closeDays({ days, known, today, change, limits }) };
}

/** Days that are over get sums of their own; returns the hours that are not worth keeping then. */
function closeDays({
  days,
  known,
  today,
  change,
  limits,
}: {
  days: ReadonlySet<number>;
  known: ReadonlyMap<string, KeptSums>;
  today: number;
  change: (unit: KeptSums['unit'], start: number) => KeptSums;
  limits: RollLimits;
}): number[] {
  const gone: number[] = [];
  for (const start of days) {
    if (start >= today || known.has(keyOf('day', start))) continue;
    const hours = [...known.values()].filter(
      (kept) => kept.unit === 'hour' && dayOf(kept.start) === start,
    );
    if (hours.length === 0) continue;
    const day = change('day', start);
    for (const hour of hours) {
      addPeriod(day.sums, hour.sums);
      day.rows += hour.rows;
    }
    if (day.rows < limits.denseRows) gone.push(...hours.map((hour) => hour.start));
  }
  return gone;
}

/** The hours in which anything of some runs lies. */
async function hoursOf(
  session: Session,
  schema: string,
  projectIds: readonly string[],
): Promise<number[]> {
  if (projectIds.length === 0) return [];
  const hours = summedTables.map(
    (table) =>
      `SELECT floor(recorded_at / ${hourSeconds})::bigint * ${hourSeconds} AS hour
       FROM ${schema}.${table} WHERE project_id = ANY ($1::text[])`,
  );
  const rows = await session.rows<[number]>(
    `SELECT DISTINCT hour FROM (${hours.join(' UNION ALL ')}) AS h`,
    [projectIds],
  );
  return rows.map(([hour]) => hour);
}

/** Days before a time of which there are hours alone. */
async function openDays(session: Session, schema: string, today: number): Promise<number[]> {
  const rows = await session.rows<[number]>(
    `SELECT DISTINCT start / ${daySeconds} * ${daySeconds} FROM ${schema}.sums h
     WHERE layout = $1 AND unit = 'hour' AND start < $2 AND NOT EXISTS (SELECT FROM ${schema}.sums d
       WHERE d.layout = $1 AND d.unit = 'day' AND d.start = h.start / ${daySeconds} * ${daySeconds})`,
    [layoutName, today],
  );
  return rows.map(([day]) => day);
}
