import { performance } from 'node:perf_hooks';
import { messageOf, OrchestratorError } from '../domain/errors.ts';
import type { RunStatus, TaskSpec } from '../domain/run-event.ts';
import { createProfileBook, type ProfileBook, type RoutableModel } from '../routing/index.ts';
import { createCaller } from './calls/caller.ts';
import { createScope } from './calls/scope.ts';
import { defaultTuning } from './constants.ts';
import type { RunContext } from './context.ts';
import { estimateRun } from './estimate.ts';
import { createLedger } from './money/ledger.ts';
import { toNano, toUsd } from './money/nano-dollars.ts';
import type { RunOptions, RunOutcome } from './options.ts';
import { decompose, DecompositionError } from './project/decompose.ts';
import { problemsOfTasks } from './project/task-graph.ts';
import { createReplay } from './replay.ts';
import { runTasks, type TaskCounts } from './run-tasks.ts';
import { createSay, type Say } from './say.ts';
import { createSpendTally } from './spend-tally.ts';
import { statusOf, type StopReason } from './status.ts';
import { traceRun } from './tracing.ts';
import { problemsOfValidators } from './validators/index.ts';

/**
 * Runs a project to one of its five ends and says everything it does through `emit`. Rejects only for
 * tasks that cannot be run as given (`bad-tasks`), before anything is said or spent.
 */
export async function runProject(options: RunOptions): Promise<RunOutcome> {
  refuseBadTasks(options.tasks);
  const replay = createReplay(options.resumeFrom);
  const tuning = { ...defaultTuning, ...options.tuning };
  const ledger = createLedger(toNano(options.budgetUsd));
  for (const phase of ['decomposition', 'generation', 'review', 'evaluation'] as const) {
    ledger.charge(phase, replay.spent[phase]);
  }
  const tally = createSpendTally(replay);
  const offers = new Map(options.offers.map((offer) => [offer.id, offer]));
  const plainSay = createSay({ ...options, secrets: options.secrets ?? [] });
  let finishedTasks = 0;
  let plannedTasks = 0;
  let ended = false;
  const say: Say = (saying) => {
    // Nothing comes after the end, not even from work that an error of ours left behind.
    if (ended) return;
    ended = saying.type === 'run-finished';
    if (saying.type === 'call-finished') tally.add(saying);
    if (saying.type === 'task-finished') finishedTasks += 1;
    plainSay(saying);
  };

  const running = createScope();
  const { scope: starting } = running.child();
  let stop: { reason: StopReason; message: string } | undefined;
  const timers: NodeJS.Timeout[] = [];
  function stopRun(reason: StopReason, message: string): void {
    if (stop !== undefined) return;
    stop = { reason, message };
    starting.cancel(message);
    if (reason === 'timeout') running.cancel(message);
    else timers.push(setTimeout(() => running.cancel(message), tuning.graceMs));
  }

  const caller = createCaller({
    offers,
    client: options.client,
    ledger,
    replay,
    say,
    random: options.random,
    tuning,
    // A task has at most two calls at once: its two judgements.
    callsPerProvider: Math.max(1, Math.floor(options.concurrency)) * 2,
    now: () => performance.now(),
    onRunaway: (message) => {
      say({ type: 'notice', message });
      stopRun('runaway', message);
    },
  });
  const book = createBook(options, options.history);
  const observed = createBook(options, []);
  if (options.snapshotsRecorded !== true) {
    for (const attempt of replay.attempts) {
      book.observe(attempt);
      observed.observe(attempt);
    }
  }
  const context: RunContext = {
    options,
    tuning,
    offers,
    book,
    observed,
    ledger,
    caller,
    replay,
    say,
    scopes: { starting, running },
    stopReason: () => stop?.reason,
    progress: () => (plannedTasks === 0 ? 0 : finishedTasks / plannedTasks),
  };

  const onStop = (): void => {
    stopRun('stopped', 'stopped by the user');
  };
  const { timeLimitSeconds, signal } = options;
  timers.push(
    setTimeout(
      () => stopRun('timeout', `the time limit of ${timeLimitSeconds} s is over`),
      Math.min(timeLimitSeconds * 1000, longestTimer),
    ),
  );
  const heartbeat = setInterval(() => {
    say({ type: 'heartbeat', spentUsd: toUsd(ledger.spent()) });
  }, tuning.heartbeatMs);

  async function work(): Promise<RunOutcome> {
    sayStarted(options, say, replay.resumed);
    if (signal?.aborted === true) onStop();
    signal?.addEventListener('abort', onStop, { once: true });
    let counts: TaskCounts | undefined;
    let failure: string | undefined;
    let outOfMoney = false;
    try {
      const plan = await planOf(context);
      plannedTasks = plan.length;
      finishedTasks = plan.filter(({ id }) => replay.finished.has(id)).length;
      counts = await runTasks(context, plan, tally);
    } catch (error) {
      // Anything else than a plan that could not be had is a fault of ours; the run still ends well.
      failure = messageOf(error);
      running.cancel(failure);
      outOfMoney = error instanceof DecompositionError && error.code === 'no-budget';
    }
    const results = counts?.results ?? [];
    const status = statusOf({
      tasks: plannedTasks,
      accepted: counts?.accepted ?? 0,
      usable: counts?.usable ?? 0,
      shortOfMoney: outOfMoney || counts?.shortOfMoney === true,
      overBudget: ledger.spent() > ledger.budget,
      ...(stop === undefined ? {} : { stop: stop.reason }),
    });
    const resumable = counts === undefined ? status !== 'success' : counts.unfinished > 0;
    const message = failure ?? stop?.message ?? messageOfStatus(status, counts);
    const spentByPhase = ledger.spentByPhase();
    say({
      type: 'run-finished',
      status,
      spentUsd: toUsd(ledger.spent()),
      results,
      spentByPhase: {
        decomposition: toUsd(spentByPhase.decomposition),
        generation: toUsd(spentByPhase.generation),
        review: toUsd(spentByPhase.review),
        evaluation: toUsd(spentByPhase.evaluation),
      },
      spentByModel: tally.byModelUsd(),
      resumable,
      ...(message === undefined ? {} : { message }),
    });
    return {
      status,
      spentUsd: toUsd(ledger.spent()),
      results,
      snapshots: observed.snapshots(),
      resumable,
      ...(message === undefined ? {} : { message }),
    };
  }

  try {
    return await traceRun(options.projectId, work);
  } finally {
    clearInterval(heartbeat);
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onStop);
  }
}

