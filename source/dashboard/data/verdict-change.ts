import type { CellStats, Insight } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatQuality } from '../format/index.ts';
import type { AppState } from '../state/state.ts';

/** What the window has of the model that wrote the result of a task of the open run, on the type of that task. */
export function cellOfTask(
  { openRun, insight }: AppState,
  projectId: string,
  taskId: string,
): CellStats | undefined {
  const result = openRun?.results.findLast((one) => one.taskId === taskId);
  if (openRun?.projectId !== projectId || result === undefined) return undefined;
  return cellIn(insight, result);
}

const cellIn = (
  insight: Insight | undefined,
  { model, taskType }: Pick<CellStats, 'model' | 'taskType'>,
) => insight?.cells.find((cell) => cell.model === model && cell.taskType === taskType);

/**
 * What a verdict changed of a cell, in one sentence; nothing where that is not known, since other tasks of it
 * ended meanwhile, or the verdict is not among the numbers yet.
 */
export function changeOf(
  before: CellStats | undefined,
  insight: Insight | undefined,
): string | undefined {
  const after = before && cellIn(insight, before);
  if (before === undefined || after === undefined || after.callCount !== before.callCount)
    return undefined;
  if (after.taskCount !== before.taskCount) return undefined;
  const [from, to] = [formatQuality(before.qualityScore), formatQuality(after.qualityScore)];
  const whose = `${before.model} on ${taskTypeLabel(before.taskType)}`;
  return from === to ? undefined : `Quality ${from} → ${to} (${whose}).`;
}
