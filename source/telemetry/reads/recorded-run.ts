import { defined } from '../../domain/defined.ts';
import type { TokenUsage } from '../../domain/model-api.ts';
import { callRoles } from '../../domain/model-call.ts';
import { addUsage, type RoleUsage } from '../../domain/role-usage.ts';
import { emptyRunState, type RunState } from '../../domain/run-state.ts';
import { newTask, type AttemptState, type TaskState } from '../../domain/task-state.ts';

/** A finished task of a run. */
export type RecordedTaskRow = [
  taskId: string,
  taskType: string,
  model: string,
  reviewer: string | null,
  score: number | null,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
];

/** A call of a run. */
export type RecordedCallRow = [
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
  inputTokens: number | null,
  cachedInputTokens: number | null,
  outputTokens: number | null,
  reasoningTokens: number | null,
];

type Call = ReturnType<typeof callOf>;

const callOf = ([
  taskId,
  taskType,
  attempt,
  role,
  model,
  score,
  costUsd,
  latencyMs,
  outcome,
  at,
  inputTokens,
  cached,
  outputTokens,
  reasoning,
]: RecordedCallRow) => ({
  taskId: taskId ?? '',
  taskType: taskType ?? '',
  attempt: attempt ?? 0,
  role: callRoles.find((known) => known === role),
  model,
  score,
  costUsd,
  latencyMs,
  outcome,
  at,
  startedAt: at - latencyMs / 1000,
  usage: usageOf(inputTokens, cached, outputTokens, reasoning),
});

function usageOf(
  inputTokens: number | null,
  cached: number | null,
  outputTokens: number | null,
  reasoning: number | null,
): TokenUsage | undefined {
  if (inputTokens === null || outputTokens === null) return undefined;
  return {
    inputTokens,
    outputTokens,
    cachedInputTokens: cached ?? 0,
    ...defined({ reasoningTokens: reasoning ?? undefined }),
  };
}

/** A run as its records tell it, which have its numbers and none of its texts; undefined without any. */
export function recordedRunOf(
  projectId: string,
  recorded: { tasks: RecordedTaskRow[]; calls: RecordedCallRow[]; hasEnded: boolean },
): RunState | undefined {
  const { tasks, hasEnded } = recorded;
  const calls = recorded.calls.map(callOf);
  if (tasks.length === 0 && calls.length === 0) return undefined;
  const state = emptyRunState(projectId);
  const ends = [...calls.map(({ at }) => at), ...tasks.map((task) => task[8])];
  const starts = [...calls.map(({ startedAt }) => startedAt), ...ends];
  state.startedAt = starts.reduce((first, time) => Math.min(first, time), Infinity);
  state.lastEventAt = ends.reduce((last, time) => Math.max(last, time), 0);
  const paid = calls.reduce((sum, { costUsd }) => sum + costUsd, 0);
  state.spentUsd = paid > 0 ? paid : tasks.reduce((sum, task) => sum + task[5], 0);
  const callsOf = Map.groupBy(calls, ({ taskId }) => taskId);
  for (const row of tasks) {
    const [taskId, taskType, model, reviewer, score, costUsd, iterations, passed] = row;
    state.tasks.set(taskId, endedTask(row, callsOf.get(taskId) ?? []));
    state.results.push({
      taskId,
      taskType,
      model,
      costUsd,
      iterations,
      deterministicPassed: passed !== 0,
      ...defined({ score: score ?? undefined, reviewer: reviewer ?? undefined }),
    });
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

function endedTask(
  [id, type, model, , score, costUsd, iteration, passed, finishedAt]: RecordedTaskRow,
  calls: readonly Call[],
): TaskState {
  return {
    ...newTask(id, type, []),
    // Whether its score was enough is known where it ran.
    status: score === 0 ? 'failed' : passed === 0 ? 'best-effort' : 'accepted',
    model,
    author: model,
    iteration,
    costUsd,
    finishedAt,
    ...defined({ score: score ?? undefined, startedAt: calls[0]?.startedAt }),
    ...madeBy(calls),
  };
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
