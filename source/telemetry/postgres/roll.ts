import type { Clock } from '../../domain/runtime.ts';
import { type Cells, createCells } from '../sums/cells.ts';
import type { Fact } from '../sums/facts.ts';
import { type AddFact, addPeriod, createAddFact, emptyPeriod, holds } from '../sums/period.ts';
import { dayOf, daySeconds, hourOf, hourSeconds } from '../sums/time.ts';
import type { Connector, Session } from './connector.ts';
import { factsWhere, summedTables } from './facts.ts';
import { beyond, type Frontier, frontierOf } from './frontier.ts';
import { type KeptSums, keptSums, layoutName, packSums } from './kept-sums.ts';
import { changedRuns, createRunBook, type OpenRuns, type RollState, type RunBook } from './runs.ts';

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
const usualLimits: RollLimits = {
  rowsPerStep: 20_000,
  denseRows: 20_000,
  openSeconds: 6 * hourSeconds,
  graceSeconds: 600,
  restSeconds: 2,
};

type Step = {
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

/**
 * Adds a step of what is new to the sums of this program's layout; whether there is more. Whoever writes
 * may do it, one at a time: who comes second finds it being done.
 */
export async function rollUp(
  connector: Connector,
  { now, limits: given = {} }: { now: Clock; limits?: Partial<RollLimits> },
): Promise<boolean> {
  const limits = { ...usualLimits, ...given };
  const { schema } = connector.address;
  return connector.transaction({ changes: true }, async (session) => {
    const kept = await lock(session, schema, limits.restSeconds);
    if (kept === undefined) return false;
    const {
      frontier: end,
      oldest,
      hasNews,
      droppedBefore,
    } = await frontierOf(session, schema, kept);
    const expired = Object.values(kept.open).some((at) => at < now() - limits.openSeconds);
    if (!hasNews && !expired) return false;
    const cut = await cutOf(session, schema, kept, limits.rowsPerStep);
    const isWhole = cut === undefined || cut > oldest;
    const frontier = isWhole ? end : { before: cut, pending: [] };
    const cells = createCells();
    const runs = createRunBook(schema, kept);
    const addFact = createAddFact({
      isLive: (projectId) => !runs.of(projectId).settled,
      isBilled: (projectId) => runs.of(projectId).billed,
    });
    await step({
      session,
      schema,
      cells,
      runs,
      addFact,
      kept,
      frontier,
      limits,
      now: now(),
      droppedBefore,
    });
    return !isWhole;
  });
}

type Locked = [before: number, pending: number[], open: OpenRuns, age: number];

async function lock(
  session: Session,
  schema: string,
  restSeconds: number,
): Promise<RollState | undefined> {
  const [row] = await session.rows<Locked>(
    `SELECT before, pending::text[], open, age FROM ${schema}.lock_roll($1)`,
    [layoutName],
  );
  if (row === undefined || row[3] < restSeconds) return undefined;
  return { before: row[0], pending: row[1].map(Number), open: row[2] };
}

/** The stamp before which about so many rows lie that are new; undefined where there are fewer. */
async function cutOf(
  session: Session,
  schema: string,
  { before }: Frontier,
  rowsPerStep: number,
): Promise<number | undefined> {
  const stamps = summedTables.map(
    (table) =>
      `(SELECT stamp FROM ${schema}.${table} WHERE stamp >= $1 ORDER BY stamp LIMIT $2 + 1)`,
  );
  const [row] = await session.rows<[number]>(
    `SELECT stamp FROM (${stamps.join(' UNION ALL ')}) AS s ORDER BY stamp OFFSET $2 LIMIT 1`,
    [before, rowsPerStep],
  );
  if (row === undefined) return undefined;
  // What one transaction brought is more than a step.
  return Math.max(row[0], before + 1);
}

async function step(context: Step): Promise<void> {
  const { session, schema, kept, frontier, runs } = context;
  const upTo = 'stamp < $1';
  const facts = await learned(context, `${upTo} AND ${beyond(2, 3)}`, [
    frontier.before,
    kept.before,
    kept.pending,
  ]);
  const { ready, open } = sortedRuns(context, facts);
  const heldBack = [...ready].filter((projectId) => Object.hasOwn(kept.open, projectId));
  // All that is there of those, since nothing of it is in the sums.
  const ofHeldBack = await learned(context, `${upTo} AND project_id = ANY ($2::text[])`, [
    frontier.before,
    heldBack,
  ]);
  const isHeldBack = (projectId: string): boolean =>
    Object.hasOwn(open, projectId) || Object.hasOwn(kept.open, projectId);
  const added = [...facts.filter(({ projectId }) => !isHeldBack(projectId)), ...ofHeldBack];
  const changed = await changedRuns(session, schema, kept, beyond(1, 2));
  const wasRolled = (projectId: string): boolean => runs.of(projectId).rolled;
  await runs.learn(session, [...changed.settled, ...changed.billed]);
  const again = {
    settled: changed.settled.filter(wasRolled),
    billed: changed.billed.filter(wasRolled),
  };
  const periods = await addedTo(context, { added, again, open });
  await keep(context, periods, open);
}

async function learned(context: Step, condition: string, values: unknown[]): Promise<Fact[]> {
  const { session, runs } = context;
  const facts = await factsWhere(session, context, condition, values);
  await runs.learn(session, new Set(facts.map(({ projectId }) => projectId)));
  return facts;
}

/** The runs whose rows may go into the sums now, and those that may still end. */
function sortedRuns(
  { kept, runs, limits, now }: Step,
  facts: readonly Fact[],
): { ready: Set<string>; open: OpenRuns } {
  const lastAt = new Map(Object.entries(kept.open));
  for (const { projectId, at } of facts) {
    if (runs.of(projectId).rolled) continue;
    lastAt.set(projectId, Math.max(lastAt.get(projectId) ?? -Infinity, at));
  }
  const ready = new Set<string>();
  const open: OpenRuns = {};
  for (const [projectId, at] of lastAt) {
    if (runs.of(projectId).settled || at < now - limits.openSeconds) ready.add(projectId);
    else open[projectId] = at;
  }
  return { ready, open };
}

type Periods = { changed: Map<string, KeptSums>; goneHours: number[] };

const keyOf = (unit: KeptSums['unit'], start: number): string => `${unit} ${start}`;

async function addedTo(
  context: Step,
  {
    added,
    again,
    open,
  }: { added: readonly Fact[]; again: { settled: string[]; billed: string[] }; open: OpenRuns },
): Promise<Periods> {
  const { session, schema, addFact, limits, now } = context;
  const restated = await hoursOf(session, schema, [...again.settled, ...again.billed]);
  const today = dayOf(now - limits.graceSeconds);
  const days = new Set([...added.map(({ at }) => dayOf(at)), ...restated.map(dayOf)]);
  for (const day of await openDays(session, schema, today)) days.add(day);
  const known = new Map<string, KeptSums>();
  const aged = { ...context, aged: true };
  const condition = `start / ${daySeconds} = ANY ($2::bigint[])`;
  const starts = [...days].map((day) => day / daySeconds);
  for (const sums of await keptSums(session, aged, condition, [starts])) {
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
    if (start < context.droppedBefore || holds(sums, again)) continue;
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

async function keep(
  { session, schema, cells, frontier }: Step,
  { changed, goneHours }: Periods,
  open: OpenRuns,
): Promise<void> {
  const gone = new Set(goneHours);
  const kept = [...changed.values()].filter(
    ({ unit, start }) => unit === 'day' || !gone.has(start),
  );
  await session.rows(
    `SELECT ${schema}.keep_sums($1, $2, $3::bigint[], $4::jsonb, $5::text[], $6::bigint[], $7::bigint[],
       $8::bytea[], $9::bigint[])`,
    [
      layoutName,
      frontier.before,
      frontier.pending,
      JSON.stringify(open),
      kept.map(({ unit }) => unit),
      kept.map(({ start }) => start),
      kept.map(({ rows }) => rows),
      kept.map(({ sums }) => packSums(sums, cells)),
      goneHours,
    ],
  );
}