/** setTimeout takes no more. */
const longestTimer = 2 ** 31 - 1;

async function planOf(context: RunContext): Promise<readonly TaskSpec[]> {
  const { replay, options, say } = context;
  if (replay.plan !== undefined) return replay.plan;
  const tasks = options.tasks === undefined ? await decompose(context) : [...options.tasks];
  say({ type: 'run-planned', tasks });
  say({ type: 'run-estimated', ...estimateRun(context, tasks) });
  return tasks;
}

function createBook(options: RunOptions, history: RunOptions['history']): ProfileBook {
  const models: RoutableModel[] = options.offers.map((offer) => ({
    id: offer.id,
    provider: offer.provider,
    defaultCostUsd: offer.costUsd({
      inputTokens: 1000,
      cachedInputTokens: 0,
      outputTokens: 500,
    }),
    ...(offer.taskTypes === undefined ? {} : { taskTypes: offer.taskTypes }),
  }));
  return createProfileBook({ models, history });
}

function sayStarted(options: RunOptions, say: Say, resumed: boolean): void {
  const { project, criteria, budgetUsd, timeLimitSeconds, concurrency, simulated, pid } = options;
  say({
    type: 'run-started',
    project,
    criteria,
    budgetUsd,
    timeLimitSeconds,
    concurrency,
    simulated,
    resumed,
    pid,
  });
}

function refuseBadTasks(tasks: readonly TaskSpec[] | undefined): void {
  if (tasks === undefined) return;
  const problems = [...problemsOfTasks(tasks), ...tasks.flatMap(problemsOfValidators)];
  if (problems.length === 0) return;
  throw new OrchestratorError(
    'bad-tasks',
    `The tasks cannot be run (${problems.join(' ')}): correct them in the project file.`,
  );
}

function messageOfStatus(status: RunStatus, counts: TaskCounts | undefined): string | undefined {
  switch (status) {
    case 'success': {
      return undefined;
    }
    case 'budget-exhausted': {
      return 'The budget does not hold what is left to do: continue with a larger --budget.';
    }
    case 'timeout':
    case 'partial':
    case 'failed': {
      if (counts === undefined) return undefined;
      const short = counts.results.length - counts.accepted;
      return `${counts.accepted} tasks were accepted, ${short} fell short, ${counts.unfinished} were not finished.`;
    }
  }
}
