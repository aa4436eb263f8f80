import { defined } from '../../domain/defined.ts';
import type { Policy, RoutingSettings } from '../../domain/policy.ts';
import type { CellHistory } from '../../domain/profile.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import { seededRandom, type Random } from '../../domain/runtime.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { createProfileStore, routeTask, type RoutableModel } from '../../routing/index.ts';

export type Explainer = (taskType: TaskType, qualityTolerance?: number) => RoutingDecision;

/** One seed for all explanations, so that the same history gives the same explanation. */
const explanationSeed = 1;

/** The router as a run would ask it at its first task, with this history. */
export function createExplainer(options: {
  models: readonly RoutableModel[];
  history: readonly CellHistory[];
  routing: RoutingSettings;
  policy: Policy;
  /** `false`: without exploration. */
  explores?: boolean;
  random?: () => Random;
}): Explainer {
  const {
    models,
    history,
    routing,
    policy,
    explores,
    random = () => seededRandom(explanationSeed),
  } = options;
  const profiles = createProfileStore({ models, history });
  return (taskType, qualityTolerance = routing.qualityTolerance) =>
    routeTask({
      profiles,
      taskType,
      settings: { ...routing, qualityTolerance },
      policy,
      acceptAt: standardOf(taskType).acceptAt,
      ...defined({ explores }),
      random: random(),
    });
}
