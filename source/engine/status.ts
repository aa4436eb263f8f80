import type { RunStatus } from '../domain/run-event.ts';

/** Why a run ended before its plan was through. */
export type StopReason =
  | 'timeout'
  | 'stopped'
  /** The journal cannot be written. */
  | 'unrecorded';

/** The one of the five end states that fits. */
export function statusOf(end: {
  tasks: number;
  accepted: number;
  usable: number;
  shortOfMoney: boolean;
  overBudget: boolean;
  stop?: StopReason;
}): RunStatus {
  const { tasks, accepted, usable, shortOfMoney, overBudget, stop } = end;
  if (tasks > 0 && accepted === tasks) return 'success';
  if (stop === 'timeout') return 'timeout';
  if (shortOfMoney || overBudget) return 'budget-exhausted';
  if (usable > 0 || stop === 'stopped') return 'partial';
  return 'failed';
}

/** Said before anything is spent, and again at the end. */
export function loneModelMessage(model: string): string {
  return `${model} is the only model that can be called, and no model judges its own work, so nothing gets a score: add a second model to the configuration, or set the key of another provider.`;
}

/** One sentence for people where the status alone does not say it. */
export function messageOfStatus(
  status: RunStatus,
  counts: {
    planned: number;
    accepted: number;
    usable: number;
    unfinished: number;
    lastProblem?: string;
  },
  loneModel?: string,
): string | undefined {
  if (status === 'success') return undefined;
  if (status === 'budget-exhausted') {
    return 'The budget does not hold what is left to do: continue with a larger --budget.';
  }
  if (loneModel !== undefined && counts.unfinished < counts.planned)
    return loneModelMessage(loneModel);
  const { planned, accepted, usable, unfinished, lastProblem } = counts;
  const failed = planned - unfinished - usable;
  const ofFailed = failed === 0 ? '' : ` ${failed} failed,`;
  const head = `Of ${planned} ${planned === 1 ? 'task' : 'tasks'}, ${accepted} accepted, ${usable - accepted} short of the mark,${ofFailed} ${unfinished} not finished`;
  return lastProblem === undefined ? `${head}.` : `${head}: ${withoutFullStop(lastProblem)}.`;
}

/** A reason as the end of a longer sentence. */
export const withoutFullStop = (text: string): string => text.replace(/\.$/u, '');
