import { callRoles } from '../domain/model-call.ts';
import type { SupportCall } from '../routing/index.ts';

/** A row of `model_calls`, as {@link supportCallColumns} names them. */
export type SupportCallRow = [
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

export const supportCallColumns =
  'project_id, task_id, task_type, attempt, role, provider, model, subject_model, score, outcome';
/** By what they are, not by when they were written: the same history is read in the same order. */
export const latestSupportCalls =
  'recorded_at DESC, project_id DESC, length(call_id) DESC, call_id DESC';
export const supportRoles = `('planner', 'critic', 'judge')`;

/** What the latest calls tell of those who plan, criticise and judge: so many, the oldest of them first. */
export function supportCallsOf(newestFirst: readonly SupportCallRow[]): SupportCall[] {
  return newestFirst.toReversed().flatMap((row) => {
    const [projectId, taskId, taskType, attempt, name, provider, model, subject, score, outcome] =
      row;
    const role = callRoles.find((known) => known === name);
    if (role === undefined) return [];
    const isScore = score !== null && score >= 0 && score <= 1;
    return {
      role,
      provider,
      model,
      outcome,
      ...(subject === null ? {} : { subject }),
      ...(taskType === null ? {} : { taskType }),
      ...(taskId === null ? {} : { answer: [projectId, taskId, attempt].join('/') }),
      ...(isScore ? { score } : {}),
    };
  });
}
