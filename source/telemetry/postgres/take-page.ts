import type { Session } from './connector.ts';
import { factsOf, factsWhere } from './facts.ts';
import { covers, within } from './frontier.ts';
import { addFacts, learn, type Loaded, type Place, withRuns } from './loaded.ts';
import { complete } from './missing.ts';
import { type Page, unseenOf } from './pages.ts';
import { stillHolds } from './runs.ts';

/** Rows beyond the kept sums after which these are read anew: by then most are among them. */
const mostRows = 50_000;

/** Takes in what came with a page; whether that was possible. */
export async function takePage(
  session: Session,
  place: Place,
  current: Loaded,
  page: Page,
): Promise<boolean> {
  if (page.number <= current.page) return true;
  if (page.number !== current.page + 1) return false;
  const { frontier, droppedBefore } = page;
  if (!covers(current.seen, frontier)) {
    if (page.news === undefined) return false;
    const { runs, days, reach, open, changed, seen } = current;
    const unseen = unseenOf(page.news, seen);
    const now = {
      settled: [...unseen.settled].filter((projectId) => !runs.of(projectId).settled),
      billed: [...unseen.billed].filter((projectId) => !runs.of(projectId).billed),
      judged: [...unseen.judged],
    };
    if (unseen.judged.size > 0) current.hasOutcomes = true;
    for (const projectId of now.settled) runs.change(projectId, { settled: true });
    for (const projectId of now.billed) runs.change(projectId, { billed: true });
    for (const id of [...unseen.settled, ...unseen.billed]) changed.add(id);
    for (const [projectId, settled, billed, isFresh] of unseen.runs) {
      if (isFresh) runs.note(projectId, { settled, billed, rolled: false });
    }
    const facts = factsOf(unseen.rows, place.cells).filter(
      ({ at }) => at >= reach.from && at < reach.before,
    );
    await readOpenAnew(session, place, current, now.judged);
    current.seen = frontier;
    await learn(session, current, facts);
    for (const projectId of now.settled) {
      const rows = open.take(projectId);
      await withRuns(session, current, rows);
      rows.forEach(days.add);
    }
    // First, since days that are added up anew are read with their new rows.
    await addFacts(session, current, facts);
    await complete(session, () =>
      days.renew((sums) => sums.lastAt < droppedBefore || stillHolds(sums, now)),
    );
  }
  current.page = page.number;
  return current.rows < mostRows;
}

/** What was found of results of runs that go on is in their rows; the new ones of these come apart. */
async function readOpenAnew(
  session: Session,
  place: Place,
  { open, reach, seen }: Loaded,
  judged: readonly string[],
): Promise<void> {
  const ids = judged.filter((projectId) => open.has(projectId));
  if (ids.length === 0) return;
  const condition = `recorded_at >= $1 AND recorded_at < $2 AND ${within(3, 4)}
    AND project_id = ANY ($5::text[])`;
  const values = [reach.from, reach.before, seen.before, seen.pending, ids];
  const facts = await factsWhere(session, place, condition, values);
  for (const projectId of ids) open.take(projectId);
  facts.forEach(open.add);
}
