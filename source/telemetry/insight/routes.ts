import type { Route } from '../../domain/insight.ts';
import { compareText } from '../../domain/ordering.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { Cells } from '../sums/fact-rows.ts';
import { type Sums, valueOf } from '../sums/fields.ts';
import { type PeriodSums, remembered } from '../sums/period.ts';
import type { View } from './view.ts';

/** What calls of a cell's model for that task type cost, in whatever role, and tasks whose calls are not known. */
export function paidIn(sums: Sums): number {
  return valueOf(sums, 'paidCost') + valueOf(sums, 'unbilledCost');
}

/** Tasks of a period by their type. */
export const tasksByType = remembered((period: PeriodSums, cells: Cells) => {
  const tasks = new Map<TaskType, number>();
  period.cells.forEach((sums, number) => {
    const { taskType } = cells.of(number);
    tasks.set(taskType, (tasks.get(taskType) ?? 0) + valueOf(sums, 'tasks'));
  });
  return tasks;
});

/** What each task type cost, and who did most of it; the rest of a route follows from its cell. */
export function routesOf({ whole, cells }: View): Route[] {
  const types = new Map<
    TaskType,
    { spentUsd: number; calledUsd: number; reviewUsd: number; model: string; tasks: number }
  >();
  const inOrder = [...whole.cells].toSorted(([a], [b]) =>
    compareText(cells.of(a).model, cells.of(b).model),
  );
  for (const [number, sums] of inOrder) {
    const { model, taskType } = cells.of(number);
    const tasks = valueOf(sums, 'tasks');
    const known = types.get(taskType) ?? {
      spentUsd: 0,
      calledUsd: 0,
      reviewUsd: 0,
      model,
      tasks: 0,
    };
    const most = tasks > known.tasks ? { model, tasks } : {};
    types.set(taskType, {
      ...known,
      ...most,
      spentUsd: known.spentUsd + paidIn(sums),
      calledUsd: known.calledUsd + valueOf(sums, 'paidCost'),
      reviewUsd: known.reviewUsd + valueOf(sums, 'reviewCost'),
    });
  }
  return [...types]
    .filter(([, { tasks }]) => tasks > 0)
    .toSorted(([a, one], [b, other]) => other.spentUsd - one.spentUsd || compareText(a, b))
    .map(([taskType, { spentUsd, calledUsd, reviewUsd, model }]) => ({
      taskType,
      model,
      share: 0,
      qualityScore: null,
      qualityInterval: null,
      taskCostUsd: null,
      spentUsd,
      // Of whole tasks nobody knows what their reviews were.
      supervisionShare: calledUsd > 0 ? reviewUsd / calledUsd : null,
      alternative: null,
      monthlySavingsUsd: null,
    }));
}
