import { toNano, toUsd, type NanoDollars } from './nano-dollars.ts';
import { phaseOfRole, type MoneyPhase, type RunEventOf } from './run-event.ts';

/** What a run has spent, in whole billionths of a dollar: its only account. */
export type RunMoney = {
  spent: NanoDollars;
  byPhase: Record<MoneyPhase, NanoDollars>;
  byModel: Map<string, NanoDollars>;
  byTask: Map<string, NanoDollars>;
};

export const emptyMoney = (): RunMoney => ({
  spent: 0,
  byPhase: { decomposition: 0, generation: 0, review: 0, evaluation: 0 },
  byModel: new Map(),
  byTask: new Map(),
});

/** Takes one call in, in place. */
export function spend(
  money: RunMoney,
  call: Pick<RunEventOf<'call-finished'>, 'costUsd' | 'role' | 'model' | 'taskId'>,
): void {
  const { role, model, taskId } = call;
  const cost = toNano(call.costUsd);
  money.spent += cost;
  money.byPhase[phaseOfRole[role]] += cost;
  money.byModel.set(model, (money.byModel.get(model) ?? 0) + cost);
  if (taskId !== undefined) money.byTask.set(taskId, (money.byTask.get(taskId) ?? 0) + cost);
}

/** Dollars by model, as they are shown. */
export function modelsInUsd({ byModel }: RunMoney): Record<string, number> {
  return Object.fromEntries([...byModel].map(([model, spent]) => [model, toUsd(spent)]));
}

/** Dollars by phase, as they are shown. */
export function phasesInUsd({ byPhase }: RunMoney): Record<MoneyPhase, number> {
  const { decomposition, generation, review, evaluation } = byPhase;
  return {
    decomposition: toUsd(decomposition),
    generation: toUsd(generation),
    review: toUsd(review),
    evaluation: toUsd(evaluation),
  };
}
