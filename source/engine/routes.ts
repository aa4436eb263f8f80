import type { ModelOffer } from '../domain/model-api.ts';
import type { RoutingDecision } from '../domain/routing-decision.ts';
import { builtInTaskTypes, type TaskType } from '../domain/task-type.ts';
import { route as routeModels, type Routed, routeTask } from '../routing/index.ts';
import type { RunContext } from './context.ts';
import { toUsd } from '../domain/nano-dollars.ts';

/** Routes an attempt as of now: with the money that is left and the models that can be reached. */
export function route(
  context: RunContext,
  request: { taskType: TaskType; exclude: readonly string[] },
): Routed {
  const { options, profiles, ledger, caller } = context;
  return routeModels({
    ...request,
    profiles,
    settings: options.routing,
    policy: options.policy,
    remainingBudgetUsd: toUsd(ledger.remaining()),
    isHealthy: caller.isHealthy,
    random: options.random,
  });
}

/** The models of a decision that may be used, the best choice first. */
export function usableOf({ candidates }: RoutingDecision): string[] {
  return candidates.flatMap(({ model, excluded }) => (excluded === undefined ? [model] : []));
}

/**
 * Models for work that is not an attempt (planning, criticising, judging), the best choice first.
 * What they do teaches routing nothing, so nothing is tried out: the profiles alone decide. The first
 * of `taskTypes` that anybody is able to do counts, then any other.
 */
export function supportingModels(
  context: RunContext,
  request: { taskTypes: readonly TaskType[]; exclude?: readonly string[] },
): string[] {
  const { options, profiles, caller } = context;
  const { taskTypes, exclude = [] } = request;
  for (const taskType of new Set([...taskTypes, ...builtInTaskTypes])) {
    const decision = routeTask({
      profiles,
      taskType,
      settings: { ...options.routing, strategy: 'greedy' },
      // What a task may cost says nothing of a judge, and what the budget holds the ledger knows best.
      policy: { allow: options.policy.allow, block: options.policy.block },
      isHealthy: caller.isHealthy,
      exclude,
      random: options.random,
    });
    const models = usableOf(decision);
    if (models.length > 0) return models;
  }
  return [];
}

/**
 * The one model that can be called, where there is no other: nobody may criticise or judge its work
 * then, and all of it stays without a score.
 */
export function onlyModel(context: RunContext): string | undefined {
  const [first, ...others] = supportingModels(context, { taskTypes: ['evaluation'] });
  if (first === undefined || others.length > 0) return undefined;
  const judges = supportingModels(context, { taskTypes: ['evaluation'], exclude: [first] });
  return judges.length === 0 ? first : undefined;
}

/** Those of another provider first, in the same order otherwise. */
export function otherProvidersFirst(
  models: readonly string[],
  offers: ReadonlyMap<string, ModelOffer>,
  model: string,
): string[] {
  const provider = offers.get(model)?.provider;
  const others = models.filter((id) => offers.get(id)?.provider !== provider);
  return [...others, ...models.filter((id) => offers.get(id)?.provider === provider)];
}
