import { compareText } from '../../domain/ordering.ts';
import type { routesBy } from '../../domain/routes.ts';
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

const tasksOf = ({ sums }: { sums: Sums }): number => valueOf(sums, 'tasks');

/** What each task type cost, and who did most of it; the rest of a route follows from its cell. */
export function routesOf({
  whole,
  cells,
}: Pick<View, 'whole' | 'cells'>): Parameters<typeof routesBy>[0]['routes'] {
  const inOrder = Array.from(whole.cells, ([number, sums]) => ({ ...cells.of(number), sums }));
  inOrder.sort((a, b) => compareText(a.model, b.model));
  const types = Map.groupBy(inOrder, ({ taskType }) => taskType);
  return [...types]
    .flatMap(([taskType, ofType]) => {
      const sum = (of: (sums: Sums) => number): number =>
        ofType.reduce((all, { sums }) => all + of(sums), 0);
      const [most] = ofType.toSorted((a, b) => tasksOf(b) - tasksOf(a));
      if (most === undefined || tasksOf(most) === 0) return [];
      const calledUsd = sum((sums) => valueOf(sums, 'paidCost'));
      const reviewUsd = sum((sums) => valueOf(sums, 'reviewCost'));
      // Of whole tasks nobody knows what their reviews were.
      const supervisionShare = calledUsd > 0 ? reviewUsd / calledUsd : null;
      return [{ taskType, model: most.model, spentUsd: sum(paidIn), supervisionShare }];
    })
    .toSorted((a, b) => b.spentUsd - a.spentUsd || compareText(a.taskType, b.taskType));
}
