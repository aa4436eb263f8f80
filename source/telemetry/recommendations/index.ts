import { warmAttempts } from '../../domain/confidence.ts';
import type { Recommendation, Window } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { CellStatistics } from './cell.ts';

export type { Moments } from '../../domain/moments.ts';
export { establishedChange, type ScoreSlice } from '../../routing/index.ts';
export type { CellStatistics } from './cell.ts';

/**
 * Advice that the window supports, most money first, then by severity. Pure and stable: the same cells
 * in any order give the same list.
 */
export function recommend({
  cells,
}: {
  window: Window;
  cells: readonly CellStatistics[];
}): Recommendation[] {
  return cells
    .filter(({ attempts }) => attempts > 0 && attempts < warmAttempts)
    .map(({ model, taskType, attempts }) => {
      const moreNeeded = warmAttempts - attempts;
      return {
        kind: 'needs-data',
        taskType,
        model,
        evidence: { n: attempts, moreNeeded },
        message: `${model} has only ${attempts} calls for ${taskTypeLabel(taskType)}: run ${moreNeeded} more until its history counts`,
      };
    });
}
