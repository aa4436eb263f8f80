import type { PriorWork } from '../domain/prompts.ts';
import { defined } from '../domain/defined.ts';
import type { TaskPhase, TaskSpec } from '../domain/run-event.ts';
import type { RunState } from '../domain/run-state.ts';
import type { RunContext } from './context.ts';
import { toUsd } from '../domain/nano-dollars.ts';
import { runSchedule, type TaskUse } from './schedule.ts';
import { withoutFullStop } from './status.ts';
import { finishedPart } from './tasks/finish-task.ts';
import { runTask, type TaskEnd } from './tasks/run-task.ts';
import type { TaskWork } from './tasks/task-work.ts';
import { traceTask, type TaskSpan } from './tracing/index.ts';

/** How the plan came out. */
export type TaskCounts = {
  planned: number;
  accepted: number;
  usable: number;
  /** Tasks without a result yet. */
  unfinished: number;
  /** Why the first of the tasks that have no usable result has none. */
  lastProblem?: string;
  /** Whether the budget kept a task from being better, or from being at all. */
  shortOfMoney: boolean;
};

/** Works through the plan and reports what became of each task. */
export async function runTasks(
  context: RunContext,
  plan: readonly TaskSpec[],
): Promise<TaskCounts> {
  const { signals, options, state } = context;
  const noticed = new Set<string>();
  let lastProblem: string | undefined;
  let shortOfMoney = false;

  async function run(task: TaskSpec): Promise<TaskUse> {
    context.emit({ type: 'task-started', taskId: task.id, taskType: task.type });
    return traceTask(task, async (span) => {
      const end = await withinTime(context, task, { span, noticed }, (work) =>
        runTask(work, priorWorkOf(context.state, task)),
      );
      if (end.why === 'no-budget') shortOfMoney = true;
      lastProblem ??= report(context, task, end, span);
      options.simulatedTime?.settle(task.id);
      return useOf(state, task.id) ?? 'unusable';
    });
  }

  const known = new Map<string, TaskUse>();
  for (const { id } of plan) {
    const use = useOf(state, id);
    if (use !== undefined) known.set(id, use);
  }
  await runSchedule({
    tasks: plan,
    concurrency: Math.max(1, Math.floor(options.concurrency)),
    known,
    run,
    stopped: () => signals.admission.aborted,
  });
  return { ...countsOf(state, plan), ...defined({ lastProblem }), shortOfMoney };
}

/** What a task that is finished is worth to those that build on it; undefined for one that is not. */
function useOf({ tasks }: RunState, id: string): TaskUse | undefined {
  const task = tasks.get(id);
  if (task?.finishedAt === undefined) return undefined;
  return task.status === 'failed' ? 'unusable' : 'usable';
}

function countsOf(state: RunState, plan: readonly TaskSpec[]) {
  const uses = plan.flatMap(({ id }) => useOf(state, id) ?? []);
  return {
    planned: plan.length,
    accepted: plan.filter(({ id }) => state.tasks.get(id)?.status === 'accepted').length,
    usable: uses.filter((use) => use === 'usable').length,
    unfinished: plan.length - uses.length,
  };
}

/** Reports what a task came to; returns why it has no usable result, where it has none. */
export function report(
  context: RunContext,
  { id, type }: TaskSpec,
  end: TaskEnd,
  span: TaskSpan,
): string | undefined {
  const { emit, state } = context;
  const finished = finishedPart(end, {
    id,
    type,
    costUsd: toUsd(state.money.byTask.get(id) ?? 0),
    willContinue: ['stopped', 'unrecorded'].includes(context.stopReason() ?? ''),
  });
  if (finished === undefined) {
    if (end.why === 'stopped') return undefined;
    const reason = reasonOf(end);
    const message = `The task ${id} has no result yet: ${withoutFullStop(reason)}.`;
    emit({ type: 'notice', taskId: id, message });
    return reason;
  }
  span.finished(finished.result);
  emit({ type: 'task-finished', ...finished });
  return finished.status === 'failed' ? finished.error : undefined;
}

const reasonOf = ({ why, message }: TaskEnd): string =>
  message ?? (why === 'no-budget' ? 'the budget does not hold another call' : why);

/** Works on one task within its own time limit, inside that of the run. */
export async function withinTime(
  context: RunContext,
  task: TaskSpec,
  { span, noticed }: { span: TaskSpan; noticed: Set<string> },
  run: (work: TaskWork) => Promise<TaskEnd>,
): Promise<TaskEnd> {
  const { emit, tuning } = context;
  const { admission, execution } = context.signals;
  const overTime = new AbortController();
  const timer = setTimeout(() => {
    const minutes = Math.round(tuning.taskTimeoutMs / 60_000);
    overTime.abort(new Error(`the task took longer than ${minutes} minutes`));
  }, tuning.taskTimeoutMs);
  const notice = (message: string): void => {
    emit({ type: 'notice', taskId: task.id, message });
  };
  const work: TaskWork = {
    context,
    task,
    span,
    signals: {
      admission: AbortSignal.any([admission, overTime.signal]),
      execution: AbortSignal.any([execution, overTime.signal]),
    },
    begin(phase: TaskPhase, model: string, iteration: number) {
      emit({ type: 'phase-started', taskId: task.id, phase, model, iteration });
    },
    notice,
    noticeOnce(topic, message) {
      if (noticed.has(topic)) return;
      noticed.add(topic);
      notice(message);
    },
    cost: () => context.state.money.byTask.get(task.id) ?? 0,
  };
  try {
    return await run(work);
  } finally {
    clearTimeout(timer);
  }
}

/** The outputs that a task builds on. */
function priorWorkOf({ outputs }: RunState, { dependsOn }: TaskSpec): PriorWork[] {
  return dependsOn.map((taskId) => ({ taskId, output: outputs.get(taskId) ?? '' }));
}
