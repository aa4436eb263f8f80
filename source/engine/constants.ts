import { isBuiltInTaskType, type BuiltInTaskType, type TaskType } from '../domain/task-type.ts';
import type { MoneyPhase } from '../domain/run-event.ts';

/** When a task of one type is good enough, and how far the engine goes for it. */
export type TaskStandard = {
  /** Score in [0, 1] from which an attempt is accepted. */
  acceptAt: number;
  /** Scored attempts at most. */
  maxIterations: number;
  /** Hard limit of output tokens per attempt. */
  outputTokens: number;
};

const standards: Record<BuiltInTaskType, TaskStandard> = {
  code_generation: { acceptAt: 0.85, maxIterations: 3, outputTokens: 8192 },
  code_review: { acceptAt: 0.75, maxIterations: 4, outputTokens: 4096 },
  complex_reasoning: { acceptAt: 0.9, maxIterations: 3, outputTokens: 4096 },
  creative_writing: { acceptAt: 0.8, maxIterations: 2, outputTokens: 4096 },
  data_extraction: { acceptAt: 0.9, maxIterations: 2, outputTokens: 2048 },
  summarization: { acceptAt: 0.8, maxIterations: 2, outputTokens: 1024 },
  evaluation: { acceptAt: 0.8, maxIterations: 2, outputTokens: 2048 },
};

/** The standard of a user's own task type. */
const ownTypeStandard: TaskStandard = { acceptAt: 0.8, maxIterations: 2, outputTokens: 4096 };

export function standardOf(taskType: TaskType): TaskStandard {
  return isBuiltInTaskType(taskType) ? standards[taskType] : ownTypeStandard;
}

/** Soft shares of the budget; what is left to 1 is the reserve. */
export const budgetShares: Record<MoneyPhase, number> = {
  decomposition: 0.05,
  generation: 0.45,
  review: 0.25,
  evaluation: 0.15,
};

/** A gain in score under this stops iterating. */
const plateauGain = 0.02;

/** Whether a score rose enough to go on; 0.80 to 0.82 is a gain of 0.02, whatever binary fractions make of it. */
export const isGain = (from: number, to: number): boolean => to - from >= plateauGain - 1e-9;

/** Output limits of the calls that are not attempts. */
export const supportingOutputTokens = { decomposition: 4096, critique: 1024, judge: 512 } as const;

/** Judgements per attempt; their mean is its score. */
export const judgeSamples = 2;

/** Times and limits; everything in milliseconds unless it says otherwise. */
export type Tuning = {
  /** One HTTP call. */
  callTimeoutMs: number;
  /** One task, all its calls and waits. */
  taskTimeoutMs: number;
  /** Tries of one call that fails by a fault of the server or the network. */
  triesPerCall: number;
  /** Tries of one call that is rate-limited. */
  triesWhenRateLimited: number;
  backoffBaseMs: number;
  backoffCapMs: number;
  /** A provider that asks for a longer pause than this is left for another, where there is one. */
  maxRetryAfterMs: number;
  /** A provider that never answered is waited for this long while it cannot be reached. */
  unreachableMs: number;
  /** Failures in a row that open a breaker. */
  breakerFailures: number;
  /** How long an open breaker waits before it lets one call try again. */
  breakerCooldownMs: number;
  /** How long calls in flight may go on after a graceful stop. */
  graceMs: number;
  heartbeatMs: number;
};

export const defaultTuning: Tuning = {
  callTimeoutMs: 300_000,
  taskTimeoutMs: 1_800_000,
  triesPerCall: 3,
  triesWhenRateLimited: 8,
  backoffBaseMs: 500,
  backoffCapMs: 30_000,
  maxRetryAfterMs: 10_000,
  unreachableMs: 60_000,
  breakerFailures: 3,
  breakerCooldownMs: 60_000,
  graceMs: 10_000,
  heartbeatMs: 5000,
};
