import type { RoutingStrategy } from './policy.ts';
import type { HistoricalProfile, ModelProfile } from './profile.ts';
import type { TaskType } from './task-type.ts';

/**
 * One decision with its reasons: the same object in the run's events, `orchestrator explain` and the
 * dashboard.
 */
export type RoutingDecision = {
  taskType: TaskType;
  strategy: RoutingStrategy;
  qualityTolerance: number;
  /** The model to use; absent when every candidate is excluded. */
  chosen?: string;
  /** The model that would be chosen without exploration. */
  greedyChoice?: string;
  /** Whether sampling, rather than the profiles alone, made this choice. */
  exploration: boolean;
  /** Where the history shows that a cheaper model first and a second one after it pay. */
  portfolio?: PortfolioDecision;
  /** One sentence for people. */
  reason: string;
  /** The chosen one first, then those to fall back to in this order, then the excluded. */
  candidates: CandidateAssessment[];
};

/** A cheaper model first, a second one where its answer is judged not good enough, and who else there would be. */
export type PortfolioDecision = {
  first: string;
  second: string;
  /** What a task is expected to come to, in [0, 1] and in dollars of its answers. */
  qualityScore: number;
  costUsd: number;
  /** The choice without it, and what that is expected to come to. */
  alone: { model: string; qualityScore: number; costUsd: number };
  /** It is in force; else `routing.portfolio` would put it in force. */
  used: boolean;
};

export type CandidateAssessment = {
  model: string;
  provider: string;
  /** Where the profile starts without a history of its own. */
  default: {
    qualityScore: number;
    avgCostUsd: number;
    /** The model's own record on other task types, or the constants of the design. */
    source: 'other-task-types' | 'constants';
  };
  /** The past of this (model, task type), where there is one. */
  history?: HistoricalProfile & { effectiveCalls: number; restartedAt?: number };
  /** Weight of the history in the blend: 0, 0.4 or 1. */
  historyWeight: number;
  /** Attempts seen in this run so far. */
  runCalls: number;
  /** What routing expects now: its posterior. */
  profile: ModelProfile;
  /** What sampling knows (`adaptive` only). */
  posterior?: { mean: number; standardDeviation: number; sample: number };
  /** Place among those not excluded, from 1. */
  rank?: number;
  excluded?: ExclusionReason;
  /** One sentence for people: why it ranks where it does, or what excluded it. */
  reason: string;
};

export type ExclusionReason =
  | 'unsupported'
  | 'not-allowed'
  | 'blocked'
  | 'unhealthy'
  | 'too-expensive'
  | 'too-slow'
  /** The history knows it, but no provider that is set up offers it. */
  | 'not-configured'
  | 'excluded-by-caller';
