import type { RunOverview } from '../../domain/run-report.ts';
import type { Session } from './connector.ts';

/** How many of the last recorded tasks are looked through for their runs, and how many runs are listed. */
const mostEvents = 2000;
const mostRuns = 50;
const mostModels = 20;

type OverviewRow = [
  projectId: string,
  startedAt: number,
  tasks: number,
  quality: number | null,
  spentUsd: number,
  models: string[],
  hasEnded: boolean,
];

/** The runs of which tasks were recorded last, by any machine, as far as that tells. */
export async function recordedRuns(session: Session, schema: string): Promise<RunOverview[]> {
  const ofRun = (table: string): string =>
    `FROM ${schema}.${table} WHERE project_id = r.project_id`;
  const rows = await session.rows<OverviewRow>(
    `WITH r AS (SELECT project_id FROM (SELECT project_id, stamp FROM ${schema}.routing_events
         ORDER BY stamp DESC LIMIT ${mostEvents}) AS last
       GROUP BY project_id ORDER BY max(stamp) DESC LIMIT ${mostRuns})
     SELECT r.project_id, least(e.first, c.first), e.tasks, e.quality, coalesce(c.cost, e.cost),
       ARRAY(SELECT model_chosen ${ofRun('routing_events')}
         GROUP BY model_chosen ORDER BY count(*) DESC, model_chosen LIMIT ${mostModels}),
       EXISTS (SELECT ${ofRun('model_snapshots')})
     FROM r
     CROSS JOIN LATERAL (SELECT min(recorded_at) AS first, count(*) AS tasks, sum(cost_usd) AS cost,
         avg(score) FILTER (WHERE NOT unscored) AS quality ${ofRun('routing_events')}) AS e
     CROSS JOIN LATERAL (SELECT min(recorded_at - latency_ms / 1000) AS first, sum(cost_usd) AS cost
         ${ofRun('model_calls')}) AS c
     ORDER BY 2 DESC`,
  );
  return rows.map(
    ([projectId, startedAt, tasks, averageQuality, spentUsd, models, hasEnded]): RunOverview => ({
      projectId,
      elsewhere: {},
      project: '',
      startedAt,
      status: hasEnded ? 'ended' : 'not-ended',
      tasks,
      averageQuality,
      spentUsd,
      // What it might have spent is not recorded.
      budgetUsd: 0,
      models,
    }),
  );
}
