import { defined } from '../../domain/defined.ts';
import type { RunOverview } from '../../domain/run-report.ts';
import { emptyRunState, type RunState } from '../../domain/run-state.ts';
import { newTask, type AttemptState, type TaskState } from '../../domain/task-state.ts';
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

type TaskRow = [
  taskId: string,
  taskType: string,
  model: string,
  score: number | null,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
];
type CallRow = [
  taskId: string | null,
  taskType: string | null,
  attempt: number | null,
  role: string,
  model: string,
  score: number | null,
  costUsd: number,
  latencyMs: number,
  outcome: string,
  at: number,
];

/** What is recorded of one run, by any machine; undefined where nothing is. */
export async function recordedRun(
  session: Session,
  schema: string,
  projectId: string,
): Promise<RunState | undefined> {
  const tasks = await session.rows<TaskRow>(
    `SELECT task_id, task_type, model_chosen, CASE WHEN unscored THEN NULL ELSE score END, cost_usd,
       iterations, det_passed, recorded_at
     FROM ${schema}.routing_events WHERE project_id = $1 ORDER BY recorded_at, id`,
    [projectId],
  );
  const calls = await session.rows<CallRow>(
    `SELECT task_id, task_type, attempt, role, model, score, cost_usd, latency_ms, outcome, recorded_at
     FROM ${schema}.model_calls WHERE project_id = $1 ORDER BY recorded_at, id`,
    [projectId],
  );
  if (tasks.length === 0 && calls.length === 0) return undefined;
  const [[hasEnded] = [false]] = await session.rows<[boolean]>(
    `SELECT EXISTS (SELECT FROM ${schema}.model_snapshots WHERE project_id = $1)`,
    [projectId],
  );
  return stateOf(projectId, { tasks, calls, hasEnded });
}

function stateOf(
  projectId: string,
  { tasks, calls, hasEnded }: { tasks: TaskRow[]; calls: CallRow[]; hasEnded: boolean },
): RunState {
  const state = emptyRunState(projectId);
  const callsOf = Map.groupBy(calls, ([taskId]) => taskId ?? '');
  const times = [...calls.map((call) => call[9] - call[7] / 1000), ...tasks.map((task) => task[7])];
  state.startedAt = times.reduce((least, time) => Math.min(least, time), Infinity);
  state.lastEventAt = [...calls.map((call) => call[9]), ...tasks.map((task) => task[7])].reduce(
    (most, time) => Math.max(most, time),
    0,
  );
  const paid = calls.reduce((sum, call) => sum + call[6], 0);
  state.spentUsd = paid > 0 ? paid : tasks.reduce((sum, task) => sum + task[4], 0);
  for (const row of tasks) {
    const [taskId, type, model, score, costUsd, iterations, passed] = row;
    state.tasks.set(taskId, endedTask(row, callsOf.get(taskId) ?? []));
    state.results.push({
      taskId,
      taskType: type,
      model,
      costUsd,
      iterations,
      deterministicPassed: passed !== 0,
      ...defined({ score: score ?? undefined }),
    });
  }
  for (const [taskId, ofTask] of callsOf) {
    if (taskId === '' || state.tasks.has(taskId)) continue;
    const task = newTask(taskId, ofTask[0]?.[1] ?? '', []);
    state.tasks.set(taskId, { ...task, attempts: attemptsOf(ofTask) });
  }
  const doneCount = tasks.length;
  state.elsewhere = { taskCount: state.tasks.size, doneCount };
  if (hasEnded) state.finished = { at: state.lastEventAt, status: 'ended', resumable: false };
  return state;
}

function endedTask(
  [id, type, model, score, costUsd, iteration, passed, finishedAt]: TaskRow,
  calls: readonly CallRow[],
): TaskState {
  const first = calls[0];
  return {
    ...newTask(id, type, []),
    // Whether its score was enough is known where it ran.
    status: score === 0 ? 'failed' : passed === 0 ? 'best-effort' : 'accepted',
    model,
    author: model,
    iteration,
    costUsd,
    finishedAt,
    ...defined({
      score: score ?? undefined,
      startedAt: first && first[9] - first[7] / 1000,
    }),
    attempts: attemptsOf(calls),
  };
}

function attemptsOf(calls: readonly CallRow[]): AttemptState[] {
  return [...Map.groupBy(calls, ([, , attempt]) => attempt ?? 0)].flatMap(([iteration, made]) => {
    const own = made.filter(([, , , role]) => role === 'generator' || role === 'reviser');
    const last = own.at(-1);
    if (last === undefined) return [];
    const scores = made.flatMap((call) => (call[3] === 'judge' ? (call[5] ?? []) : []));
    const failed = last[8] !== 'ok';
    return [
      {
        iteration,
        model: last[4],
        costUsd: own.reduce((sum, call) => sum + call[6], 0),
        latencyMs: own.reduce((sum, call) => sum + call[7], 0),
        failed,
        validatorsPassed: !failed,
        policyViolation: false,
        ...defined({
          reviewer: made.find(([, , , role]) => role === 'critic')?.[4],
          score:
            scores.length === 0
              ? undefined
              : scores.reduce((sum, score) => sum + score, 0) / scores.length,
        }),
      },
    ];
  });
}
