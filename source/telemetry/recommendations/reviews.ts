import type { Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { CellSamples } from './cell.ts';
import type { Contest, Contestant } from './contests.ts';
import { dollars, percent } from './words.ts';

/** By how much another must be cheaper with everything before its reviews are looked into. */
const cheaperBy = 0.1;
/** Share of a task type's money from which reviews are what costs. */
const leastShare = 0.5;

/**
 * Where another model's tasks are cheaper only through who reviewed them: who it is that is paid, in place of a
 * change of author that would save nothing. Once per task type.
 */
export function adviseReviews(
  contests: readonly Contest[],
  cells: readonly CellSamples[],
  advice: readonly Recommendation[],
): Recommendation[] {
  const types = new Set(
    contests
      .filter(({ incumbent, candidates }) =>
        candidates.some((one) => !one.isCheaper && isCheaperThroughReviews(one, incumbent)),
      )
      .map(({ incumbent }) => incumbent.cell.taskType),
  );
  return [...types].flatMap((taskType): Recommendation[] => {
    if (advice.some((one) => one.taskType === taskType && one.kind === 'switch')) return [];
    const ofType = cells.filter((cell) => cell.taskType === taskType);
    const [reviewer] = ofType.toSorted(
      (a, b) => b.reviewsUsd - a.reviewsUsd || (a.model < b.model ? -1 : 1),
    );
    const reviews = ofType.reduce((sum, { reviewsUsd }) => sum + reviewsUsd, 0);
    const all = ofType.reduce((sum, { answersUsd }) => sum + answersUsd, reviews);
    if (reviewer === undefined || reviews < leastShare * all) return [];
    const tasks = ofType.reduce((sum, cell) => sum + cell.tasks, 0);
    const label = taskTypeLabel(taskType);
    return [
      {
        kind: 'promising',
        taskType,
        model: reviewer.model,
        evidence: { n: tasks, value: reviews / all, volume: tasks },
        message:
          `Reviews are what costs on ${label} tasks, not answers: ${percent(reviews / all)} of the ${dollars(all)} that they took, ` +
          `${dollars(reviewer.reviewsUsd)} of it paid to ${reviewer.model}; name a cheaper critic and judge under roles in the configuration`,
      },
    ];
  });
}

function isCheaperThroughReviews(one: Contestant, incumbent: Contestant): boolean {
  const [there, here] = [withReviews(one), withReviews(incumbent)];
  return there !== undefined && here !== undefined && there <= (1 - cheaperBy) * here;
}

/** Dollars per task with everything. */
function withReviews({ cell }: Contestant): number | undefined {
  return cell.tasks > 0 ? cell.tasksCostUsd / cell.tasks : undefined;
}
