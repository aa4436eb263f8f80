import type { Recommendation, RecommendationKind, Window } from '../../domain/insight.ts';
import { compareText } from '../../domain/ordering.ts';
import { type CellSamples, type Judged, oneJudge } from './cell.ts';
import { adviseChange } from './change.ts';
import { adviseNeedsData } from './needs-data.ts';
import { adviseSwitch } from './switch.ts';
import { adviseUnreliable } from './unreliable.ts';

export type { CellSamples, DayScores, Judged } from './cell.ts';

/** What comes first where no money, or the same, is at stake. */
const severity: Record<RecommendationKind, number> = {
  switch: 0,
  unreliable: 1,
  declining: 2,
  promising: 3,
  improving: 4,
  changed: 5,
  'needs-data': 6,
};

/**
 * Advice that the history supports: most money first, then by severity. Pure and stable: the same cells in any
 * order give the same list. Holds however often one looks and whoever chose which model did what.
 */
export function recommend({
  window,
  paceDays = window.days,
  cells,
  judged = oneJudge,
}: {
  window: Window;
  /** Days that the volume of the window is taken to be of. */
  paceDays?: number;
  cells: readonly CellSamples[];
  judged?: Judged;
}): Recommendation[] {
  const sorted = cells.toSorted(byName);
  const unreliable = adviseUnreliable(sorted);
  const changes = adviseChange(sorted, window.from, judged);
  // What is spoken against in one sentence is not recommended in the next.
  const doubtful = new Set(
    [...unreliable, ...changes.filter(({ kind }) => kind === 'declining')].map(cellName),
  );
  const isFit = (cell: CellSamples): boolean =>
    !doubtful.has(cellName(cell)) && (cell.attempts === 0 || cell.failures < cell.attempts);
  return [
    ...adviseSwitch(sorted, { paceDays, judged, isFit }),
    ...unreliable,
    ...changes,
    ...adviseNeedsData(sorted),
  ].toSorted(inOrder);
}

function byName(a: CellSamples, b: CellSamples): number {
  return compareText(a.taskType, b.taskType) || compareText(a.model, b.model);
}

function inOrder(a: Recommendation, b: Recommendation): number {
  return (
    (b.monthlySavingsUsd ?? 0) - (a.monthlySavingsUsd ?? 0) ||
    severity[a.kind] - severity[b.kind] ||
    Math.abs(b.evidence.difference ?? 0) - Math.abs(a.evidence.difference ?? 0) ||
    b.evidence.n - a.evidence.n ||
    compareText(a.taskType, b.taskType) ||
    compareText(a.model, b.model) ||
    compareText(a.alternative ?? '', b.alternative ?? '')
  );
}

function cellName({ model, taskType }: { model: string; taskType: string }): string {
  return JSON.stringify([taskType, model]);
}
