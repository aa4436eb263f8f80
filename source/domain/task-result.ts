import type { TaskType } from './task-type.ts';

/** The outcome of one finished task, as telemetry keeps it. */
export type TaskResult = {
  taskType: TaskType;
  /** The model that made the best attempt. */
  model: string;
  /** The model that criticised the best attempt. */
  reviewer?: string;
  /**
   * Score of the best attempt in [0, 1]; 0 where no attempt was usable, absent where there is a usable
   * answer that nobody judged.
   */
  score?: number;
  /** Dollars for all attempts, critics and judges of the task. */
  costUsd: number;
  /** Attempts made. */
  iterations: number;
  /** Whether the best attempt passed every deterministic validator, or had none. */
  deterministicPassed: boolean;
};

export type NamedTaskResult = TaskResult & { taskId: string };
