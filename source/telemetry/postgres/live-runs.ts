import { daySeconds } from '../../domain/durations.ts';
import { shifted, type SharedRun } from '../../domain/shared-run.ts';
import { readSharedRun } from './shared-run-guard.ts';
import type { Session } from './connector.ts';

/** Bytes of what is said of one run: the function refuses more, and names may be long. */
const mostBytes = 64 * 1024;
/** How long a run that is stale is still listed, in seconds. */
export const keptSeconds = 7 * daySeconds;
/** Runs in a list, and those of them that come with their tasks: the ones that spoke last. */
const mostRuns = 500;
const withTasks = 20;

/**
 * Where runs in progress are shown to others: the present, no history. One row per run, written over by the
 * machine that has it; lost with a crash of the server, and there again seconds later.
 */
export function liveRunStatements(schema: string): string[] {
  return [
    `CREATE UNLOGGED TABLE IF NOT EXISTS ${schema}.live_runs (
      project_id text NOT NULL, machine text NOT NULL, by_user name NOT NULL,
      beat_at timestamptz NOT NULL, is_over boolean NOT NULL, state jsonb NOT NULL,
      PRIMARY KEY (project_id, machine, by_user)) WITH (fillfactor = 50)`,
    // Nobody writes over the row of another user: who called it is asked of the server, not of the caller.
    `CREATE OR REPLACE FUNCTION ${schema}.beat(run jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      IF octet_length(run::text) > ${mostBytes} OR length(run->>'projectId') > 1024 OR length(run->>'machine') > 255
        THEN RAISE EXCEPTION 'too much for one run'; END IF;
      INSERT INTO ${schema}.live_runs AS l (project_id, machine, by_user, beat_at, is_over, state)
        VALUES (run->>'projectId', run->>'machine', session_user, clock_timestamp(), run ? 'ended', run)
        ON CONFLICT (project_id, machine, by_user) DO UPDATE
          SET beat_at = excluded.beat_at, is_over = excluded.is_over, state = excluded.state;
      IF random() < 0.005 THEN
        DELETE FROM ${schema}.live_runs l WHERE l.beat_at < clock_timestamp() - interval '${keptSeconds} seconds';
      END IF;
    END $$`,
  ];
}

/** Shows how a run stands. */
export async function showRun(session: Session, schema: string, run: SharedRun): Promise<void> {
  await session.rows(`SELECT ${schema}.beat($1::jsonb)`, [textOf(run)]);
}

/** As much of a run as there is room for; the server writes JSON a little longer than we do. */
function textOf(run: SharedRun): string {
  const withoutAttempts = run.tasks.map((task) => ({ ...task, attempts: [] }));
  for (const tasks of [run.tasks, withoutAttempts]) {
    const text = JSON.stringify({ ...run, tasks });
    if (Buffer.byteLength(text) < 0.8 * mostBytes) return text;
  }
  return JSON.stringify({ ...run, tasks: [] });
}

type Row = [age: number, state: unknown];

/**
 * The runs that were shown lately, those that spoke last first; some with their tasks. Their times are by
 * the clock of this machine, which `now` is of: how long ago they spoke is told by the server.
 */
export async function shownRuns(
  session: Session,
  schema: string,
  { now, wanted }: { now: () => number; wanted: string | undefined },
): Promise<SharedRun[]> {
  const rows = await session.rows<Row>(
    `SELECT extract(epoch FROM clock_timestamp() - beat_at)::float8,
       CASE WHEN project_id = $1 OR (NOT is_over AND row_number() OVER (ORDER BY is_over, beat_at DESC) <= ${withTasks})
         THEN state ELSE state - 'tasks' END
     FROM (SELECT DISTINCT ON (project_id) project_id, beat_at, is_over, state FROM ${schema}.live_runs
       WHERE beat_at > clock_timestamp() - interval '${keptSeconds} seconds'
       ORDER BY project_id, beat_at DESC) AS latest
     ORDER BY project_id IS NOT DISTINCT FROM $1 DESC, is_over, beat_at DESC LIMIT ${mostRuns}`,
    [wanted ?? null],
  );
  const at = now();
  return rows.flatMap(([age, state]) => {
    const run = readSharedRun(state);
    return run === undefined ? [] : [shifted(run, at - Math.max(0, age) - run.at)];
  });
}
