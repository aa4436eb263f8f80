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
