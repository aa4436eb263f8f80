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

/** Advice that names another model says so where a run that starts now would choose that one anyway. */
export function adviceBy(
  recommendations: readonly Recommendation[],
  chosenFor: (taskType: TaskType) => string | undefined,
): Recommendation[] {
  return recommendations.map((one) =>
    one.alternative !== undefined && one.alternative === chosenFor(one.taskType)
      ? { ...one, inForce: true, message: doneMessage(one) }
      : one,
  );
}

/** What is not firm yet ends in the command that would settle it. */
const doneMessage = ({ kind, message }: Recommendation): string =>
  kind === 'switch'
    ? `${message.replace(/\.$/, '')}; a run started now does so already: nothing to do`
    : `A run started now does so already: ${message}`;

const isDone = ({ inForce }: Recommendation): boolean => inForce === true;
const lacksData = ({ kind }: Recommendation): boolean => kind === 'needs-data';

/** What is left to do before what is done, and last what lacks data; each in the order that it comes in. */
export const openFirst = (recommendations: readonly Recommendation[]): Recommendation[] =>
  recommendations.toSorted(
    (a, b) => Number(lacksData(a)) - Number(lacksData(b)) || Number(isDone(a)) - Number(isDone(b)),
  );

/** How much of it asks for something: what a run does already, or only lacks data, does not. */
export const openCount = (recommendations: readonly Recommendation[]): number =>
  recommendations.filter((one) => !isDone(one) && !lacksData(one)).length;

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
