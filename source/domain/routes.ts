import type { Insight, Recommendation, Route } from './insight.ts';
import type { RoutingDecision } from './routing-decision.ts';
import type { TaskType } from './task-type.ts';

/**
 * The routes of an insight by the configuration in force: `chosenFor` says who would get the next task of a
 * type without exploration, undefined where the configuration does not say.
 */
export function routesBy(
  {
    routes,
    cells,
    recommendations,
  }: Pick<Insight, 'cells' | 'recommendations'> & {
    routes: readonly Pick<Route, 'taskType' | 'model' | 'spentUsd' | 'supervisionShare'>[];
  },
  chosenFor: (taskType: TaskType) => string | undefined,
): Route[] {
  return routes.map(({ taskType, spentUsd, supervisionShare, model: mostUsed }) => {
    const model = chosenFor(taskType) ?? mostUsed;
    const cell = cells.find((one) => one.taskType === taskType && one.model === model);
    const advice = recommendations.find(
      (one) => one.kind === 'switch' && one.taskType === taskType && one.model === model,
    );
    const interval = cell?.qualityInterval;
    return {
      taskType,
      model,
      share: cell?.share ?? 0,
      qualityScore: cell?.qualityScore ?? null,
      qualityInterval: interval === undefined ? null : [interval.low, interval.high],
      taskCostUsd: cell?.taskCostUsd ?? null,
      spentUsd,
      supervisionShare,
      alternative: advice?.alternative ?? null,
      monthlySavingsUsd: advice?.monthlySavingsUsd ?? null,
    };
  });
}

/** Advice to switch says so where a run that starts now would choose the alternative anyway. */
export function adviceBy(
  recommendations: readonly Recommendation[],
  chosenFor: (taskType: TaskType) => string | undefined,
): Recommendation[] {
  return recommendations.map((one) =>
    one.kind === 'switch' && one.alternative === chosenFor(one.taskType)
      ? {
          ...one,
          inForce: true,
          message: `${one.message.replace(/\.$/, '')}; a run started now does so already: nothing to do`,
        }
      : one,
  );
}

/**
 * Who would get the next task of a type without exploration, by a decision on `cells`; undefined where nobody
 * offers any of their models: those that stand in for models that nobody configured have no provider.
 */
export function routeChoice(
  { greedyChoice, chosen, candidates }: RoutingDecision,
  cells: Insight['cells'],
): string | undefined {
  const isKnown = candidates.some(
    ({ model, provider, excluded }) =>
      excluded === undefined && provider !== '' && cells.some((cell) => cell.model === model),
  );
  return isKnown ? (greedyChoice ?? chosen) : undefined;
}
