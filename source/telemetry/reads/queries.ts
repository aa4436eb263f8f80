import { defined } from '../../domain/defined.ts';
import { callRoles, type RecordedCall } from '../../domain/model-call.ts';
import type { JudgeAgreement, RecordedOutcome } from '../../domain/outcome.ts';
import type { SupportCall } from '../../routing/index.ts';
import { selection } from '../database/columns.ts';
import type { FactTable } from '../database/fact-tables.ts';
import type { SupportCallsWanted } from '../engine.ts';
import type { EventRow } from '../../domain/insight.ts';
import type { FinishedCall, FinishedTask } from './recorded-run.ts';
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

const taskFields = selection('events');
const callFields = selection('calls');
const outcomeFields = selection('outcomes');
const costFields = selection('calls', [
  'callId',
  'costUsd',
  'costEstimated',
  'latencyMs',
  'outcome',
]);
const supportFields = selection('calls', [
  'projectId',
  'taskId',
  'taskType',
  'attempt',
  'role',
  'provider',
  'model',
  'subjectModel',
  'score',
  'outcome',
]);

/** The reads of a history that are one statement, the same for every engine. */
export const queries = {
  taskIds: (projectId: string): Query<[taskId: string], ReadonlySet<string>> => ({
    needs: [],
    sql: ({ at }) => `SELECT task_id FROM ${at('routing_events')} WHERE project_id = $1`,
    values: [projectId],
    of: (rows) => new Set(rows.map(([taskId]) => taskId)),
  }),
  /** The tasks and the calls of a run, as they followed one another. */
  recordedTasks: (projectId: string): Query<unknown[], FinishedTask[]> => ({
    needs: [],
    sql: ({ at, isUnscored }) => `SELECT ${taskFields.columns(isUnscored)}
      FROM ${at('routing_events')} WHERE project_id = $1 ORDER BY recorded_at, id`,
    values: [projectId],
    of: (rows) => rows.map(taskFields.recordOf),
  }),
  recordedCalls: (projectId: string): Query<unknown[], FinishedCall[]> => ({
    needs: ['model_calls'],
    sql: ({ at }) => `SELECT ${callFields.columns()}
      FROM ${at('model_calls')} WHERE project_id = $1 ORDER BY recorded_at, id`,
    values: [projectId],
    of: (rows) => rows.map(callFields.recordOf),
  }),
  calls: (projectId: string): Query<unknown[], ReadonlyMap<string, RecordedCall>> => ({
    needs: ['model_calls'],
    sql: ({ at }) =>
      `SELECT ${costFields.columns()} FROM ${at('model_calls')} WHERE project_id = $1`,
    values: [projectId],
    of: (rows) =>
      new Map(rows.map(costFields.recordOf).map(({ callId, ...call }) => [callId, call])),
  }),
  /** In an order by what they are, not by when they were written: the same history is read in the same order. */
  supportCalls: ({
    most,
    exceptProject = '',
  }: SupportCallsWanted): Query<unknown[], SupportCall[]> => ({
    needs: ['model_calls'],
    sql: ({ at }) => `SELECT ${supportFields.columns()} FROM ${at('model_calls')}
      WHERE role IN ('planner', 'critic', 'judge') AND project_id <> $1
      ORDER BY recorded_at DESC, project_id DESC, length(call_id) DESC, call_id DESC LIMIT $2`,
    values: [exceptProject, most],
    of: (newestFirst) => newestFirst.toReversed().flatMap(supportCallOf),
  }),
  outcomes: (projectId: string): Query<unknown[], RecordedOutcome[]> => ({
    needs: ['outcomes'],
    sql: ({ at }) =>
      `SELECT ${outcomeFields.columns()} FROM ${at('outcomes')} WHERE project_id = $1 ORDER BY id`,
    values: [projectId],
    of: (rows) =>
      rows.map(outcomeFields.recordOf).map(({ taskId, source, value, note, recordedAt: at }) => ({
        taskId,
        source,
        value: value ?? null,
        note: note ?? null,
        at,
      })),
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

/** What a call tells of who planned, criticised or judged. */
function supportCallOf(row: unknown[]): SupportCall[] {
  const call = supportFields.recordOf(row);
  const { projectId, taskId, taskType, attempt, provider, model, subjectModel, outcome } = call;
  const role = callRoles.find((known) => known === call.role);
  if (role === undefined) return [];
  const score = call.score ?? -1;
  return [
    {
      role,
      provider,
      model,
      outcome,
      ...defined({
        subject: subjectModel,
        taskType,
        answer: taskId === undefined ? undefined : [projectId, taskId, attempt].join('/'),
        score: score >= 0 && score <= 1 ? score : undefined,
      }),
    },
  ];
}

/** The columns of a recorded task that {@link eventRow} reads. */
export const eventColumns = (isUnscored: string): string => `id, ${taskFields.columns(isUnscored)}`;

export function eventRow([id, ...row]: [id: number, ...row: unknown[]]): EventRow {
  return { id, ...taskFields.recordOf(row) };
}
