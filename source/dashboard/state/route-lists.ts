import { defined } from '../../domain/defined.ts';
import type { EventRow, Insight, Route } from '../../domain/insight.ts';
import { ownValue } from '../../domain/own-value.ts';
import { routesBy } from '../../domain/routes.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { CandidateRow } from '../tables/candidates.ts';
import { routeRows } from '../tables/route-rows.ts';
import type { RouteRow } from '../tables/routes.ts';
import { sortOf, sortRows } from '../tables/table.ts';
import { matches } from './filter.ts';
import { openTaskType, type AppState } from './state.ts';

/** Task types with where their work goes, and with a what-if where it would go then. */
export function visibleRoutes(state: AppState): RouteRow[] {
  const { insight, chosen, whatIf } = state;
  if (insight === undefined) return [];
  const rows = routeRows(
    routesOf(insight, chosen),
    insight,
    whatIf?.isAssumed === true ? undefined : whatIf?.routes,
  );
  const shown = rows.filter(({ taskType, model, alternative, likely }) =>
    matches(
      state,
      taskType,
      taskTypeLabel(taskType),
      model,
      alternative ?? likely?.alternative ?? '',
    ),
  );
  return sortRows('routes', shown, sortOf('routes', state.sorts));
}

const routesOf = (insight: Insight | undefined, chosen: AppState['chosen']): Route[] =>
  insight === undefined ? [] : routesBy(insight, (taskType) => ownValue(chosen, taskType));

/** The route that is open, or that it would be; nothing while no tasks of its type are in the window. */
export function openRoute(state: AppState): Route | undefined {
  const taskType = openTaskType(state);
  return routesOf(state.insight, state.chosen).find((route) => route.taskType === taskType);
}

/** The models of the open route: those that routing knows and those that the window does, in its order. */
export function visibleCandidates(state: AppState): CandidateRow[] {
  const taskType = openTaskType(state);
  if (taskType === undefined) return [];
  const decision = state.routeDecision?.taskType === taskType ? state.routeDecision : undefined;
  const cells = (state.insight?.cells ?? []).filter((cell) => cell.taskType === taskType);
  const known = (decision?.candidates ?? []).map((candidate): CandidateRow => ({
    taskType,
    model: candidate.model,
    candidate,
    ...defined({ stats: cells.find(({ model }) => model === candidate.model) }),
  }));
  const names = new Set(known.map(({ model }) => model));
  const others = cells
    .filter(({ model }) => !names.has(model))
    .map((stats): CandidateRow => ({ taskType, model: stats.model, stats }));
  // Those without a rank follow in the order of what they did.
  const shown = [...known, ...others]
    .filter(({ model }) => matches(state, model))
    .toSorted((a, b) => (b.stats?.share ?? 0) - (a.stats?.share ?? 0));
  return sortRows('candidates', shown, sortOf('candidates', state.sorts));
}

/** The last tasks of the open route; undefined until they were read. */
export const tasksOfRoute = (state: AppState): readonly EventRow[] | undefined =>
  state.lastTasks?.taskType === openTaskType(state) ? state.lastTasks?.rows : undefined;

/** The judged tasks of the open route in the window, of which the last are listed. */
export const tasksInWindow = ({ insight, ...state }: AppState): number =>
  (insight?.cells ?? [])
    .filter(({ taskType }) => taskType === openTaskType(state))
    .reduce((sum, { taskCount }) => sum + taskCount, 0);

export function visibleRouteTasks(state: AppState): EventRow[] {
  const rows = (tasksOfRoute(state) ?? []).filter(({ taskId, projectId, model }) =>
    matches(state, taskId, projectId, model),
  );
  return sortRows('route-tasks', rows, sortOf('route-tasks', state.sorts));
}
