import { defined } from '../../domain/defined.ts';
import type { Insight } from '../../domain/insight.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import { routeChoice } from '../../domain/routes.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { toleranceStep } from '../format/route-words.ts';
import type { RouteChange, WhatIf } from '../state/state.ts';

/** The real router on the store's history: without a tolerance, as it is set. */
export type Explain = (
  taskType: TaskType,
  qualityTolerance?: number,
) => RoutingDecision | undefined;

const daysPerMonth = 30;

/** The next tolerance, a whole number of steps in [0, 0.5]. */
function stepTolerance(current: number, steps: number): number {
  const next = Math.round(current / toleranceStep + steps) * toleranceStep;
  return Number(Math.min(0.5, Math.max(0, next)).toFixed(2));
}

/**
 * What routing would choose with another tolerance, without exploration, and what a month would cost: what was
 * paid in the window × 30 / the days that it covers, its attempts priced anew, those of each type at the chosen model's cost per
 * attempt; planning, critiques and judgements stay what they were. Nothing where routing has nothing to say.
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
  const perMonth = daysPerMonth / insight.paceDays;
  const monthPaidUsd = insight.spend.totalUsd * perMonth;
  const own = insight.cells.reduce((sum, cell) => sum + cell.callCount * cell.averageCostUsd, 0);
  const others = Math.max(0, monthPaidUsd - own * perMonth);
  let monthBeforeUsd = others;
  let monthAfterUsd = others;
  let isAssumed = true;
  let [allAttempts, qualityBefore, qualityAfter] = [0, 0, 0];
  const changes: RouteChange[] = [];
  const routes = new Map<string, string | undefined>();
  for (const [taskType, cells] of groups) {
    const before = explain(taskType);
    if (before === undefined) continue;
    inForce ??= before.qualityTolerance;
    tolerance ??= stepTolerance(current ?? inForce, steps);
    const after = explain(taskType, tolerance);
    if (after === undefined) continue;
    if (routeChoice(before, insight.cells) !== undefined) isAssumed = false;
    const from = routeOf(before);
    const to = routeOf(after);
    routes.set(taskType, to);
    if (from !== to) {
      changes.push({
        taskType,
        ...defined({ before: from, after: to }),
      });
    }
    const attempts = cells.reduce((sum, { callCount }) => sum + callCount, 0) * perMonth;
    const [was, then] = [profileOf(before, from), profileOf(after, to)];
    monthBeforeUsd += attempts * was.avgCostUsd;
    monthAfterUsd += attempts * then.avgCostUsd;
    allAttempts += attempts;
    qualityBefore += attempts * was.qualityScore;
    qualityAfter += attempts * then.qualityScore;
  }
  if (inForce === undefined || tolerance === undefined) return undefined;
  const qualityChange = allAttempts === 0 ? 0 : (qualityAfter - qualityBefore) / allAttempts;
  return {
    tolerance,
    inForce,
    changes,
    routes: Object.fromEntries(routes),
    monthPaidUsd,
    monthBeforeUsd,
    monthAfterUsd,
    qualityChange,
    isAssumed,
  };
}

/** The choice of the profiles alone: sampling would differ from one reading to the next. */
export const routeOf = (decision: RoutingDecision): string | undefined =>
  decision.greedyChoice ?? decision.chosen;

function profileOf(
  decision: RoutingDecision,
  model: string | undefined,
): { avgCostUsd: number; qualityScore: number } {
  const candidate = decision.candidates.find((assessment) => assessment.model === model);
  return candidate?.profile ?? { avgCostUsd: 0, qualityScore: 0 };
}
