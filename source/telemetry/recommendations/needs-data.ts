import { warmAttempts } from '../../domain/confidence.ts';
import type { Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { CellSamples } from './cell.ts';
import { count } from './words.ts';

/** `needs-data`: a cell in use whose own history does not count yet. */
export function adviseNeedsData(cells: readonly CellSamples[]): Recommendation[] {
  return cells
    .filter(({ attempts }) => attempts > 0 && attempts < warmAttempts)
    .map(({ model, taskType, attempts }) => {
      const moreNeeded = warmAttempts - attempts;
      const label = taskTypeLabel(taskType);
      return {
        kind: 'needs-data',
        taskType,
        model,
        evidence: { n: attempts, moreNeeded },
        message: `Give ${model} ${count(moreNeeded, 'more call')} on ${label} tasks: it has only ${attempts} there, and blending with its history starts at ${warmAttempts}`,
      };
    });
}
