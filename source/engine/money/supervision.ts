import { toUsd } from '../../domain/nano-dollars.ts';
import type { RunState } from '../../domain/run-state.ts';
import {
  defaultSupervision,
  smallPlan,
  type SupervisionSettings,
} from '../../domain/supervision.ts';

/** What of a run's money goes to critiques and judgements, and how much of it may. */
export type Supervision = {
  /** In [0, 1]. */
  share(): number;
  /**
   * Dollars that critiques and judgements of an answer to a task may cost that itself cost so many; Infinity
   * without a ceiling, for the first tasks of a plan, and for all of a small one, which say little of a
   * share. Answer by answer the ceiling holds for the run as well, and does not depend on which of several
   * concurrent calls ends first.
   */
  allowance(taskId: string, answerUsd: number): number;
  /** How many times what was expected of a model's critiques or judgements they cost; 1 before there are any. */
  overrun(phase: string, model: string): number;
  noteCost(call: { phase: string; model: string; expectedUsd: number; costUsd: number }): void;
};

/** So many first tasks of a plan have no ceiling. */
const firstTasks = 2;
/** The expectation counts like so many calls. */
const priorCalls = 2;

export function createSupervision(
  state: Readonly<Pick<RunState, 'money' | 'plan'>>,
  { maxShare }: SupervisionSettings = defaultSupervision,
): Supervision {
  /** Of each model in each phase: calls, and the sum of what they cost for each dollar expected. */
  const seen = new Map<string, { calls: number; sum: number }>();
  return {
    overrun(phase, model) {
      const { calls, sum } = seen.get(`${phase} ${model}`) ?? { calls: 0, sum: 0 };
      return (priorCalls + sum) / (priorCalls + calls);
    },
    noteCost({ phase, model, expectedUsd, costUsd }) {
      if (expectedUsd <= 0) return;
      const key = `${phase} ${model}`;
      const { calls, sum } = seen.get(key) ?? { calls: 0, sum: 0 };
      seen.set(key, { calls: calls + 1, sum: sum + costUsd / expectedUsd });
    },
    share() {
      const { money } = state;
      const total = toUsd(money.spent);
      return total > 0 ? toUsd(money.byPhase.review + money.byPhase.evaluation) / total : 0;
    },
    allowance(taskId, answerUsd) {
      const { plan } = state;
      const free = plan.length <= smallPlan ? plan : plan.slice(0, firstTasks);
      const isFree = free.some(({ id }) => id === taskId);
      if (maxShare >= 1 || isFree) return Number.POSITIVE_INFINITY;
      return (answerUsd * maxShare) / (1 - maxShare);
    },
  };
}
