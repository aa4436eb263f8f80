import type { Confidence } from './confidence.ts';
import type { TaskType } from './task-type.ts';

/** What is estimated, or was observed, of one (model, task type). */
export type ModelProfile = {
  /** Mean score of scored attempts, in [0, 1]. */
  qualityScore: number;
  /** Reliability factor in [0, 1]; 1 at the start of every run. */
  trustFactor: number;
  /** Milliseconds per attempt. */
  avgLatencyMs: number;
  /** 95th percentile of latency in milliseconds; a weighted mean of such percentiles in a history. */
  latencyP95Ms: number;
  /** Share of attempts that did not end in an error, in [0, 1]. */
  successRate: number;
  /** Dollars per attempt. */
  avgCostUsd: number;
  /** Attempts. */
  callCount: number;
  /** Attempts that ended in an error. */
  failureCount: number;
  /** Attempts whose answer failed a deterministic validator. */
  validatorFailCount: number;
};

/** A profile from past runs: means weighted by calls and age, counts undecayed. */
export type HistoricalProfile = ModelProfile & { confidence: Confidence };

/** What one run observed of one (model, task type). */
export type ProfileSnapshot = {
  model: string;
  taskType: TaskType;
  profile: ModelProfile;
  /**
   * Whether none of the attempts has a score, though not all of them failed (there was no judge): then the
   * quality of the profile is 0 and says nothing. Absent: by the profile's counts.
   */
  unscored?: boolean;
};

/**
 * Everything the past says of one (model, task type), as routing wants it: the profile for blending,
 * and what a posterior needs beyond a mean.
 */
export type CellHistory = {
  model: string;
  taskType: TaskType;
  profile: HistoricalProfile;
  /** Attempts with a score, weighted by age: the weight that {@link ModelProfile.qualityScore} rests on. */
  effectiveCalls: number;
  /** All attempts, failed ones too, weighted by age; absent: {@link effectiveCalls}. */
  effectiveAttempts?: number;
  /**
   * Equally weighted attempts that would give the mean score as precisely (Kish 1965: the square of the
   * sum of weights over the sum of their squares); absent: {@link effectiveAttempts}.
   */
  sampleSize?: number;
  /** Variance of single scores within this cell, where the history has it. */
  scoreVariance?: number;
  /** Unix seconds of an established change after which this history starts, if there was one. */
  restartedAt?: number;
};
