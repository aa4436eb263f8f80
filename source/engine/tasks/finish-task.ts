import { defined } from '../../domain/defined.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import type { RunEventOf } from '../../domain/run-event.ts';
import type { TaskEnd } from './run-task.ts';

/** What became of a task: its result, or nothing yet, so that a resumed run goes on with it. */
export type FinishedPart = Pick<
  RunEventOf<'task-finished'>,
  'result' | 'status' | 'output' | 'tested' | 'error'
>;

/**
 * The result of a task whose loop has ended; undefined where it has none yet. A task without a scored
 * attempt that only money, time or reachability kept from one is not finished: it can be continued, and
 * a score of 0 would be held against its model. A run that the user stops leaves its open tasks for the
 * continuation, which revises them further; one that runs out of time keeps the best there is.
 */
export function finishedPart(
  end: TaskEnd,
  task: {
    id: string;
    type: string;
    costUsd: number;
    /** The user stopped the run, to go on with it later. */
    willContinue: boolean;
  },
): FinishedPart | undefined {
  const { why, attempts, best, message } = end;
  const unfinished = why === 'no-budget' || why === 'stopped' || why === 'no-model';
  if (best === undefined || (why === 'stopped' && task.willContinue)) return undefined;
  if (
    unfinished &&
    best.score === undefined &&
    !(why === 'no-model' && best.output === undefined)
  ) {
    return undefined;
  }
  const { output, reviewer, model, tested } = best;
  // Usable and unjudged has no score; 0 is for a task without a usable answer.
  const score = output === undefined ? 0 : best.score;
  const result: NamedTaskResult = {
    taskId: task.id,
    taskType: task.type,
    model,
    ...defined({ score }),
    costUsd: task.costUsd,
    iterations: attempts.length,
    deterministicPassed: output !== undefined && best.validatorsPassed,
    ...defined({ reviewer }),
  };
  if (output === undefined) {
    return { result, status: 'failed', error: message ?? best.error ?? 'every attempt failed' };
  }
  if (why === 'accepted') return { result, status: 'accepted', output, ...defined({ tested }) };
  return {
    result,
    status: 'best-effort',
    output,
    ...defined({ tested, error: message }),
  };
}
