import type { Session } from './connector.ts';

/**
 * Which rows a snapshot of the database saw, by the stamps of their transactions: those before `before`
 * that were not pending then. Ids do not tell: they are given out before a transaction commits.
 */
export type Frontier = { before: number; pending: readonly number[] };

export const nothingSeen: Frontier = { before: 0, pending: [] };

/** Rows that a frontier did not see; `$a` and `$b` are the parameters of its two parts. */
export const beyond = (a: number, b: number): string =>
  `(stamp >= $${a}::bigint OR stamp = ANY ($${b}::bigint[]))`;

/** Rows that it saw. */
export const within = (a: number, b: number): string =>
  `(stamp < $${a}::bigint AND stamp <> ALL ($${b}::bigint[]))`;

/** Whether it saw the rows of a transaction. */
export const sees = ({ before, pending }: Frontier, stamp: number): boolean =>
  stamp < before && !pending.includes(stamp);

/** Whether it saw all that another one did. */
export const covers = (later: Frontier, { before, pending }: Frontier): boolean =>
  later.before >= before &&
  later.pending.every((stamp) => stamp >= before || pending.includes(stamp));

type Row = [
  before: number,
  pending: string[],
  oldest: number,
  hasNews: boolean,
  droppedBefore: number,
];

/** What {@link frontierOf} tells besides the frontier. */
export type Moment = {
  frontier: Frontier;
  /** All transactions before it are over. */
  oldest: number;
  /** Whether there is anything beyond what was seen. */
  hasNews: boolean;
  /** Sums of earlier times cannot be made anew: their rows were dropped. */
  droppedBefore: number;
};

/** Of which tables there are rows beyond a frontier. */
export type News = { events: boolean; snapshots: boolean; calls: boolean; outcomes: boolean };

export const allNews: News = { events: true, snapshots: true, calls: true, outcomes: true };

export async function newsOf(session: Session, schema: string, seen: Frontier): Promise<News> {
  const tables = ['routing_events', 'model_snapshots', 'model_calls', 'outcomes'];
  const exists = tables.map(
    (table) => `EXISTS (SELECT FROM ${schema}.${table} WHERE ${beyond(1, 2)})`,
  );
  const [row] = await session.rows<[boolean, boolean, boolean, boolean]>(
    `SELECT ${exists.join(', ')}`,
    [seen.before, seen.pending],
  );
  if (row === undefined) return allNews;
  const [events, snapshots, calls, outcomes] = row;
  return { events, snapshots, calls, outcomes };
}

/** The frontier of this moment, or of this transaction, and whether there is anything beyond another one. */
export async function frontierOf(
  session: Session,
  schema: string,
  seen: Frontier,
): Promise<Moment> {
  const [row] = await session.rows<Row>(
    `SELECT pg_snapshot_xmax(s)::text::bigint + base,
       ARRAY(SELECT (x::text::bigint + base)::text FROM pg_snapshot_xip(s) x),
       pg_snapshot_xmin(s)::text::bigint + base,
       EXISTS (SELECT FROM ${schema}.batches WHERE ${beyond(1, 2)}), dropped_before
     FROM pg_current_snapshot() s, ${schema}.installation WHERE ${schema}.guard()`,
    [seen.before, seen.pending],
  );
  if (row === undefined) throw new Error('a history without its installation');
  const [before, pending, oldest, hasNews, droppedBefore] = row;
  return { frontier: { before, pending: pending.map(Number) }, oldest, hasNews, droppedBefore };
}
