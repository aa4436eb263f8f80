import type { Clock } from '../../domain/runtime.ts';
import { createCells } from '../sums/fact-rows.ts';
import type { Fact } from '../sums/facts.ts';
import { createAddFact } from '../sums/period.ts';
import { daySeconds, hourSeconds } from '../sums/time.ts';
import type { Connector, Session } from './connector.ts';
import { summedTables } from './facts.ts';
import { beyond, type Frontier, frontierOf } from './frontier.ts';
import { layoutName, packed } from './packed-sums.ts';
import { addedTo, learned, type Periods, type RollLimits, type Step } from './roll-periods.ts';
import { changedRuns, createRunBook, type OpenRuns, type RollState } from './runs.ts';
import { prepareMonths } from './write-batches.ts';

const usualLimits: RollLimits = {
  rowsPerStep: 20_000,
  denseRows: 2000,
  openSeconds: 6 * hourSeconds,
  graceSeconds: 600,
  restSeconds: 2,
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
  // No further than this step: of a long history that comes at once, the next ones look after theirs.
  const changed = await changedRuns(session, schema, kept, { upTo: frontier.before });
  const wasRolled = (projectId: string): boolean => runs.of(projectId).rolled;
  await runs.learn(session, [...changed.settled, ...changed.billed, ...changed.judged]);
  const again = {
    settled: changed.settled.filter(wasRolled),
    billed: changed.billed.filter(wasRolled),
    judged: changed.judged.filter(wasRolled),
  };
  const periods = await addedTo(context, { added, again, open });
  await keep(context, periods, open);
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

async function keep(
  { session, schema, cells, frontier }: Step,
  { changed, goneHours }: Periods,
  open: OpenRuns,
): Promise<void> {
  const gone = new Set(goneHours);
  const kept = [...changed.values()]
    .filter(({ unit, start }) => unit === 'day' || !gone.has(start))
    .flatMap((sums) =>
      packed(sums, cells).map(([unit, bytes]) => ({
        unit,
        start: sums.start,
        rows: sums.rows,
        bytes,
      })),
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
      kept.map(({ bytes }) => bytes),
      goneHours,
    ],
  );
}

/** How often sums are brought forward while there is anything to write, in milliseconds, about. */
const rollEveryMs = 3000;
/** Partitions are made so far ahead, in seconds. */
const monthsAhead = 100 * daySeconds;

/** Brings sums forward, and partitions, now and then while there is anything to write. */
export function createRolling({
  roller,
  schema,
  now,
  random,
  limits,
  isOver,
}: {
  roller: Connector;
  schema: string;
  now: Clock;
  random: () => number;
  limits: Partial<RollLimits>;
  isOver: () => boolean;
}) {
  let rolling: Promise<void> | undefined;
  let rollAt = 0;
  let hasWritten = true;
  let monthsUntil = -Infinity;

  const rollAll = async (): Promise<void> => {
    if (now() > monthsUntil - monthsAhead / 2) {
      monthsUntil = now() + monthsAhead;
      const months = [now(), monthsUntil];
      await roller.use((session) => prepareMonths(session, schema, months));
    }
    while (!isOver() && (await rollUp(roller, { now, limits })));
  };

  return {
    noteWritten: (): void => {
      hasWritten = true;
    },
    roll(): void {
      if (rolling !== undefined || !hasWritten || performance.now() < rollAt) return;
      hasWritten = false;
      rollAt = performance.now() + rollEveryMs * (0.5 + random());
      rolling = rollAll()
        // Its failure is not the records' failure: readers do without.
        .catch(() => undefined)
        .finally(() => (rolling = undefined));
    },
  };
}
