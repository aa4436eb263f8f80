import type { RoutingDecision } from '../domain/routing-decision.ts';
import type { SupportRole } from '../domain/supervision.ts';
import { builtInTaskTypes, type TaskType } from '../domain/task-type.ts';
import {
  route as routeModels,
  type Routed,
  routeTask,
  type Supporter,
  supportersFor,
} from '../routing/index.ts';
import { standardOf } from '../domain/task-standard.ts';
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
    acceptAt: standardOf(request.taskType).acceptAt,
    random: options.random,
  });
}

/** The models of a decision that may be used, the best choice first. */
function usableOf({ candidates }: RoutingDecision): string[] {
  return candidates.flatMap(({ model, excluded }) => (excluded === undefined ? [model] : []));
}

/** Models that may answer tasks of a type, by what is known of them alone: the best choice first. */
export function knownModels(
  { options, profiles, caller }: RunContext,
  taskType: TaskType,
): string[] {
  const { routing, policy, random } = options;
  const { allow, block } = policy;
  const settings = { ...routing, strategy: 'greedy' as const };
  const { isHealthy } = caller;
  return usableOf(
    routeTask({ profiles, taskType, settings, policy: { allow, block }, isHealthy, random }),
  );
}

/**
 * Models for work that is not an attempt (planning, criticising, judging), the best choice first. The first
 * of `taskTypes` that anybody is able to do counts, then any other. What a task may cost says nothing of a
 * judge, and what the budget holds the ledger knows best.
 */
export function supportingModels(
  context: RunContext,
  request: {
    role: SupportRole;
    taskTypes: readonly TaskType[];
    /** Whose answer is criticised or judged. */
    author?: string;
    exclude?: readonly string[];
  },
): Supporter[] {
  const { options, profiles, caller, judges } = context;
  const { role, taskTypes } = request;
  return supportersFor({
    ...request,
    models: profiles.models,
    wanted: options.roles?.[role] ?? [],
    policy: options.policy,
    taskTypes: [...new Set([...taskTypes, ...builtInTaskTypes])],
    isHealthy: caller.isHealthy,
    reliability: (model) => judges.reliability(role, model),
    tieBreak: (model) => profiles.profile(model, taskTypes[0] ?? 'evaluation').qualityScore,
    ...(role === 'judge' ? { tellsNothing: (model) => judges.tellsNothing(model) } : {}),
  });
}

/**
 * The one model that can be called, where there is no other: nobody may criticise or judge its work
 * then, and all of it stays without a score.
 */
export function onlyModel(context: RunContext): string | undefined {
  const request = { role: 'judge', taskTypes: ['evaluation'] } as const;
  const [first, ...others] = supportingModels(context, request);
  if (first === undefined || others.length > 0) return undefined;
  const author = first.model;
  return supportingModels(context, { ...request, author }).length === 0 ? author : undefined;
}
