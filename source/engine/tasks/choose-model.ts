import type { ModelOffer } from '../../domain/model-api.ts';
import type { Prompt } from '../../domain/prompts.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { route } from '../routes.ts';
import { requestOf, type AttemptPlan } from './make-attempt.ts';
import type { TaskWork } from './task-work.ts';

export type Choice =
  | {
      kind: 'model';
      model: string;
      outputShare: number;
      /** The model to follow where its answer is judged not good enough; absent: it revises its own. */
      second?: string;
      /** Works out how probable the choice was; absent for one that was not made now. */
      propensity?: () => number | undefined;
    }
  | {
      kind: 'none';
      reason: 'no-budget' | 'unhealthy' | 'no-model';
      /** Routing's reason why no model was chosen. */
      why?: string;
    };

/** Shares of the usual output limit that are tried, one after the other, where money is short. */
const outputShares = [1, 0.5, 0.25];

/**
 * The model for a task's next attempt by routing's choice, among those whose largest possible cost the
 * budget can hold; where it can hold none, with a shorter output limit.
 */
export function chooseModel(
  work: TaskWork,
  plan: Pick<AttemptPlan, 'brief' | 'priorWork'> & { exclude: readonly string[] },
): Choice {
  const { context, task } = work;
  const recorded = context.resume.claimDecision(task.id);
  if (recorded?.chosen !== undefined && context.offers.has(recorded.chosen)) {
    context.profiles.noteChoice(task.type, recorded.exploration);
    return { kind: 'model', model: recorded.chosen, outputShare: 1, ...secondOf(recorded) };
  }
  let tooExpensive: readonly string[] = [];
  for (const outputShare of outputShares) {
    const requestFor = requestsByWindow({ ...plan, outputShare }, task.type);
    tooExpensive = [...context.offers.values()]
      .filter(
        (offer) => context.bounds.largest(offer, requestFor(offer)) > context.ledger.remaining(),
      )
      .map(({ id }) => id);
    if (tooExpensive.length === context.offers.size) continue;
    const exclude = [...new Set([...plan.exclude, ...tooExpensive])];
    const { decision, propensity } = route(context, { taskType: task.type, exclude });
    if (decision.chosen !== undefined) {
      context.emit({ type: 'task-routed', taskId: task.id, decision });
      context.profiles.noteChoice(task.type, decision.exploration);
      return {
        kind: 'model',
        model: decision.chosen,
        outputShare,
        propensity,
        ...secondOf(decision),
      };
    }
    const remainingUsd = toUsd(context.ledger.remaining());
    if (!couldBeAfforded(decision, { tooExpensive, excluded: plan.exclude, remainingUsd }))
      return { kind: 'none', reason: whyNot(work, plan.exclude), why: decision.reason };
  }
  return { kind: 'none', reason: 'no-budget' };
}

/** Of a portfolio that is in force, and whose first model was chosen. */
export function secondOf({ portfolio, chosen }: RoutingDecision): { second?: string } {
  const isUsed = portfolio?.used === true && portfolio.first === chosen;
  return isUsed ? { second: portfolio.second } : {};
}

/** The request for each model; models with windows of the same size are asked the same. */
function requestsByWindow(
  plan: Pick<AttemptPlan, 'brief' | 'priorWork' | 'outputShare'>,
  taskType: string,
) {
  const requests = new Map<number | undefined, Prompt & { maxOutputTokens: number }>();
  return (offer: ModelOffer) => {
    const known = requests.get(offer.contextTokens);
    if (known !== undefined) return known;
    const { prompt, maxOutputTokens } = requestOf(offer, taskType, plan);
    const request = { ...prompt, maxOutputTokens };
    requests.set(offer.contextTokens, request);
    return request;
  };
}

/** Whether the budget alone keeps a model from being chosen. */
function couldBeAfforded(
  { candidates }: RoutingDecision,
  options: { tooExpensive: readonly string[]; excluded: readonly string[]; remainingUsd: number },
): boolean {
  const { tooExpensive, excluded, remainingUsd } = options;
  return candidates.some(
    ({ model, excluded: reason, profile }) =>
      (reason === 'too-expensive' && profile.avgCostUsd > remainingUsd) ||
      (reason === 'excluded-by-caller' &&
        tooExpensive.includes(model) &&
        !excluded.includes(model)),
  );
}

function whyNot(work: TaskWork, excluded: readonly string[]): 'unhealthy' | 'no-model' {
  const { caller, offers } = work.context;
  const waits = [...offers.keys()].filter(
    (model) =>
      !excluded.includes(model) &&
      !caller.isHealthy(model) &&
      caller.recoversInMs(model) !== undefined,
  );
  return waits.length > 0 ? 'unhealthy' : 'no-model';
}
