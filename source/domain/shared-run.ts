import { defined } from './defined.ts';
import { averageOf, modelsOf } from './run-digest.ts';
import type { RunStatus } from './run-event.ts';
import { emptyRunState, type RunState } from './run-state.ts';
import type { NamedTaskResult } from './task-result.ts';
import { isDone } from './task-standing.ts';
import type { AttemptState, TaskState } from './task-state.ts';

/**
 * A run as the other machines of an organisation may know it: names, states, scores, costs and times. What
 * is not listed here never leaves the machine: no project, no prompt, no answer, no words of a provider.
 */
export type SharedRun = {
  projectId: string;
  machine: string;
  /** Unix seconds by the clock of that machine, as all times here: when this was said. */
  at: number;
  startedAt: number;
  lastEventAt: number;
  budgetUsd: number;
  spentUsd: number;
  timeLimitSeconds: number;
  concurrency: number;
  simulated: boolean;
  /** Absent while it goes on. */
  ended?: { at: number; status: RunStatus; resumable: boolean };
  taskCount: number;
  doneCount: number;
  averageQuality: number | null;
  models: string[];
  /** In the order of the plan; of a very long plan those that matter most now. */
  tasks: SharedTask[];
};

export type SharedTask = Pick<
  TaskState,
  | 'id'
  | 'type'
  | 'status'
  | 'phase'
  | 'model'
  | 'author'
  | 'iteration'
  | 'score'
  | 'costUsd'
  | 'startedAt'
  | 'phaseAt'
  | 'finishedAt'
> & { attempts: SharedAttempt[] };

export type SharedAttempt = Pick<
  AttemptState,
  | 'iteration'
  | 'model'
  | 'reviewer'
  | 'score'
  | 'costUsd'
  | 'latencyMs'
  | 'failed'
  | 'validatorsPassed'
  | 'policyViolation'
>;

/**
 * Most tasks that are shared of a run, of them with their attempts, attempts of one, and models: what is
 * said every few seconds must be little, and what has ended is recorded besides.
 */
export const sharedLimits = { tasks: 100, detailed: 16, attempts: 8, models: 20 } as const;

/** What is shared of a run. Field by field, so that a new field of its state is not shared by itself. */
export function sharedRunOf(
  run: RunState,
  { machine, now }: { machine: string; now: number },
): SharedRun {
  const { projectId, startedAt, lastEventAt, budgetUsd, spentUsd, finished, results } = run;
  const { timeLimitSeconds, concurrency, simulated } = run;
  const tasks = [...run.tasks.values()];
  return {
    projectId,
    machine,
    at: now,
    startedAt,
    lastEventAt,
    budgetUsd,
    spentUsd,
    timeLimitSeconds,
    concurrency,
    simulated,
    ...(finished !== undefined &&
      finished.status !== 'ended' && {
        ended: { at: finished.at, status: finished.status, resumable: finished.resumable },
      }),
    taskCount: Math.max(tasks.length, results.length),
    doneCount: tasks.filter(isDone).length,
    averageQuality: averageOf(results),
    models: modelsOf(results).slice(0, sharedLimits.models),
    tasks: sharedTasks(tasks),
  };
}

const rank = ({ status, finishedAt = 0 }: TaskState): number =>
  status === 'running' ? Number.MAX_VALUE : finishedAt;

/** In the order of the plan: those at work, then those that ended last, then those to come. */
function sharedTasks(tasks: readonly TaskState[]): SharedTask[] {
  const ranked = tasks.toSorted((a, b) => rank(b) - rank(a));
  const chosen = new Set(ranked.slice(0, sharedLimits.tasks));
  const detailed = new Set(ranked.slice(0, sharedLimits.detailed));
  return tasks
    .filter((task) => chosen.has(task))
    .map((task) => sharedTask(task, detailed.has(task)));
}

function sharedTask(task: TaskState, withAttempts: boolean): SharedTask {
  const { id, type, status, phase, model, author, iteration, score, costUsd } = task;
  const { startedAt, phaseAt, finishedAt, attempts } = task;
  return {
    id,
    type,
    status,
    iteration,
    costUsd,
    ...defined({ phase, model, author, score, startedAt, phaseAt, finishedAt }),
    attempts: withAttempts ? attempts.slice(-sharedLimits.attempts).map(sharedAttempt) : [],
  };
}

function sharedAttempt(attempt: AttemptState): SharedAttempt {
  const { iteration, model, reviewer, score, costUsd, latencyMs } = attempt;
  const { failed, validatorsPassed, policyViolation } = attempt;
  return {
    iteration,
    model,
    costUsd,
    latencyMs,
    failed,
    validatorsPassed,
    policyViolation,
    ...defined({ reviewer, score }),
  };
}

/** A run with all its times moved, from the clock of its machine to this one's. */
export function shifted(run: SharedRun, bySeconds: number): SharedRun {
  const at = (time: number): number => time + bySeconds;
  const maybeAt = (time: number | undefined): number | undefined => time && at(time);
  return {
    ...run,
    at: at(run.at),
    startedAt: at(run.startedAt),
    lastEventAt: at(run.lastEventAt),
    ...(run.ended !== undefined && { ended: { ...run.ended, at: at(run.ended.at) } }),
    tasks: run.tasks.map((task) => ({
      ...task,
      ...defined({
        startedAt: maybeAt(task.startedAt),
        phaseAt: maybeAt(task.phaseAt),
        finishedAt: maybeAt(task.finishedAt),
      }),
    })),
  };
}

/** The state of a run on another machine, as far as it is shared. */
export function stateOfShared(run: SharedRun): RunState {
  const { startedAt, lastEventAt, budgetUsd, spentUsd, timeLimitSeconds } = run;
  const { concurrency, simulated, ended, machine, taskCount, doneCount } = run;
  return {
    ...emptyRunState(run.projectId),
    elsewhere: { machine, taskCount, doneCount },
    startedAt,
    lastEventAt,
    budgetUsd,
    spentUsd,
    timeLimitSeconds,
    concurrency,
    simulated,
    tasks: new Map(run.tasks.map((task) => [task.id, { ...task, dependsOn: [], usage: [] }])),
    results: run.tasks.flatMap((task) => resultOf(task)),
    ...(ended !== undefined && { finished: ended }),
  };
}

function resultOf(task: SharedTask): NamedTaskResult[] {
  const { id, type, author, score, costUsd, attempts, finishedAt } = task;
  if (finishedAt === undefined || author === undefined) return [];
  return [
    {
      taskId: id,
      taskType: type,
      model: author,
      costUsd,
      iterations: attempts.length,
      deterministicPassed: task.status !== 'failed',
      ...(score !== undefined && { score }),
    },
  ];
}
