import type { Reach } from '../insight/view.ts';
import { createDays } from '../sums/days.ts';
import { createAddFact } from '../sums/period.ts';
import { dayOf, daySeconds } from '../sums/time.ts';
import type { Session } from './connector.ts';
import { factsWhere } from './facts.ts';
import { beyond, newsOf, within } from './frontier.ts';
import { keptSums, momentOf } from './kept-sums.ts';
import { layoutName } from './packed-sums.ts';
import { addFacts, learn, type Loaded, type Place, runsAt, sourceOf, unitsOf } from './loaded.ts';
import { complete } from './missing.ts';
import { createOpenRuns } from './open-runs.ts';
import { changedRuns, createRunBook, stillHolds } from './runs.ts';

type RowsWanted = [condition: string, values: unknown[], tables?: Parameters<typeof factsWhere>[4]];

/** Reads a history as of the session's transaction: its kept sums, and the rows that came after them. */
export async function load(
  session: Session,
  place: Place,
  { reach, hasPages }: { reach: Reach; hasPages: boolean },
): Promise<Loaded> {
  const { schema } = place;
  const moment = await momentOf(session, schema, hasPages);
  const { kept, hasTail, hasOutcomes, droppedBefore } = moment;
  const runs = createRunBook(schema, kept);
  const addFact = createAddFact({
    isLive: (projectId) => !runs.of(projectId).settled,
    isBilled: (projectId) => runs.of(projectId).billed,
  });
  const days = createDays(
    sourceOf(place, () => made),
    addFact,
    reach.aged,
  );
  const made: Loaded = {
    days,
    reach,
    kept,
    hasOutcomes,
    seen: moment.frontier,
    page: moment.page,
    runs,
    keptDays: new Map(),
    changed: new Set(),
    open: createOpenRuns(addFact, reach.aged),
    hours: new Map(),
    runsOf: new Map(),
    runDays: new Map(),
    rows: 0,
    rowsAt: new Map(),
  };
  const { from, before } = reach;
  const inTime = 'recorded_at >= $1 AND recorded_at < $2';
  const addWhere = async (...[condition, values, tables]: RowsWanted): Promise<void> => {
    const facts = await factsWhere(session, { ...place, hasOutcomes }, condition, values, tables);
    await learn(session, made, facts);
    await addFacts(session, made, facts);
  };
  if (kept === undefined) {
    await addWhere(inTime, [from, before]);
    return made;
  }
  await loadSums(session, place, made);
  const open = Object.keys(kept.open);
  if (open.length > 0) {
    const condition = `${inTime} AND project_id = ANY ($3::text[]) AND ${within(4, 5)}`;
    await addWhere(condition, [from, before, open, kept.before, kept.pending]);
  }
  if (!hasTail) return made;
  const tables = await newsOf(session, schema, kept);
  const since = await changedRuns(session, schema, kept, { news: tables });
  for (const id of [...since.settled, ...since.billed]) made.changed.add(id);
  const condition = `${inTime} AND ${beyond(3, 4)}`;
  await addWhere(condition, [from, before, kept.before, kept.pending], tables);
  await complete(session, () =>
    days.renew((sums) => sums.lastAt < droppedBefore || stillHolds(sums, since)),
  );
  return made;
}

async function loadSums(session: Session, place: Place, made: Loaded): Promise<void> {
  const { schema } = place;
  const { days, reach, keptDays } = made;
  const { from, before, runsFrom = Infinity } = reach;
  const wanted = {
    ...place,
    units: unitsOf(reach),
    aged: reach.aged,
    runsOf: (day: number) => runsAt(place, made, day),
  };
  const isKept = `start / ${daySeconds} IN (
    SELECT start / ${daySeconds} FROM ${schema}.sums WHERE layout = '${layoutName}' AND unit = 'day')`;
  const found = await keptSums(
    session,
    wanted,
    `start >= ${dayOf(from)} AND start < ${Math.ceil(before)} AND CASE unit WHEN 'hour' THEN NOT ${isKept}
       WHEN 'day runs' THEN start >= ${dayOf(Math.min(runsFrom, before))} ELSE true END`,
  );
  for (const { unit, start, sums } of found) {
    if (unit === 'hour') days.loadHour(start, sums);
    else {
      days.loadDay(start, sums);
      keptDays.set(start, sums);
    }
  }
}
