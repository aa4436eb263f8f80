import { confidenceOf, historyWeights } from '../domain/confidence.ts';
import type { ModelProfile } from '../domain/profile.ts';
import type { CellHistory } from '../domain/profile.ts';

/** Where a model starts of which nothing is known; cost comes from the catalogue instead. */
export const constantDefaults = {
  qualityScore: 0.8,
  trustFactor: 1,
  avgLatencyMs: 2000,
  latencyP95Ms: 5000,
  successRate: 1,
} as const;

export type DefaultProfile = {
  profile: ModelProfile;
  source: 'other-task-types' | 'constants';
};

/** `weight` of the first, the rest of the second; exact at both ends, even where one is infinite. */
export function blend(weight: number, history: number, fallback: number): number {
  if (weight <= 0) return fallback;
  if (weight >= 1) return history;
  return weight * history + (1 - weight) * fallback;
}

/**
 * The starting profile: a history over the default by its confidence, latency only where HOT. Of a history
 * without a single score the quality is the default's.
 */
export function blendProfiles(
  history: ModelProfile,
  fallback: ModelProfile,
  scored: boolean,
): ModelProfile {
  const confidence = confidenceOf(history.callCount);
  const weight = historyWeights[confidence];
  const latencyWeight = confidence === 'HOT' ? 1 : 0;
  const knownCost = Number.isFinite(history.avgCostUsd);
  return {
    qualityScore: scored
      ? blend(weight, history.qualityScore, fallback.qualityScore)
      : fallback.qualityScore,
    trustFactor: blend(weight, history.trustFactor, fallback.trustFactor),
    avgLatencyMs: blend(latencyWeight, history.avgLatencyMs, fallback.avgLatencyMs),
    latencyP95Ms: blend(latencyWeight, history.latencyP95Ms, fallback.latencyP95Ms),
    successRate: blend(weight, history.successRate, fallback.successRate),
    avgCostUsd: knownCost
      ? blend(weight, history.avgCostUsd, fallback.avgCostUsd)
      : fallback.avgCostUsd,
    callCount: history.callCount,
    failureCount: history.failureCount,
    validatorFailCount: history.validatorFailCount,
  };
}

/**
 * The default of one cell: the model's own record on its other task types, over the constants by the
 * same table. Cost starts from the catalogue.
 */
export function defaultProfile(
  others: readonly CellHistory[],
  defaultCostUsd: number,
): DefaultProfile {
  const constants: ModelProfile = {
    ...constantDefaults,
    avgCostUsd: defaultCostUsd,
    callCount: 0,
    failureCount: 0,
    validatorFailCount: 0,
  };
  const pooled = pool(others);
  if (pooled === undefined || historyWeights[confidenceOf(pooled.callCount)] === 0) {
    return { profile: constants, source: 'constants' };
  }
  const profile = { ...blendProfiles(pooled, constants, true), avgCostUsd: defaultCostUsd };
  return {
    profile: { ...profile, callCount: 0, failureCount: 0, validatorFailCount: 0 },
    source: 'other-task-types',
  };
}

/** Means over a model's cells, weighted as the cells themselves were: by calls and age. */
function pool(cells: readonly CellHistory[]): ModelProfile | undefined {
  let weight = 0;
  let scored = 0;
  const total: ModelProfile = {
    qualityScore: 0,
    trustFactor: 0,
    avgLatencyMs: 0,
    latencyP95Ms: 0,
    successRate: 0,
    avgCostUsd: 0,
    callCount: 0,
    failureCount: 0,
    validatorFailCount: 0,
  };
  for (const { profile, effectiveCalls, effectiveAttempts = effectiveCalls } of cells) {
    total.callCount += profile.callCount;
    total.failureCount += profile.failureCount;
    total.validatorFailCount += profile.validatorFailCount;
    total.qualityScore += effectiveCalls * profile.qualityScore;
    total.trustFactor += effectiveAttempts * profile.trustFactor;
    total.avgLatencyMs += effectiveAttempts * profile.avgLatencyMs;
    total.latencyP95Ms += effectiveAttempts * profile.latencyP95Ms;
    total.successRate += effectiveAttempts * profile.successRate;
    scored += effectiveCalls;
    weight += effectiveAttempts;
  }
  if (weight <= 0 || scored <= 0) return undefined;
  return {
    ...total,
    qualityScore: total.qualityScore / scored,
    trustFactor: total.trustFactor / weight,
    avgLatencyMs: total.avgLatencyMs / weight,
    latencyP95Ms: total.latencyP95Ms / weight,
    successRate: total.successRate / weight,
  };
}
