import type { MoneyPhase } from '../domain/run-event.ts';

/** Soft shares of the budget; what is left to 1 is the reserve. */
export const budgetShares: Record<MoneyPhase, number> = {
  decomposition: 0.05,
  generation: 0.45,
  review: 0.25,
  evaluation: 0.15,
};

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
