import type { Session } from './connector.ts';
import {
  type CallRow,
  columnsOfFacts,
  type EventRow,
  type FactRows,
  type SnapshotRow,
  summedTables,
} from './facts.ts';
import { type Frontier, sees } from './frontier.ts';

/** Rows of one page: who looks after more came reads the history anew. */
const mostRows = 2000;
/** Pages that are kept for who comes late. */
const mostPages = 500;

/** How a run counts, and whether there was nothing of it before the page. */
type RunOfPage = [projectId: string, settled: boolean, billed: boolean, isFresh: boolean];

/** What came between one look of anybody and the next, with the stamps of the rows. */
export type Page = {
  number: number;
  /** What has been seen with it. */
  frontier: Frontier;
  droppedBefore: number;
  /** Undefined where it was too much for a page. */
  news?: News | undefined;
};

type Stamped<Row> = [stamp: number, row: Row];
type News = {
  events: Stamped<EventRow>[] | null;
  snapshots: Stamped<SnapshotRow>[] | null;
  calls: Stamped<CallRow>[] | null;
  outcomes: FactRows['outcomes'] | null;
  judged: Stamped<[projectId: string]>[] | null;
  runs: RunOfPage[] | null;
};

/**
 * What is new is read once for all who look: whoever looks first writes it down as a page, and all others
 * read that. A cache, which a crash of the server may take.
 */
export function pageStatements(schema: string): string[] {
  const beyondLast = '(stamp >= last.before OR stamp = ANY (last.pending))';
  const rows = (columns: string, table: string): string =>
    `(SELECT json_agg(json_build_array(stamp, json_build_array(${columns}))) FROM ${schema}.${table} WHERE ${beyondLast})`;
  const projects = (table: string): string =>
    `SELECT project_id FROM ${schema}.${table} WHERE ${beyondLast}`;
  const counted = (table: string): string =>
    `(SELECT count(*) FROM (SELECT FROM ${schema}.${table} WHERE ${beyondLast} LIMIT ${mostRows}) AS r)`;
  const ofRun = (table: string, condition = ''): string =>
    `EXISTS (SELECT FROM ${schema}.${table} WHERE project_id = p${condition})`;
  const before = ' AND stamp < last.before';
  const columns = columnsOfFacts(schema);
  const many = [...summedTables, 'outcomes'];
  return [
    `CREATE UNLOGGED TABLE IF NOT EXISTS ${schema}.news_pages (
      number bigint PRIMARY KEY, before bigint NOT NULL, pending bigint[] NOT NULL,
      dropped_before float8 NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(), news text)`,
    // Every statement of it sees what is committed when it begins: the rows and the frontier are of one.
    `CREATE OR REPLACE FUNCTION ${schema}.look(seen bigint, rest_ms integer)
    RETURNS TABLE (number bigint, before bigint, pending text[], dropped_before float8, news text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    #variable_conflict use_column
    DECLARE last ${schema}.news_pages%ROWTYPE;
    BEGIN
      SELECT * INTO last FROM ${schema}.news_pages ORDER BY number DESC LIMIT 1;
      IF last.number IS NULL OR (last.at <= clock_timestamp() - make_interval(secs => rest_ms / 1000.0)
          AND EXISTS (SELECT FROM ${schema}.batches WHERE ${beyondLast})) THEN
        IF rest_ms > 0 THEN PERFORM FROM ${schema}.installation FOR UPDATE SKIP LOCKED;
        ELSE PERFORM FROM ${schema}.installation FOR UPDATE; END IF;
        IF FOUND THEN
          PERFORM ${schema}.guard();
          SELECT * INTO last FROM ${schema}.news_pages ORDER BY number DESC LIMIT 1;
          INSERT INTO ${schema}.news_pages (number, before, pending, dropped_before, news)
            SELECT coalesce(last.number + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint),
              pg_snapshot_xmax(s)::text::bigint + i.base,
              ARRAY(SELECT x::text::bigint + i.base FROM pg_snapshot_xip(s) x), i.dropped_before,
              CASE WHEN last.number IS NOT NULL
                AND ${many.map(counted).join(' + ')} < ${mostRows}
              THEN json_build_object('events', ${rows(columns.events, 'routing_events')},
                'snapshots', ${rows(columns.snapshots, 'model_snapshots')},
                'calls', ${rows(columns.calls, 'model_calls')},
                'outcomes', (SELECT json_agg(json_build_array(${columns.outcomes}) ORDER BY recorded_at, stamp, id)
                  FROM ${schema}.outcomes WHERE project_id IN (${projects('routing_events')})),
                'judged', ${rows('project_id', 'outcomes')},
                'runs', (SELECT json_agg(json_build_array(p, ${ofRun('model_snapshots')}, ${ofRun('model_calls')},
                    NOT (${ofRun('routing_events', before)} OR ${ofRun('model_calls', before)})))
                  FROM (${projects('routing_events')} UNION ${projects('model_snapshots')}
                    UNION ${projects('model_calls')}) AS r (p)))::text
              END
            FROM pg_current_snapshot() s, ${schema}.installation i
            WHERE last.number IS NULL OR EXISTS (SELECT FROM ${schema}.batches WHERE ${beyondLast});
          DELETE FROM ${schema}.news_pages WHERE number < last.number - ${mostPages};
        END IF;
      END IF;
      IF seen IS NULL THEN
        RETURN QUERY SELECT p.number, p.before, p.pending::text[], p.dropped_before, NULL::text
          FROM ${schema}.news_pages p ORDER BY p.number DESC LIMIT 1;
      ELSE
        RETURN QUERY SELECT p.number, p.before, p.pending::text[], p.dropped_before, p.news
          FROM ${schema}.news_pages p WHERE p.number > seen ORDER BY p.number;
      END IF;
    END $$`,
  ];
}

type PageRow = [
  number,
  before: number,
  pending: string[],
  droppedBefore: number,
  news: string | null,
];

/**
 * The pages after one, or the last one alone without what is on it. Where the last is older than so many
 * milliseconds, and there is something new, there is a new one.
 */
export async function lookAt(
  session: Session,
  schema: string,
  { after, restMs }: { after: number | undefined; restMs: number },
): Promise<Page[]> {
  const rows = await session.rows<PageRow>(`SELECT * FROM ${schema}.look($1, $2)`, [
    after ?? null,
    restMs,
  ]);
  return rows.map(([number, before, pending, droppedBefore, news]) => ({
    number,
    frontier: { before, pending: pending.map(Number) },
    droppedBefore,
    news: news === null ? undefined : JSON.parse(news),
  }));
}

/** What of a page lies beyond a frontier. */
export type Unseen = {
  rows: FactRows;
  settled: Set<string>;
  billed: Set<string>;
  judged: Set<string>;
  runs: readonly RunOfPage[];
};

export function unseenOf({ outcomes, judged, runs, ...news }: News, seen: Frontier): Unseen {
  const unseen = <Row>(rows: Stamped<Row>[] | null): Row[] =>
    (rows ?? []).filter(([stamp]) => !sees(seen, stamp)).map(([, row]) => row);
  const events = unseen(news.events);
  const snapshots = unseen(news.snapshots);
  const calls = unseen(news.calls);
  return {
    rows: { events, snapshots, calls, outcomes: outcomes ?? [] },
    settled: projectsOf(snapshots),
    billed: projectsOf(calls),
    judged: projectsOf(unseen(judged)),
    runs: runs ?? [],
  };
}

const projectsOf = (rows: readonly [string, ...unknown[]][]): Set<string> =>
  new Set(rows.map(([projectId]) => projectId));
