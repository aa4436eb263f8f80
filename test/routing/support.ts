import { confidenceOf } from '../../source/domain/confidence.ts';
import { openPolicy, type RoutingSettings } from '../../source/domain/policy.ts';
import type { CellHistory, HistoricalProfile } from '../../source/domain/profile.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import {
  type AttemptObservation,
  createProfileStore,
  type RoutableModel,
  routeTask,
  type RouteRequest,
} from '../../source/routing/index.ts';

export const taskType = 'code_generation';

export function model(id: string, more: Partial<RoutableModel> = {}): RoutableModel {
  return { id, provider: 'p', defaultCostUsd: 0.01, ...more };
}

/** A cell of the past; `callCount` decides its confidence. */
export function past(
  name: string,
  profile: Partial<HistoricalProfile>,
  more: Partial<CellHistory> = {},
): CellHistory {
  const callCount = profile.callCount ?? 100;
  return {
    model: name,
    taskType,
    profile: {
      qualityScore: 0.8,
      trustFactor: 1,
      avgLatencyMs: 900,
      latencyP95Ms: 1800,
      successRate: 1,
      avgCostUsd: 0.01,
      callCount,
      failureCount: 0,
      validatorFailCount: 0,
      confidence: confidenceOf(callCount),
      ...profile,
    },
    effectiveCalls: callCount,
    ...more,
  };
}

export function attempt(name: string, more: Partial<AttemptObservation> = {}): AttemptObservation {
  return {
    model: name,
    taskType,
    score: 0.9,
    failed: false,
    costUsd: 0.02,
    latencyMs: 900,
    policyViolation: false,
    validatorsPassed: true,
    ...more,
  };
}

export const greedy: RoutingSettings = {
  strategy: 'greedy',
  qualityTolerance: 0.05,
  exploration: 0.2,
};
export const adaptive: RoutingSettings = {
  strategy: 'adaptive',
  qualityTolerance: 0.05,
  exploration: 0.2,
};

/** Asks the router with these models and this past. */
export function route(
  models: readonly RoutableModel[],
  history: readonly CellHistory[],
  more: Partial<RouteRequest> = {},
) {
  return routeTask({
    profiles: createProfileStore({ models, history }),
    taskType,
    settings: greedy,
    policy: openPolicy,
    random: seededRandom(1),
    ...more,
  });
}
