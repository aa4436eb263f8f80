import type { ModelProfile } from '../domain/profile.ts';
import type { AttemptObservation } from './model.ts';

/** Weight of the newest attempt in the moving averages of a run. */
const smoothing = 0.1;
/** Attempts that the success rate of a run looks back on. */
const successSpan = 10;
/** Latencies that the 95th percentile of a run looks back on. */
const latencySpan = 50;
const trustAfterFailure = 0.95;
const trustAfterSuccess = 1.001;

/** What one run has seen of one (model, task type). */
export type RunRecord = {
  /** The starting profile moved on by every attempt: what routing decides by. */
  current(): ModelProfile;
  /** Plain means of this run alone, nothing of the start: what a snapshot holds. */
  observed(): ModelProfile;
  readonly calls: number;
  /** Whether an answer came, but none was scored. */
  readonly unscored: boolean;
  observe(observation: AttemptObservation): void;
};

export function createRunRecord(start: ModelProfile): RunRecord {
  const current = { ...start };
  const sums = { score: 0, scored: 0, cost: 0, costs: 0, latency: 0, latencies: 0 };
  const recentOutcomes: boolean[] = [];
  const recentLatencies: number[] = [];
  const counts = { calls: 0, failures: 0, validatorFailures: 0 };
  let runTrust = 1;

  return {
    get calls() {
      return counts.calls;
    },
    get unscored() {
      return sums.scored === 0 && counts.failures < counts.calls;
    },
    observe({ score, failed, costUsd, latencyMs, policyViolation, validatorsPassed }) {
      const good = !failed && !policyViolation;
      counts.calls += 1;
      if (failed) counts.failures += 1;
      // An attempt that ended in an error gave nothing that a validator could check.
      if (!failed && !validatorsPassed) counts.validatorFailures += 1;
      current.trustFactor = trustAfter(current.trustFactor, good);
      runTrust = trustAfter(runTrust, good);
      keepLast(recentOutcomes, !failed, successSpan);
      current.successRate = recentOutcomes.filter(Boolean).length / recentOutcomes.length;
      if (score !== undefined) {
        sums.score += score;
        sums.scored += 1;
        current.qualityScore = moved(current.qualityScore, score);
      }
      if (costUsd !== undefined) {
        sums.cost += costUsd;
        sums.costs += 1;
        current.avgCostUsd = moved(current.avgCostUsd, costUsd);
      }
      if (latencyMs !== undefined) {
        sums.latency += latencyMs;
        sums.latencies += 1;
        current.avgLatencyMs = moved(current.avgLatencyMs, latencyMs);
        keepLast(recentLatencies, latencyMs, latencySpan);
        current.latencyP95Ms = percentile95(recentLatencies);
      }
    },
    current: () => ({
      ...current,
      callCount: start.callCount + counts.calls,
      failureCount: start.failureCount + counts.failures,
      validatorFailCount: start.validatorFailCount + counts.validatorFailures,
    }),
    observed: () => ({
      qualityScore: sums.scored > 0 ? sums.score / sums.scored : 0,
      trustFactor: runTrust,
      avgLatencyMs: sums.latencies > 0 ? sums.latency / sums.latencies : 0,
      latencyP95Ms: recentLatencies.length > 0 ? percentile95(recentLatencies) : 0,
      successRate: counts.calls > 0 ? (counts.calls - counts.failures) / counts.calls : 0,
      // No known cost at all is not a cost of 0.
      avgCostUsd: sums.costs > 0 ? sums.cost / sums.costs : Number.NaN,
      callCount: counts.calls,
      failureCount: counts.failures,
      validatorFailCount: counts.validatorFailures,
    }),
  };
}

function trustAfter(trust: number, good: boolean): number {
  return good ? Math.min(1, trust * trustAfterSuccess) : trust * trustAfterFailure;
}

/** The moving average; a start that is not a number (an unknown cost) is replaced by the first value. */
function moved(average: number, value: number): number {
  return Number.isFinite(average) ? average + smoothing * (value - average) : value;
}

function keepLast<T>(list: T[], value: T, span: number): void {
  list.push(value);
  if (list.length > span) list.shift();
}

/** Nearest rank: the smallest value that at least 95% of the values do not exceed. */
function percentile95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
}
