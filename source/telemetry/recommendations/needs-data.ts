import { warmAttempts } from '../../domain/confidence.ts';
import { grouped } from '../../domain/grouped.ts';
import type { Recommendation } from '../../domain/insight.ts';
import { compareText } from '../../domain/ordering.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { CellSamples } from './cell.ts';
import { count, dollars } from './words.ts';

/** Cells that are named. */
const mostNamed = 3;

/**
 * `needs-data`: how many cells in use have too short a history to count, in one entry, with those on which most
 * money depends. A model that only fails is not asked for more.
 */
export function adviseNeedsData(cells: readonly CellSamples[]): Recommendation[] {
  const moneyOf = new Map<string, number>();
  for (const { taskType, answersUsd, reviewsUsd } of cells) {
    moneyOf.set(taskType, (moneyOf.get(taskType) ?? 0) + answersUsd + reviewsUsd);
  }
  const cold = cells
    .filter(
      ({ recentAttempts, attempts, failures }) =>
        attempts > 0 && recentAttempts < warmAttempts && failures < attempts,
    )
    .toSorted(
      (a, b) =>
        (moneyOf.get(b.taskType) ?? 0) - (moneyOf.get(a.taskType) ?? 0) ||
        b.answersUsd - a.answersUsd ||
        compareText(a.taskType, b.taskType) ||
        compareText(a.model, b.model),
    );
  const [first] = cold;
  if (first === undefined) return [];
  const moreNeeded = sum(cold, ({ recentAttempts }) => warmAttempts - recentAttempts);
  const moreCostUsd = sum(cold, costToTry);
  const named = cold
    .slice(0, mostNamed)
    .map(({ model, taskType }) => `${model} on ${taskTypeLabel(taskType)}`);
  const others =
    cold.length > named.length ? [`${grouped(cold.length - named.length, 0)} more`] : [];
  const price = moreCostUsd > 0 ? ` (about ${dollars(moreCostUsd)})` : '';
  const pairs = count(cold.length, 'pair');
  return [
    {
      kind: 'needs-data',
      taskType: first.taskType,
      model: first.model,
      evidence: { n: cold.length, moreNeeded, moreCostUsd },
      message: `${pairs} of model and task type have fewer than ${warmAttempts} calls: ${[...named, ...others].join(', ')}; ${count(moreNeeded, 'more call')}${price} would make them count`,
    },
  ];
}

/** What the calls that are missing cost at the price of those that there are. */
function costToTry({ recentAttempts, attempts, answersUsd }: CellSamples): number {
  return ((warmAttempts - recentAttempts) * answersUsd) / attempts;
}

function sum(cells: readonly CellSamples[], of: (cell: CellSamples) => number): number {
  return cells.reduce((total, cell) => total + of(cell), 0);
}
