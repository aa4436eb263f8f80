import { defined } from '../../domain/defined.ts';
import { callRoles, type RecordedCall } from '../../domain/model-call.ts';
import type { JudgeAgreement, RecordedOutcome } from '../../domain/outcome.ts';
import type { SupportCall } from '../../routing/index.ts';
import type { FactTable } from '../database/fact-tables.ts';
import type { SupportCallsWanted } from '../engine.ts';
import type { EventRow } from '../../domain/insight.ts';
import type { RecordedCallRow, RecordedTaskRow } from './recorded-run.ts';
import { agreementsOf, foundOf, type JudgementRow } from './judge-agreement.ts';
import type { OutcomeRow } from '../sums/fact-rows.ts';

/** What an engine names in its own way. */
export type Names = {
  at: (table: string) => string;
  /** The expression that tells whether nobody judged an event. */
  isUnscored: string;
};

/** What is asked of tables in the words that both engines know, and what the rows say. */
export type Query<Row extends unknown[], Result> = {
  /** Tables that a history of an earlier version lacks: then there are no rows. */
  needs: readonly FactTable[];
  /** `$1`, `$2` stand for the values. */
  sql: (names: Names) => string;
  values: readonly (string | number)[];
  of: (rows: Row[]) => Result;
};

/** The reads of a history that are one statement, the same for every engine. */
export const queries = {
  taskIds: (projectId: string): Query<[taskId: string], ReadonlySet<string>> => ({
    needs: [],
    sql: ({ at }) => `SELECT task_id FROM ${at('routing_events')} WHERE project_id = $1`,
    values: [projectId],
    of: (rows) => new Set(rows.map(([taskId]) => taskId)),
  }),
  /** The tasks and the calls of a run, as they followed one another. */
  recordedTasks: (projectId: string): Query<RecordedTaskRow, RecordedTaskRow[]> => ({
    needs: [],
    sql: ({ at, isUnscored }) => `SELECT task_id, task_type, model_chosen, reviewer,
        CASE WHEN ${isUnscored} THEN NULL ELSE score END, cost_usd, iterations, det_passed, recorded_at
      FROM ${at('routing_events')} WHERE project_id = $1 ORDER BY recorded_at, id`,
    values: [projectId],
    of: (rows) => rows,
  }),
  recordedCalls: (projectId: string): Query<RecordedCallRow, RecordedCallRow[]> => ({
    needs: ['model_calls'],
    sql: ({ at }) => `SELECT task_id, task_type, attempt, role, model, score, cost_usd, latency_ms,
        outcome, recorded_at, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens
      FROM ${at('model_calls')} WHERE project_id = $1 ORDER BY recorded_at, id`,
    values: [projectId],
    of: (rows) => rows,
  }),
  calls: (projectId: string): Query<CallRow, ReadonlyMap<string, RecordedCall>> => ({
    needs: ['model_calls'],
    sql: ({ at }) => `SELECT call_id, cost_usd, cost_estimated, latency_ms, outcome
      FROM ${at('model_calls')} WHERE project_id = $1`,
    values: [projectId],
    of: (rows) =>
      new Map(
        rows.map(([callId, costUsd, estimated, latencyMs, outcome]) => [
          callId,
          { costUsd, costEstimated: estimated !== 0, latencyMs, outcome },
        ]),
      ),
  }),
  /** In an order by what they are, not by when they were written: the same history is read in the same order. */
  supportCalls: ({
    most,
    exceptProject = '',
  }: SupportCallsWanted): Query<SupportCallRow, SupportCall[]> => ({
    needs: ['model_calls'],
    sql: ({ at }) => `SELECT project_id, task_id, task_type, attempt, role, provider, model,
        subject_model, score, outcome FROM ${at('model_calls')}
      WHERE role IN ('planner', 'critic', 'judge') AND project_id <> $1
      ORDER BY recorded_at DESC, project_id DESC, length(call_id) DESC, call_id DESC LIMIT $2`,
    values: [exceptProject, most],
    of: (newestFirst) => newestFirst.toReversed().flatMap(supportCallOf),
  }),
  outcomes: (projectId: string): Query<RecordedOutcomeRow, RecordedOutcome[]> => ({
    needs: ['outcomes'],
    sql: ({ at }) => `SELECT task_id, source, value, note, recorded_at FROM ${at('outcomes')}
      WHERE project_id = $1 ORDER BY id`,
    values: [projectId],
    of: (rows) =>
      rows.map(([taskId, source, value, note, at]) => ({ taskId, source, value, note, at })),
  }),
  /** What was found of the tasks that the program had picked. */
  found: (): Query<OutcomeRow, ReadonlyMap<string, number>> => ({
    needs: ['outcomes'],
    sql: ({ at }) =>
      `SELECT project_id, task_id, source, value, sampled FROM ${at('outcomes')} ORDER BY id`,
    values: [],
    of: foundOf,
  }),
  /** How far judges agree with what was found. */
  agreements: (found: ReadonlyMap<string, number>): Query<JudgementRow, JudgeAgreement[]> => ({
    needs: ['model_calls', 'outcomes'],
    sql: ({ at }) => `SELECT project_id, task_id, attempt, model, score FROM ${at('model_calls')}
      WHERE role = 'judge' AND score IS NOT NULL
        AND project_id IN (SELECT project_id FROM ${at('outcomes')} WHERE sampled IS NOT NULL)`,
    values: [],
    of: (judgements) => agreementsOf(found, judgements),
  }),
  hasSnapshots: (projectId: string): Query<unknown[], boolean> => ({
    needs: [],
    sql: ({ at }) => `SELECT 1 FROM ${at('model_snapshots')} WHERE project_id = $1 LIMIT 1`,
    values: [projectId],
    of: (rows) => rows.length > 0,
  }),
  isEmpty: (): Query<unknown[], boolean> => ({
    needs: [],
    sql: ({ at }) =>
      `SELECT 1 FROM ${at('routing_events')} UNION ALL SELECT 1 FROM ${at('model_snapshots')} LIMIT 1`,
    values: [],
    of: (rows) => rows.length === 0,
  }),
};

