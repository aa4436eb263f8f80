import type { Moments } from '../../domain/moments.ts';
import type { TaskType } from '../../domain/task-type.ts';

/** What the window, and the window before it, hold of one (model, task type). */
export type CellSamples = {
  model: string;
  taskType: TaskType;
  /** Scores of the tasks in the window (`routing_events`). */
  scores: Moments;
  /** Tasks in the window with a usable answer that nobody judged; absent: none. */
  unscoredTasks?: number;
  /** Dollars for all tasks in the window together, judged or not. */
  costUsd: number;
  /** Scores of the tasks in the prior window. */
  priorScores: Moments;
  /** Tasks in the window whose best attempt failed a deterministic validator. */
  deterministicFailures: number;
  /** Attempts in the window: snapshots, and the iterations of events of runs without any. */
  attempts: number;
  /** Those that ended in an error. */
  failures: number;
  /** Those that failed a deterministic validator. */
  validatorFailures: number;
};

/** Tasks in the window, judged or not. */
export function tasksOf({ scores, unscoredTasks = 0 }: CellSamples): number {
  return scores.n + unscoredTasks;
}
