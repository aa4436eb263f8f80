import type { Tags } from './tags.ts';
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

/** A finished task of any program's: what nobody measured may be left out. */
export type TaskRecord = Omit<TaskResult, 'iterations' | 'deterministicPassed'> & {
  /** Default 1. */
  iterations?: number;
  /** Default `true`. */
  deterministicPassed?: boolean;
  /** Names what happened: within a project, records of the same id count once. */
  id?: string;
  /** Unix seconds; absent: now. */
  at?: number;
  /** The model that gave the score. */
  judge?: string;
  /** The provider of the model. */
  provider?: string;
  latencyMs?: number;
  tokens?: RecordedTokens;
  /** What you call it by: 16 at most. */
  tags?: Tags;
};

/** Tokens of an answer; what is unknown is left out. */
export type RecordedTokens = {
  /** All of the input, cached ones included. */
  input?: number;
  cachedInput?: number;
  /** All of the output, reasoning included. */
  output?: number;
  reasoning?: number;
};

export type NamedTaskResult = TaskResult & { taskId: string };