type CallRow = [
  callId: string,
  costUsd: number,
  estimated: number,
  latencyMs: number,
  outcome: string,
];
type RecordedOutcomeRow = [
  taskId: string,
  source: string,
  value: number | null,
  note: string | null,
  at: number,
];
type SupportCallRow = [
  projectId: string,
  taskId: string | null,
  taskType: string | null,
  attempt: number | null,
  role: string,
  provider: string,
  model: string,
  subject: string | null,
  score: number | null,
  outcome: string,
];

/** What a call tells of who planned, criticised or judged. */
function supportCallOf(row: SupportCallRow): SupportCall[] {
  const [projectId, taskId, taskType, attempt, name, provider, model, subject, score, outcome] =
    row;
  const role = callRoles.find((known) => known === name);
  if (role === undefined) return [];
  const isScore = score !== null && score >= 0 && score <= 1;
  return [
    {
      role,
      provider,
      model,
      outcome,
      ...defined({
        subject: subject ?? undefined,
        taskType: taskType ?? undefined,
        answer: taskId === null ? undefined : [projectId, taskId, attempt].join('/'),
        score: isScore ? score : undefined,
      }),
    },
  ];
}

/** A recorded task, as {@link eventColumns} names it. */
export type EventColumns = [
  id: number,
  projectId: string,
  taskId: string,
  taskType: string,
  model: string,
  reviewer: string | null,
  score: number | null,
  costUsd: number,
  iterations: number,
  passed: number,
  recordedAt: number,
];

export const eventColumns = ({ isUnscored }: Pick<Names, 'isUnscored'>): string =>
  `id, project_id, task_id, task_type, model_chosen, reviewer,
   CASE WHEN ${isUnscored} THEN NULL ELSE score END, cost_usd, iterations, det_passed, recorded_at`;

export function eventRow(row: EventColumns): EventRow {
  const [id, projectId, taskId, taskType, model, reviewer, score, costUsd, ...rest] = row;
  const [iterations, passed, recordedAt] = rest;
  return {
    id,
    projectId,
    taskId,
    taskType,
    model,
    ...defined({ reviewer: reviewer ?? undefined, score: score ?? undefined }),
    costUsd,
    iterations,
    deterministicPassed: passed !== 0,
    recordedAt,
  };
}
