import { defined } from '../domain/defined.ts';
import { messageOf, OrchestratorError } from '../domain/errors.ts';
import type { TaskSpec } from '../domain/run-event.ts';
import { defaultTuning } from './constants.ts';
import type { RunContext } from './context.ts';
import { createContext } from './create-context.ts';
import { estimateRun } from './estimate.ts';
import { toUsd } from '../domain/nano-dollars.ts';
import type { RunOptions, RunOutcome } from './options.ts';
import { decompose, DecompositionError } from './project/decompose.ts';
import { problemsOfTasks } from './project/task-graph.ts';
import { onlyModel } from './routes.ts';
import { emitFinished, emitStarted, startHeartbeat } from './run-events.ts';
import { runTasks, type TaskCounts } from './run-tasks.ts';
import { snapshotsOf } from './snapshots.ts';
import { loneModelMessage, messageOfStatus, statusOf } from './status.ts';
import { createStopper, type Stopper } from './stopper.ts';
import { tracePlan, traceRun } from './tracing/index.ts';
import { problemsOfSchemas, problemsOfValidators } from './validators/index.ts';

/**
 * Runs a project to one of its five ends and says everything it does through `emit`. Rejects only for
 * tasks that cannot be run as given (`bad-tasks`), before anything is said or spent.
 */
export async function runProject(options: RunOptions): Promise<RunOutcome> {
  await refuseBadTasks(options.tasks);
  const tuning = { ...defaultTuning, ...options.tuning };
  const stopper = createStopper({ ...options, graceMs: tuning.graceMs });
  const context = createContext(options, { stopper, tuning });
  const stopHeartbeat = startHeartbeat(context);
  try {
    return await traceRun(options, async () => {
      emitStarted(context);
      chargeInterrupted(context);
      stopper.listen();
      const loneModel = onlyModel(context);
      if (loneModel !== undefined) {
        context.emit({ type: 'notice', message: loneModelMessage(loneModel) });
      }
      return conclude(context, { stopper, loneModel, work: await workThrough(context, stopper) });
    });
  } finally {
    stopHeartbeat();
    stopper.close();
  }
}

/** What the work came to: its tasks, or why there are none. */
type Work = { counts: TaskCounts } | { failure: string; shortOfMoney: boolean };

async function workThrough(context: RunContext, stopper: Stopper): Promise<Work> {
  try {
    return { counts: await runTasks(context, await planOf(context)) };
  } catch (error) {
    // Anything but a plan that could not be had is a fault of ours: the run still ends well.
    const failure = messageOf(error);
    stopper.abandon(failure);
    return {
      failure,
      shortOfMoney: error instanceof DecompositionError && error.code === 'no-budget',
    };
  }
}

async function planOf(context: RunContext): Promise<readonly TaskSpec[]> {
  const { state, options, emit } = context;
  // Planned by an earlier part.
  if (state.plan.length > 0) return state.plan;
  const tasks =
    options.tasks === undefined ? await tracePlan(() => decompose(context)) : [...options.tasks];
  emit({ type: 'run-planned', tasks });
  emit({ type: 'run-estimated', ...estimateRun(context, tasks) });
  return tasks;
}

/** Reports how the run ended. */
function conclude(
  context: RunContext,
  { stopper, loneModel, work }: { stopper: Stopper; loneModel: string | undefined; work: Work },
): RunOutcome {
  const { ledger, state } = context;
  const stop = stopper.stopped();
  const counts = 'counts' in work ? work.counts : undefined;
  const status = statusOf({
    tasks: counts?.planned ?? 0,
    accepted: counts?.accepted ?? 0,
    usable: counts?.usable ?? 0,
    shortOfMoney: 'counts' in work ? work.counts.shortOfMoney : work.shortOfMoney,
    overBudget: ledger.spent() > ledger.budget,
    ...defined({ stop: stop?.reason }),
  });
  const message =
    stop?.message ??
    ('counts' in work ? messageOfStatus(status, work.counts, loneModel) : work.failure);
  const end = {
    status,
    spentUsd: toUsd(ledger.spent()),
    results: [...state.results],
    resumable: counts === undefined || counts.unfinished > 0,
    ...defined({ message }),
  };
  emitFinished(context, end);
  return { ...end, snapshots: snapshotsOf(context) };
}

/** What was in flight when an earlier part of this run was killed may have been charged for. */
function chargeInterrupted({ state, emit, options }: RunContext): void {
  for (const started of state.openCalls.values()) {
    const { reservedUsd, type: _, projectId: __, at: ___, ...identity } = started;
    // Where a full disk kept its end out of the journal, the history may have it.
    const known = options.callsRecorded?.get(identity.callId);
    emit({
      type: 'call-finished',
      ...identity,
      costUsd: known?.costUsd ?? reservedUsd,
      estimated: known?.costEstimated ?? true,
      latencyMs: known?.latencyMs ?? 0,
      outcome: known?.outcome === 'ok' ? 'ok' : 'interrupted',
    });
  }
}

async function refuseBadTasks(tasks: readonly TaskSpec[] | undefined): Promise<void> {
  if (tasks === undefined) return;
  const problems = [...problemsOfTasks(tasks), ...tasks.flatMap(problemsOfValidators)];
  // Looking at schemas takes a thread, which is not started for tasks that have none.
  if (problems.length === 0) {
    problems.push(...(await Promise.all(tasks.map(problemsOfSchemas))).flat());
  }
  if (problems.length === 0) return;
  throw new OrchestratorError(
    'bad-tasks',
    `The tasks cannot be run (${problems.join(' ')}): correct them in the project file.`,
  );
}
