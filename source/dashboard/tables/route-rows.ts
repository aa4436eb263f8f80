import type { CellStats, Insight, Recommendation, Route } from '../../domain/insight.ts';
import { ownValue } from '../../domain/own-value.ts';
import type { RouteRow } from './routes.ts';

/** The rows of the routes: with how many tasks and models each has, and what it could probably go to. */
export function routeRows(
  routes: readonly Route[],
  { cells, recommendations }: Pick<Insight, 'cells' | 'recommendations'>,
  whatIf?: Readonly<Record<string, string | undefined>>,
): RouteRow[] {
  const done = workByType(cells);
  return routes.map((route) => {
    const { tasks = 0, models = 0 } = done.get(route.taskType) ?? {};
    const likely = likelyFor(route, recommendations);
    const then = ownValue(whatIf, route.taskType);
    return {
      ...route,
      tasks,
      models,
      ...(likely === undefined ? {} : { likely }),
      ...(then === undefined ? {} : { whatIf: then }),
    };
  });
}

/** Tasks of each type in the window, and how many models did any. */
function workByType(cells: readonly CellStats[]): Map<string, { tasks: number; models: number }> {
  const byType = new Map<string, { tasks: number; models: number }>();
  for (const { taskType, taskCount } of cells) {
    if (taskCount === 0) continue;
    const { tasks, models } = byType.get(taskType) ?? { tasks: 0, models: 0 };
    byType.set(taskType, { tasks: tasks + taskCount, models: models + 1 });
  }
  return byType;
}

/** What is probably not worse than who gets the work, where nothing is firm yet. */
function likelyFor(
  { taskType, model, alternative }: Route,
  recommendations: readonly Recommendation[],
): RouteRow['likely'] {
  if (alternative !== null) return undefined;
  const found = recommendations.find(
    (one) =>
      one.kind === 'promising' &&
      one.taskType === taskType &&
      one.model === model &&
      one.alternative !== undefined,
  );
  if (found?.alternative === undefined) return undefined;
  const { monthlySavingsUsd } = found;
  return {
    alternative: found.alternative,
    ...(monthlySavingsUsd === undefined ? {} : { monthlySavingsUsd }),
  };
}
