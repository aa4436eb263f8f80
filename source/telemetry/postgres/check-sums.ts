import { createCells } from '../sums/fact-rows.ts';
import { createAddFact, emptyPeriod, type PeriodSums } from '../sums/period.ts';
import { daySeconds } from '../sums/time.ts';
import type { Connector, Session } from './connector.ts';
import { factsWhere } from './facts.ts';
import { within } from './frontier.ts';
import { keptSums, rollStateOf } from './kept-sums.ts';
import { dayParts } from './packed-sums.ts';
import { createRunBook, type RollState } from './runs.ts';

/** Whether the kept sums of a day are what its rows come to. */
export type CheckedDay = { day: number; rows: number; isRight: boolean };

/** Sums that were added up in another order differ in their last digits. */
const tolerance = 1e-9;

/** Adds up the rows of kept days anew, newest first: of one day, or of all. */
export async function* checkSums(
  connector: Connector,
  only?: number,
): AsyncGenerator<CheckedDay, void, void> {
  const { schema } = connector.address;
  const days = await connector.use((session) =>
    session.rows<[number]>(
      `SELECT DISTINCT start FROM ${schema}.sums WHERE unit = 'day' ORDER BY 1 DESC`,
    ),
  );
  for (const [day] of days) {
    if (only !== undefined && day !== only) continue;
    const checked = await connector.transaction({ changes: false }, async (session) => {
      const kept = await rollStateOf(session, schema);
      return kept === undefined ? undefined : checkDay(session, schema, kept, day);
    });
    if (checked !== undefined) yield checked;
  }
}

async function checkDay(
  session: Session,
  schema: string,
  kept: RollState,
  day: number,
): Promise<CheckedDay | undefined> {
  const place = { schema, cells: createCells(), units: dayParts, aged: true };
  const [found] = await keptSums(session, place, `start = ${day}`);
  if (found === undefined) return undefined;
  const facts = await factsWhere(
    session,
    place,
    `recorded_at >= $1 AND recorded_at < $4 AND ${within(2, 3)}`,
    [day, kept.before, kept.pending, day + daySeconds],
  );
  const counted = facts.filter(({ projectId }) => !Object.hasOwn(kept.open, projectId));
  const runs = createRunBook(schema, kept);
  await runs.learn(
    session,
    counted.map(({ projectId }) => projectId),
  );
  const sums = emptyPeriod(true);
  const { detail } = found.sums;
  const add = createAddFact({
    // As they were when they were summed up: what changed since is the next step's.
    isLive: (projectId) => detail.runs.get(projectId)?.live ?? !runs.of(projectId).settled,
    isBilled: (projectId) => {
      const run = detail.runs.get(projectId);
      return run === undefined ? runs.of(projectId).billed : !run.unbilled;
    },
  });
  for (const fact of counted) add(sums, fact);
  return { day, rows: counted.length, isRight: isSame(found.sums, sums) };
}

function isSame(kept: PeriodSums, rows: PeriodSums): boolean {
  if (kept.firstAt !== rows.firstAt || kept.lastAt !== rows.lastAt) return false;
  if (kept.cells.size !== rows.cells.size || kept.detail.runs.size !== rows.detail.runs.size) {
    return false;
  }
  for (const [cell, sums] of rows.cells) {
    const others = kept.cells.get(cell);
    if (!sums.every((sum, index) => isNearly(sum, others?.[index]))) return false;
  }
  for (const [projectId, run] of rows.detail.runs) {
    const other = kept.detail.runs.get(projectId);
    if (run.tasks !== other?.tasks || !isNearly(run.score, other.score)) return false;
    if (!isNearly(run.costUsd, other.costUsd)) return false;
  }
  return kept.detail.leftOut === rows.detail.leftOut;
}

function isNearly(value: number, other: number | undefined): boolean {
  return other !== undefined && Math.abs(value - other) <= tolerance * Math.max(1, Math.abs(value));
}
