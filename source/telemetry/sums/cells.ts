import type { TaskType } from '../../domain/task-type.ts';

export type Cell = { model: string; taskType: TaskType };

/** Numbers for the (model, task type)s of one reader, given out as they appear. */
export type Cells = {
  numberOf(model: string, taskType: TaskType): number;
  /** The cell of a number that was given out. */
  of(number: number): Cell;
  all(): readonly Cell[];
};

/** `known` have the first numbers, in their order. */
export function createCells(known: readonly (readonly [string, TaskType])[] = []): Cells {
  const list: Cell[] = [];
  const numbers = new Map<string, Map<TaskType, number>>();

  const cells: Cells = {
    numberOf(model, taskType) {
      let byType = numbers.get(model);
      if (byType === undefined) numbers.set(model, (byType = new Map()));
      let number = byType.get(taskType);
      if (number === undefined) {
        number = list.length;
        byType.set(taskType, number);
        list.push({ model, taskType });
      }
      return number;
    },
    of: (number) => list[number] ?? { model: '', taskType: '' },
    all: () => list,
  };
  for (const [model, taskType] of known) cells.numberOf(model, taskType);
  return cells;
}
