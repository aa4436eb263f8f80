import type { Session } from './connector.ts';
import {
  type CallRow,
  columnsOfFacts,
  type EventRow,
  type FactRows,
  type SnapshotRow,
} from './facts.ts';
import { type Frontier, sees } from './frontier.ts';

/** Rows of one page: who looks after more came reads the history anew. */
const mostRows = 2000;
/** Pages that are kept for who comes late. */
const mostPages = 500;
/** How much older than asked a page is when a connection that has made none yet makes one, in milliseconds. */
const beginnersWaitMs = 120;

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

const rows = (name: string): string =>
  `(SELECT json_agg(json_build_array(stamp, row)) FROM ${name})`;

/**
 * What is new is read once for all who look: whoever looks first writes it down as a page, and all others
 * read that. A cache, which a crash of the server may take.
 */
export function pageStatements(schema: string): string[] {
  const beyondLast = '(stamp >= last.before OR stamp = ANY (last.pending))';
  const columns = columnsOfFacts(schema);
  // Two halves, each along the index of stamps: one condition for both would have it planned anew for every page.
  const fresh = (table: string, chosen: string): string => {
    const from = `SELECT project_id, stamp, json_build_array(${chosen}) AS row FROM ${schema}.${table}`;
    return `((${from} WHERE stamp >= last.before ORDER BY stamp LIMIT ${mostRows})
      UNION ALL (${from} WHERE stamp < last.before AND stamp = ANY (last.pending) LIMIT ${mostRows}))`;
  };
  const counted = ['events', 'snapshots', 'calls', 'judged'].map(
    (name) => `(SELECT count(*) FROM ${name})`,
  );
  const ofRun = (table: string, condition = ''): string =>
    `EXISTS (SELECT FROM ${schema}.${table} WHERE project_id = p${condition})`;
  const before = ' AND stamp < last.before';
  const page = `WITH events AS MATERIALIZED ${fresh('routing_events', columns.events)},
      snapshots AS MATERIALIZED ${fresh('model_snapshots', columns.snapshots)},
      calls AS MATERIALIZED ${fresh('model_calls', columns.calls)},
      judged AS MATERIALIZED ${fresh('outcomes', 'project_id')},
      runs (p) AS MATERIALIZED (SELECT project_id FROM events UNION SELECT project_id FROM snapshots
        UNION SELECT project_id FROM calls)
    SELECT coalesce(last.number + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint),
      pg_snapshot_xmax(s)::text::bigint + i.base,
      ARRAY(SELECT x::text::bigint + i.base FROM pg_snapshot_xip(s) x), i.dropped_before,
      CASE WHEN last.number IS NOT NULL AND ${counted.join(' + ')} < ${mostRows}
      THEN json_build_object('events', ${rows('events')}, 'snapshots', ${rows('snapshots')},
        'calls', ${rows('calls')}, 'judged', ${rows('judged')},
        'outcomes', (SELECT json_agg(json_build_array(${columns.outcomes}) ORDER BY recorded_at, stamp, id)
          FROM ${schema}.outcomes WHERE project_id IN (SELECT project_id FROM events)),
        'runs', (SELECT json_agg(json_build_array(p, ${ofRun('model_snapshots')}, ${ofRun('model_calls')},
            NOT (${ofRun('routing_events', before)} OR ${ofRun('model_calls', before)}))) FROM runs))::text
      END
    FROM pg_current_snapshot() s, ${schema}.installation i
    WHERE last.number IS NULL OR EXISTS (SELECT FROM ${schema}.batches WHERE stamp >= last.before)
      OR EXISTS (SELECT FROM ${schema}.batches WHERE stamp = ANY (last.pending))`;
  return [
    `CREATE UNLOGGED TABLE IF NOT EXISTS ${schema}.news_pages (
      number bigint PRIMARY KEY, before bigint NOT NULL, pending bigint[] NOT NULL,
      dropped_before float8 NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(), news text)`,
    // Every statement of it sees what is committed when it begins: the rows and the frontier are of one.
    `CREATE OR REPLACE FUNCTION ${schema}.make_page(rest_ms integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    DECLARE
      last ${schema}.news_pages%ROWTYPE;
    BEGIN
      IF rest_ms > 0 THEN PERFORM FROM ${schema}.installation FOR UPDATE SKIP LOCKED;
      ELSE PERFORM FROM ${schema}.installation FOR UPDATE; END IF;
      IF NOT FOUND THEN RETURN; END IF;
      PERFORM ${schema}.guard(), set_config('orchestrator.has_made_pages', 'true', false);
      SELECT * INTO last FROM ${schema}.news_pages ORDER BY number DESC LIMIT 1;
      INSERT INTO ${schema}.news_pages (number, before, pending, dropped_before, news) ${page};
      DELETE FROM ${schema}.news_pages WHERE number < last.number - ${mostPages};
    END $$`,
    // Asked by everybody all the time, and mostly there is nothing: so it does without rights and settings of its own.
    `CREATE OR REPLACE FUNCTION ${schema}.look(seen bigint, rest_ms integer)
    RETURNS TABLE (number bigint, before bigint, pending text[], dropped_before float8, news text)
    LANGUAGE plpgsql SECURITY INVOKER AS $$
    #variable_conflict use_column
    DECLARE
      last record;
      -- Planning a page takes longer than making one: who has done it once goes first.
      wait_ms integer := rest_ms;
    BEGIN
      IF rest_ms > 0 AND current_setting('orchestrator.has_made_pages', true) IS DISTINCT FROM 'true' THEN
        wait_ms := rest_ms + ${beginnersWaitMs};
      END IF;
      SELECT p.number, p.at, p.before, p.pending INTO last
        FROM ${schema}.news_pages p ORDER BY p.number DESC LIMIT 1;
      IF last.number IS NULL OR (last.at <= clock_timestamp() - make_interval(secs => wait_ms / 1000.0)
          AND EXISTS (SELECT FROM ${schema}.batches WHERE ${beyondLast})) THEN
        PERFORM ${schema}.make_page(rest_ms);
      ELSIF last.number <= seen THEN RETURN;
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
