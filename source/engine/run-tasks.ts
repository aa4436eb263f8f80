import type { PriorWork } from '../domain/prompts.ts';
import type { RunEventOf, TaskPhase, TaskSpec } from '../domain/run-event.ts';
import type { NamedTaskResult } from '../domain/task-result.ts';
import type { RunContext } from './context.ts';
import { toUsd } from '../domain/nano-dollars.ts';
import { runSchedule, type TaskUse } from './schedule.ts';
import { withoutFullStop } from './status.ts';
import { finishedPart } from './tasks/finish-task.ts';
import { runTask, type TaskEnd } from './tasks/run-task.ts';
import type { TaskWork } from './tasks/task-work.ts';
import { traceTask, type TaskSpan } from './tracing.ts';

export type TaskCounts = {
  planned: number;
  results: NamedTaskResult[];
  accepted: number;
  usable: number;
  /** Tasks without a result yet. */
  unfinished: number;
  /** Why the first of the tasks that have no usable result has none. */
  trouble?: string;
  /** Whether the budget kept a task from being better, or from being at all. */
  shortOfMoney: boolean;
};

/** Works through the plan and says what became of each task. */
export async function runTasks(
  context: RunContext,
  plan: readonly TaskSpec[],
): Promise<TaskCounts> {
  const { replay, emit, signals, options, state } = context;
  const outputs = createOutputs(plan);
  const counts: TaskCounts = {
    planned: plan.length,
    results: [],
    accepted: 0,
    usable: 0,
    unfinished: 0,
    shortOfMoney: false,
  };
  const known = new Map<string, TaskUse>();
  const noticed = new Set<string>();

  function keep(
    finished: Pick<RunEventOf<'task-finished'>, 'result' | 'status' | 'output'>,
  ): TaskUse {
    const { result, status, output } = finished;
    counts.results.push(result);
    if (status === 'accepted') counts.accepted += 1;
    if (status === 'failed') return 'unusable';
    counts.usable += 1;
    outputs.keep(result.taskId, output ?? '');
    return 'usable';
  }

  for (const { id } of plan) {
    const finished = replay.finished.get(id);
    if (finished !== undefined) known.set(id, keep(finished));
  }

  async function run(task: TaskSpec): Promise<TaskUse> {
    emit({ type: 'task-started', taskId: task.id, taskType: task.type });
    return traceTask(task, async (span) => {
      const end = await withinTime(context, task, span, noticed, outputs.of(task));
      if (end.why === 'no-budget') counts.shortOfMoney = true;
      const costUsd = toUsd(state.money.byTask.get(task.id) ?? 0);
      const finished = finishedPart(end, {
        id: task.id,
        type: task.type,
        costUsd,
        willContinue: ['stopped', 'unrecorded'].includes(context.stopReason() ?? ''),
      });
      if (finished === undefined) {
        if (end.why !== 'stopped') {
          counts.trouble ??= reasonOf(end);
          const message = `The task ${task.id} has no result yet: ${withoutFullStop(reasonOf(end))}.`;
          emit({ type: 'notice', taskId: task.id, message });
        }
        return 'unusable';
      }
      span.finished(finished.result);
      if (finished.status === 'failed' && finished.error !== undefined)
        counts.trouble ??= finished.error;
      emit({ type: 'task-finished', ...finished });
      return keep(finished);
    });
  }

  await runSchedule({
    tasks: plan,
    concurrency: Math.max(1, Math.floor(options.concurrency)),
    known,
    run,
    stopped: () => signals.admission.aborted,
  });
  counts.unfinished = plan.length - counts.results.length;
  return counts;
}

const reasonOf = ({ why, message }: TaskEnd): string =>
  message ?? (why === 'no-budget' ? 'the budget does not hold another call' : why);

/** One task within its own time limit, inside that of the run. */
async function withinTime(
  context: RunContext,
  task: TaskSpec,
  span: TaskSpan,
  noticed: Set<string>,
  priorWork: readonly PriorWork[],
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
    return await runTask(work, priorWork);
  } finally {
    clearTimeout(timer);
  }
}

/** Outputs for the tasks that build on them, kept no longer than needed. */
function createOutputs(plan: readonly TaskSpec[]) {
  const readers = new Map<string, number>();
  for (const { dependsOn } of plan) {
    for (const id of dependsOn) readers.set(id, (readers.get(id) ?? 0) + 1);
  }
  const outputs = new Map<string, string>();
  return {
    keep(id: string, output: string): void {
      if ((readers.get(id) ?? 0) > 0) outputs.set(id, output);
    },
    of({ dependsOn }: TaskSpec): PriorWork[] {
      return dependsOn.map((taskId) => {
        const output = outputs.get(taskId) ?? '';
        const left = (readers.get(taskId) ?? 1) - 1;
        readers.set(taskId, left);
        if (left === 0) outputs.delete(taskId);
        return { taskId, output };
      });
    },
  };
}
