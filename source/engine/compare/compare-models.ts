import { messageOf } from '../../domain/errors.ts';
import type { RunStatus, TaskSpec } from '../../domain/run-event.ts';
import type { ProfileSnapshot } from '../../domain/profile.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { defaultTuning } from '../constants.ts';
import type { RunContext } from '../context.ts';
import { createContext } from '../create-context.ts';
import type { RunOptions } from '../options.ts';
import { emitFinished, emitStarted, startHeartbeat } from '../run-events.ts';
import { snapshotsOf } from '../snapshots.ts';
import { createStopper } from '../stopper.ts';
import { traceRun } from '../tracing/index.ts';
import { answerPair, type ComparedItem, type PairOutcome } from './answer-pair.ts';

/** What two models scored on the same task. */
export type ComparedPair = { a: number; b: number };

export type ComparisonOptions = Omit<RunOptions, 'tasks' | 'ownTaskTypes'> & {
  /** Both of `offers`. */
  models: readonly [a: string, b: string];
  taskType: TaskType;
  items: readonly ComparedItem[];
  /** Whether what is known so far is enough; asked after every pair, in the order of the items. */
  isDecided: (pairs: readonly ComparedPair[]) => boolean;
};

export type ComparisonOutcome = {
  pairs: readonly ComparedPair[];
  spentUsd: number;
  status: RunStatus;
  /** One sentence where it ended before it was decided. */
  message?: string;
  snapshots: ProfileSnapshot[];
};

/**
 * Lets two models answer the same tasks, one attempt each, judged by the same others who do not know whose
 * answer it is, until it is decided, or tasks, money or time are over. It is a run like any other, of a
 * project of its own: every answer is chosen with certainty.
 */
export async function compareModels(options: ComparisonOptions): Promise<ComparisonOutcome> {
  const tuning = { ...defaultTuning, ...options.tuning };
  const stopper = createStopper({ ...options, graceMs: tuning.graceMs });
  const context = createContext({ ...options, comparison: true }, { stopper, tuning });
  const stopHeartbeat = startHeartbeat(context);
  try {
    return await traceRun(options, async () => {
      emitStarted(context);
      stopper.listen();
      const tasks = options.items.map((item, index) => tasksOf(item, index, options.taskType));
      context.emit({ type: 'run-planned', tasks: tasks.flat() });
      const pairs: ComparedPair[] = [];
      let end: Ending;
      try {
        end = await answerAll(context, options, tasks, pairs);
      } catch (error) {
        end = { status: 'failed', message: messageOf(error) };
        stopper.abandon(end.message ?? '');
      }
      const stop = stopper.stopped();
      const ending = stop === undefined ? end : { status: statusOf(stop), message: stop.message };
      emitFinished(context, { ...ending, resumable: false });
      const spentUsd = toUsd(context.ledger.spent());
      return { pairs, spentUsd, ...ending, snapshots: snapshotsOf(context) };
    });
  } finally {
    stopHeartbeat();
    stopper.close();
  }
}

type Ending = { status: RunStatus; message?: string };

const statusOf = ({ reason }: { reason: string }): RunStatus =>
  reason === 'timeout' ? 'timeout' : 'partial';

type Tasks = readonly [a: TaskSpec, b: TaskSpec];

function tasksOf({ prompt, validators }: ComparedItem, index: number, type: TaskType): Tasks {
  const task = (side: string): TaskSpec => ({
    id: `${String(index + 1).padStart(3, '0')}-${side}`,
    type,
    prompt,
    dependsOn: [],
    validators: [...validators],
  });
  return [task('a'), task('b')];
}

/** Some pairs at once, but counted in their order: which answer is quick must decide nothing. */
async function answerAll(
  context: RunContext,
  { models, items, isDecided, concurrency }: ComparisonOptions,
  tasks: readonly Tasks[],
  pairs: ComparedPair[],
): Promise<Ending> {
  const atOnce = Math.max(1, Math.floor(concurrency));
  for (let start = 0; start < items.length; start += atOnce) {
    if (context.signals.admission.aborted) return { status: 'partial' };
    const batch = items
      .slice(start, start + atOnce)
      .map(async (item, index): Promise<PairOutcome> => {
        const both = tasks[start + index];
        return both === undefined
          ? { kind: 'dropped' }
          : answerPair(context, { models, item, tasks: both });
      });
    let ending: Ending | undefined;
    for (const outcome of await Promise.all(batch)) {
      if (ending !== undefined) break;
      if (outcome.kind === 'no-budget') {
        ending = { status: 'budget-exhausted', message: 'The budget holds no further pair.' };
      }
      if (outcome.kind === 'no-judge') ending = { status: 'failed', message: outcome.message };
      if (outcome.kind !== 'pair') continue;
      pairs.push(outcome.scores);
      if (isDecided(pairs)) ending = { status: 'success' };
    }
    if (ending !== undefined) return ending;
  }
  return { status: 'partial', message: 'There are no further tasks.' };
}
