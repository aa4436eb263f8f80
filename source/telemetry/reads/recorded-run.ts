import { defined } from '../../domain/defined.ts';
import type { TokenUsage } from '../../domain/model-api.ts';
import { callRoles, type ModelCall } from '../../domain/model-call.ts';
import { addUsage, type RoleUsage } from '../../domain/role-usage.ts';
import { emptyRunState, type RunState } from '../../domain/run-state.ts';
import { newTask, type AttemptState, type TaskState } from '../../domain/task-state.ts';
import { standardOf } from '../../domain/task-standard.ts';
import type { RecordOf } from '../database/columns.ts';

/** A finished task of a run, and a call. */
export type FinishedTask = RecordOf['events'];
export type FinishedCall = RecordOf['calls'];

type Call = ReturnType<typeof callOf>;

const callOf = ({ recordedAt: at, ...call }: FinishedCall) => ({
  ...call,
  at,
  taskId: call.taskId ?? '',
  taskType: call.taskType ?? '',
  attempt: call.attempt ?? 0,
  role: callRoles.find((known) => known === call.role),
  startedAt: at - call.latencyMs / 1000,
  usage: usageOf(call),
});

function usageOf(call: ModelCall): TokenUsage | undefined {
  const { inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens } = call;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, cachedInputTokens, ...defined({ reasoningTokens }) };
}

/** A run as its records tell it, which have its numbers and none of its texts; undefined without any. */
export function recordedRunOf(
  projectId: string,
  recorded: { tasks: FinishedTask[]; calls: FinishedCall[]; hasEnded: boolean },
): RunState | undefined {
  const { tasks, hasEnded } = recorded;
  const calls = recorded.calls.map(callOf);
  if (tasks.length === 0 && calls.length === 0) return undefined;
  const state = emptyRunState(projectId);
  const ends = [...calls.map(({ at }) => at), ...tasks.map(({ recordedAt }) => recordedAt)];
  const starts = [...calls.map(({ startedAt }) => startedAt), ...ends];
  state.startedAt = starts.reduce((first, time) => Math.min(first, time), Infinity);
  state.lastEventAt = ends.reduce((last, time) => Math.max(last, time), 0);
  const paid = calls.reduce((sum, { costUsd }) => sum + costUsd, 0);
  state.spentUsd = paid > 0 ? paid : tasks.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const callsOf = Map.groupBy(calls, ({ taskId }) => taskId);
  for (const task of tasks) {
    const { projectId: _project, recordedAt: _at, ...result } = task;
    state.tasks.set(task.taskId, endedTask(task, callsOf.get(task.taskId) ?? []));
    state.results.push(result);
  }
  for (const [taskId, ofTask] of callsOf) {
    if (taskId === '' || state.tasks.has(taskId)) continue;
    const task = newTask(taskId, ofTask[0]?.taskType ?? '', []);
    state.tasks.set(taskId, { ...task, ...madeBy(ofTask) });
  }
  state.elsewhere = { taskCount: state.tasks.size, doneCount: tasks.length };
  if (hasEnded) state.finished = { at: state.lastEventAt, status: 'ended', resumable: false };
  return state;
}

function endedTask(task: FinishedTask, calls: readonly Call[]): TaskState {
  const { taskId, taskType, model, score, costUsd, iterations, recordedAt } = task;
  return {
    ...newTask(taskId, taskType, []),
    status: statusOf(task),
    model,
    author: model,
    iteration: iterations,
    costUsd,
    finishedAt: recordedAt,
    ...defined({ score, startedAt: calls[0]?.startedAt }),
    ...madeBy(calls),
  };
}

/** What is not judged is taken for good where it passed its checks. */
function statusOf({ taskType, score, deterministicPassed }: FinishedTask): TaskState['status'] {
  const { acceptAt } = standardOf(taskType);
  if (score === 0) return 'failed';
  return deterministicPassed && (score ?? acceptAt) >= acceptAt ? 'accepted' : 'best-effort';
}

function madeBy(calls: readonly Call[]): Pick<TaskState, 'attempts' | 'usage'> {
  const usage: RoleUsage[] = [];
  for (const call of calls) {
    const { role } = call;
    if (role !== undefined) addUsage(usage, { ...call, role });
  }
  return { attempts: attemptsOf(calls), usage };
}

function attemptsOf(calls: readonly Call[]): AttemptState[] {
  return [...Map.groupBy(calls, ({ attempt }) => attempt)].flatMap(([iteration, made]) => {
    const own = made.filter(({ role }) => role === 'generator' || role === 'reviser');
    const last = own.at(-1);
    if (last === undefined) return [];
    const scores = made.flatMap(({ role, score }) => (role === 'judge' ? (score ?? []) : []));
    const failed = last.outcome !== 'ok';
    return [
      {
        iteration,
        model: last.model,
        costUsd: own.reduce((sum, { costUsd }) => sum + costUsd, 0),
        latencyMs: own.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
        failed,
        validatorsPassed: !failed,
        policyViolation: false,
        ...defined({
          reviewer: made.find(({ role }) => role === 'critic')?.model,
          score:
            scores.length === 0
              ? undefined
              : scores.reduce((sum, score) => sum + score, 0) / scores.length,
        }),
      },
    ];
  });
}
