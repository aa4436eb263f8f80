import { limits } from '../../domain/limits.ts';
import type { DecisiveOutcome } from '../../domain/outcome.ts';
import type { TaskType } from '../../domain/task-type.ts';

/** A row of `routing_events`, as far as sums need it. */
export type EventFact = {
  kind: 'event';
  projectId: string;
  /** The number of its (model, task type), see `Cells`; −1 where their names are no texts. */
  cell: number;
  /** What it counts with: its outcome where it has one, else what judges gave it; null: nothing. */
  score: number | null;
  /** Where an outcome decides: what judges gave, and the probability with which it was asked for. */
  outcome?: { judged: number | null; sampled: number | null };
  costUsd: number;
  iterations: number;
  passed: boolean;
  at: number;
};

/** A row of `model_snapshots`. */
export type SnapshotFact = {
  kind: 'snapshot';
  projectId: string;
  cell: number;
  quality: number;
  trust: number;
  latencyMs: number;
  latencyP95Ms: number;
  success: number;
  /** NaN where it is unknown. */
  costUsd: number;
  calls: number;
  failures: number;
  validatorFailures: number;
  /** Whether its attempts are noted as without any score. */
  unscored: boolean;
  at: number;
};

/** A row of `model_calls`. */
export type CallFact = {
  kind: 'call';
  projectId: string;
  /** Of the model that was called, for a task of this type; −1 for calls that belong to no task. */
  cell: number;
  /** Empty for calls that belong to no task. */
  taskType: TaskType;
  provider: string;
  model: string;
  role: string;
  /** Whose answer was judged, and with what score; null where it was no judgement, or an unusable one. */
  subject: string | null;
  score: number | null;
  /** What the provider says that it served; null where it does not. */
  served: string | null;
  costUsd: number;
  /** Whether it ended with an answer. */
  answered: boolean;
  at: number;
};

export type Fact = EventFact | SnapshotFact | CallFact;

/** A task that something was found of counts with that. */
export function withOutcome(fact: EventFact, outcome: DecisiveOutcome | undefined): EventFact {
  if (outcome === undefined) return fact;
  const { value, sampled } = outcome;
  const isShare = sampled !== null && sampled > 0 && sampled <= 1;
  return {
    ...fact,
    score: value,
    outcome: { judged: fact.score, sampled: isShare ? sampled : null },
  };
}

// A column without a type may hold texts and bytes, which compare like the numbers in them.
const isRate = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
const isUpTo = (most: number, value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && value <= most;
const isCost = (value: unknown): boolean => isUpTo(limits.costUsd, value);
const isLatency = (value: unknown): boolean => isUpTo(limits.latencyMs, value);
const isCount = (value: unknown): boolean => isUpTo(limits.attempts, value);

/**
 * Whether what a row says can be true. Validation keeps the rest out of what this program writes; another
 * program may have left scores of 0 to 100, negative costs, or what is no number, or no name, at all. One
 * amount beyond all measure would outweigh the rest, and a sum of several is no number any more.
 */
export function isUsable(fact: Fact): boolean {
  switch (fact.kind) {
    case 'event': {
      const { score, outcome, costUsd, iterations } = fact;
      const judged = outcome?.judged ?? null;
      return (
        fact.cell >= 0 &&
        (score === null || isRate(score)) &&
        (judged === null || isRate(judged)) &&
        isCost(costUsd) &&
        isCount(iterations)
      );
    }
    case 'snapshot': {
      // One by one: a list for every row would be most of what checking it costs.
      return (
        fact.cell >= 0 &&
        isRate(fact.quality) &&
        isRate(fact.success) &&
        isRate(fact.trust) &&
        isLatency(fact.latencyMs) &&
        isLatency(fact.latencyP95Ms) &&
        isCost(fact.costUsd) &&
        isCount(fact.calls) &&
        isCount(fact.failures) &&
        isCount(fact.validatorFailures)
      );
    }
    case 'call': {
      return isCost(fact.costUsd);
    }
  }
}

/** What a call says of its subject, where it is a judgement that can be true. */
export function judgementIn(call: CallFact): { subject: string; score: number } | undefined {
  const { role, cell, subject, score } = call;
  if (role !== 'judge' || cell < 0 || subject === null || score === null) return undefined;
  return isRate(score) ? { subject, score } : undefined;
}

/** Whether a call is a critique or a judgement. */
export function isReview({ role }: CallFact): boolean {
  return role === 'critic' || role === 'judge';
}

/** Whether a call is an author's: what it costs is the cost of an attempt. */
export function isAuthors({ role, cell }: CallFact): boolean {
  return cell >= 0 && (role === 'generator' || role === 'reviser');
}
