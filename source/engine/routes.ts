import type { ModelOffer } from '../domain/model-api.ts';
import type { RoutingSettings } from '../domain/policy.ts';
import type { RoutingDecision } from '../domain/routing-decision.ts';
import { builtInTaskTypes, type TaskType } from '../domain/task-type.ts';
import { routeTask } from '../routing/index.ts';
import type { RunContext } from './context.ts';
import { toUsd } from './money/nano-dollars.ts';

/** Routes as of now: with the money that is left and the models that can be reached. */
export function route(
  context: RunContext,
  request: { taskType: TaskType; exclude?: readonly string[]; settings?: RoutingSettings },
): RoutingDecision {
  const { options, book, ledger, caller } = context;
  return routeTask({
    book,
    taskType: request.taskType,
    settings: request.settings ?? options.routing,
    policy: options.policy,
    remainingBudgetUsd: toUsd(ledger.remaining()),
    isHealthy: (model) => caller.isHealthy(model),
    exclude: request.exclude ?? [],
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
  const settings = { ...context.options.routing, strategy: 'greedy' } as const;
  const { taskTypes, exclude = [] } = request;
  for (const taskType of new Set([...taskTypes, ...builtInTaskTypes])) {
    const models = usableOf(route(context, { taskType, exclude, settings }));
    if (models.length > 0) return models;
  }
  return [];
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
