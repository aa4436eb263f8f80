import { createViews, type Reach, type SummedPast } from '../insight/view.ts';
import { createCells } from '../sums/fact-rows.ts';
import { dayOf, daySeconds } from '../sums/time.ts';
import type { Connector } from './connector.ts';
import { frontierOf, nothingSeen } from './frontier.ts';
import { load } from './load.ts';
import { countAhead, daysOfRun, edgeOf, type Loaded, type Place, reload } from './loaded.ts';
import { complete } from './missing.ts';
import { lookAt, type Page } from './pages.ts';
import { takePage } from './take-page.ts';

/** The history on a server: the kept sums of its past, and what came after them row by row. */
export type ServerPast = {
  /** Looks after what is new; how often that was so. What it finds is in the next {@link ServerPast.read}. */
  look(): Promise<number>;
  /**
   * Hands the history to a read, which may run again until all that it needs was fetched: as of now, or
   * as of the last look.
   */
  read<Result>(
    reach: Reach,
    read: (past: SummedPast) => Result,
    asOf?: 'now' | 'look',
  ): Promise<Result>;
};

/** Read ahead of the clock, so that what is recorded in the next minutes need not be read anew. */
const aheadSeconds = 2 * daySeconds;

/**
 * `restMs`: how old what is new may be, where many look after it. A copy that cannot be written to has no
 * pages, nor has the history of an older program.
 */
export function createServerPast(
  connector: Connector,
  { restMs, hasPages }: { restMs: number; hasPages: () => boolean },
): ServerPast {
  const { schema } = connector.address;
  const cells = createCells();
  const viewOf = createViews(cells);
  const place: Place = { schema, cells };
  let loaded: Loaded | undefined;
  /** The last page that was looked at, those that are not in what is loaded, and how many there were in all. */
  let looked: number | undefined;
  let pages: Page[] = [];
  let news = 0;
  /** What was seen where there are no pages. */
  let seen = nothingSeen;
  // What statements by themselves read is bound to what was seen.
  const { single } = connector;

  const pastOf = (current: Loaded): SummedPast => ({
    cells,
    viewOf,
    within: (_, action) =>
      action({
        ...current.open.over(current.days),
        hasRun: (day, projectId) => daysOfRun(schema, current, projectId).has(day),
        edgeOf: (at) => edgeOf(current, at),
      }),
    ahead: (from) => countAhead(schema, current, from),
  });

  const look = async (): Promise<number> => {
    const found = await connector.use(async (session) => {
      if (hasPages()) return lookAt(session, schema, { after: looked, restMs });
      const { frontier, hasNews } = await frontierOf(session, schema, seen);
      seen = frontier;
      if (hasNews) {
        news += 1;
        loaded = undefined;
      }
      return [];
    });
    if (looked !== undefined && found.length > 0) news += 1;
    if (looked !== undefined && loaded !== undefined) pages.push(...found);
    looked = found.at(-1)?.number ?? looked;
    return news;
  };

  const upToDate = async (reach: Reach): Promise<Loaded | undefined> => {
    if (loaded === undefined || !covered(loaded.reach, reach)) return undefined;
    const taking = pages;
    pages = [];
    for (const page of taking) if (!(await takePage(single, place, loaded, page))) return undefined;
    return loaded;
  };

  const read: ServerPast['read'] = async (reach, use, asOf = 'now') => {
    try {
      if (loaded !== undefined && asOf === 'now') await look();
      const current = await upToDate(reach);
      if (current !== undefined) return await complete(single, () => use(pastOf(current)));
      const wider = {
        from: dayOf(Math.min(reach.from, loaded?.reach.from ?? Infinity)),
        before: dayOf(reach.before) + aheadSeconds,
        aged: reach.aged || loaded?.reach.aged === true,
        runsFrom: Math.min(runsFromOf(reach), runsFromOf(loaded?.reach)),
      };
      loaded = undefined;
      return await connector.transaction({ changes: false }, async (session) => {
        const made = (loaded = await load(session, place, { reach: wider, hasPages: hasPages() }));
        looked = Math.max(looked ?? 0, made.page);
        return complete(session, () => use(pastOf(made)));
      });
    } catch (error) {
      // Half of what is new may be in; the next call starts anew.
      loaded = undefined;
      if (error === reload) return read(reach, use);
      throw error;
    } finally {
      loaded?.rowsAt.clear();
      loaded?.runDays.clear();
    }
  };
  return { look, read };
}

function covered(reach: Reach, wanted: Reach): boolean {
  return (
    reach.from <= wanted.from &&
    reach.before >= wanted.before &&
    (reach.aged || !wanted.aged) &&
    runsFromOf(reach) <= runsFromOf(wanted)
  );
}

const runsFromOf = (reach: Reach | undefined): number => reach?.runsFrom ?? Infinity;
