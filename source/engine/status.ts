import type { RunStatus } from '../domain/run-event.ts';

/** Why a run ended before its plan was through. */
export type StopReason = 'timeout' | 'stopped' | 'runaway';

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

/** One sentence for people where the status alone does not say it. */
export function messageOfStatus(
  status: RunStatus,
  counts: { accepted: number; unfinished: number; results: readonly unknown[] },
): string | undefined {
  if (status === 'success') return undefined;
  if (status === 'budget-exhausted') {
    return 'The budget does not hold what is left to do: continue with a larger --budget.';
  }
  const short = counts.results.length - counts.accepted;
  return `${counts.accepted} tasks were accepted, ${short} fell short, ${counts.unfinished} were not finished.`;
}
