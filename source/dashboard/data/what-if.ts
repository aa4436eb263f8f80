import { defined } from '../../domain/defined.ts';
import type { CellStats, Insight } from '../../domain/insight.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { RouteChange, WhatIf } from '../state/state.ts';

/** The real router on the store's history: without a tolerance, as it is set. */
export type Explain = (
  taskType: TaskType,
  qualityTolerance?: number,
) => RoutingDecision | undefined;

/** One press of + or -. */
export const toleranceStep = 0.01;
const daysPerMonth = 30;

/** The next tolerance, a whole number of steps in [0, 0.5]. */
export function stepTolerance(current: number, steps: number): number {
  const next = Math.round(current / toleranceStep + steps) * toleranceStep;
  return Number(Math.min(0.5, Math.max(0, next)).toFixed(2));
}

/**
 * What routing would choose with another tolerance, without exploration, and what a month would
 * cost: tasks of each type in the window × 30 / N, each at the type's attempts per task and the
 * chosen model's cost per attempt. Critics and judges are left out on both sides. Nothing where
 * routing has nothing to say.
 */
export function askWhatIf(
  insight: Insight,
  explain: Explain,
  steps: number,
  current: number | undefined,
): WhatIf | undefined {
  const groups = Map.groupBy(insight.cells, ({ taskType }) => taskType);
  let inForce: number | undefined;
  let tolerance: number | undefined;
  let monthBeforeUsd = 0;
  let monthAfterUsd = 0;
  const changes: RouteChange[] = [];
  const routes: WhatIf['routes'] = {};
  for (const [taskType, cells] of groups) {
    const before = explain(taskType);
    if (before === undefined) continue;
    inForce ??= before.qualityTolerance;
    tolerance ??= stepTolerance(current ?? inForce, steps);
    const after = explain(taskType, tolerance);
    if (after === undefined) continue;
    const from = routeOf(before);
    const to = routeOf(after);
    routes[taskType] = to;
    if (from !== to) {
      changes.push({
        taskType,
        ...defined({ before: from, after: to }),
      });
    }
    const attempts = monthlyAttempts(cells, insight.window.days);
    monthBeforeUsd += attempts * costOf(before, from);
    monthAfterUsd += attempts * costOf(after, to);
  }
  if (inForce === undefined || tolerance === undefined) return undefined;
  return { tolerance, inForce, changes, routes, monthBeforeUsd, monthAfterUsd };
}

/** The choice of the profiles alone: sampling would differ from one reading to the next. */
export const routeOf = (decision: RoutingDecision): string | undefined =>
  decision.greedyChoice ?? decision.chosen;

function monthlyAttempts(cells: readonly CellStats[], days: number): number {
  const calls = cells.reduce((sum, { callCount }) => sum + callCount, 0);
  return (calls * daysPerMonth) / days;
}

function costOf(decision: RoutingDecision, model: string | undefined): number {
  const candidate = decision.candidates.find((assessment) => assessment.model === model);
  return candidate?.profile.avgCostUsd ?? 0;
}
