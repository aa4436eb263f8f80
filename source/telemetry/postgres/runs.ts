import { holds, type PeriodSums } from '../sums/period.ts';
import type { Session } from './connector.ts';
import { allNews, beyond, type Frontier, type News, within } from './frontier.ts';

/** What decides how the rows of a run count. */
export type RunStatus = {
  /** Whether it has snapshots. */
  settled: boolean;
  /** Whether calls of it are recorded one by one. */
  billed: boolean;
  /** Whether rows of it were there at the frontier of the kept sums, and not held back from them. */
  rolled: boolean;
};

/** The runs whose rows are not in the sums yet, since they may still end: each with the time of its last row. */
export type OpenRuns = Record<string, number>;

/** What the kept sums of a layout are of. */
export type RollState = Frontier & { open: OpenRuns };

/** The status of runs, as far as it was asked for; to be kept up to date by who holds it. */
export type RunBook = {
  of(projectId: string): RunStatus;
  /** Asks for those that are not known: how they stood at a frontier, or stand now. */
  learn(session: Session, projectIds: Iterable<string>, at?: Frontier): Promise<void>;
  /** Takes what is known of a run from elsewhere, unless it is known already. */
  note(projectId: string, status: RunStatus): void;
  /** Changes what is known of a run; nothing where nothing is. */
  change(projectId: string, status: Partial<RunStatus>): void;
};

const unknown: RunStatus = { settled: false, billed: false, rolled: false };

/** `kept` is what the sums are of; undefined where there are none. */
export function createRunBook(schema: string, kept: RollState | undefined): RunBook {
  const known = new Map<string, RunStatus>();
  const exists = (table: string, condition = ''): string =>
    `EXISTS (SELECT FROM ${schema}.${table} WHERE project_id = p${condition})`;
  const inSums = ` AND ${within(2, 3)}`;
  const rolled = `${exists('routing_events', inSums)} OR ${exists('model_calls', inSums)}`;
  return {
    of: (projectId) => known.get(projectId) ?? unknown,
    note(projectId, status) {
      if (!known.has(projectId)) known.set(projectId, status);
    },
    change(projectId, status) {
      const before = known.get(projectId);
      if (before !== undefined) known.set(projectId, { ...before, ...status });
    },
    async learn(session, projectIds, at) {
      const wanted = [...new Set(projectIds)].filter((id) => !known.has(id));
      if (wanted.length === 0) return;
      const seen = at === undefined ? '' : ` AND ${within(4, 5)}`;
      const rows = await session.rows<[string, boolean, boolean, boolean]>(
        `SELECT p, ${exists('model_snapshots', seen)}, ${exists('model_calls', seen)}, ${rolled}
         FROM unnest($1::text[]) AS p`,
        [
          wanted,
          kept?.before ?? 0,
          kept?.pending ?? [],
          ...(at === undefined ? [] : [at.before, at.pending]),
        ],
      );
      for (const [projectId, settled, billed, wasThere] of rows) {
        const isHeldBack = kept !== undefined && Object.hasOwn(kept.open, projectId);
        known.set(projectId, { settled, billed, rolled: wasThere && !isHeldBack });
      }
    },
  };
}

/** Runs that count in another way than they did. */
export type ChangedRuns = {
  /** They have snapshots now. */
  settled: string[];
  /** Calls of them are recorded now. */
  billed: string[];
  /** Something was found of their results. */
  judged: string[];
};

/** The runs of which snapshots, calls or outcomes came beyond a frontier, up to a stamp. */
export async function changedRuns(
  session: Session,
  schema: string,
  { before, pending }: Frontier,
  { news = allNews, upTo = Number.MAX_SAFE_INTEGER }: { news?: News; upTo?: number } = {},
): Promise<ChangedRuns> {
  const of = async (table: string, hasNews: boolean): Promise<string[]> => {
    if (!hasNews) return [];
    const rows = await session.rows<[string]>(
      `SELECT DISTINCT project_id FROM ${schema}.${table} WHERE ${beyond(1, 2)} AND stamp < $3`,
      [before, pending, upTo],
    );
    return rows.map(([projectId]) => projectId);
  };
  return {
    settled: await of('model_snapshots', news.snapshots),
    billed: await of('model_calls', news.calls),
    judged: await of('outcomes', news.outcomes),
  };
}

/** Whether sums hold that were made of runs as they were. */
export function stillHolds(sums: PeriodSums, changed: ChangedRuns): boolean {
  return (
    holds(sums, changed) && !changed.judged.some((projectId) => sums.detail.runs.has(projectId))
  );
}
