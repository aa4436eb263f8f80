import type { Recommendation, RecommendationKind, Window } from '../../domain/insight.ts';
import { compareText } from '../../domain/ordering.ts';
import type { CellSamples } from './cell.ts';
import { adviseChange } from './change.ts';
import { adviseNeedsData } from './needs-data.ts';
import { adviseSwitch, type SwitchSettings } from './switch.ts';
import { adviseUnreliable } from './unreliable.ts';

export type { Moments } from '../../domain/moments.ts';
export { establishedChange, type ScoreSlice } from '../../routing/index.ts';
export type { CellSamples } from './cell.ts';
export type { SwitchSettings } from './switch.ts';

export const defaultSwitchSettings: SwitchSettings = { margin: 0.05 };

/** What comes first where no money, or the same, is at stake. */
const severity: Record<RecommendationKind, number> = {
  switch: 0,
  unreliable: 1,
  declining: 2,
  promising: 3,
  improving: 4,
  'needs-data': 5,
};

/**
 * Advice that the window supports: most money first, then by severity. Pure and stable: the same cells
 * in any order give the same list.
 */
export function recommend({
  window,
  cells,
  settings = defaultSwitchSettings,
}: {
  window: Window;
  cells: readonly CellSamples[];
  settings?: SwitchSettings;
}): Recommendation[] {
  const unreliable = adviseUnreliable(cells);
  const changes = adviseChange(cells, window);
  // What is spoken against in one sentence is not recommended in the next.
  const doubtful = new Set(
    [...unreliable, ...changes.filter(({ kind }) => kind === 'declining')].map(cellName),
  );
  return [
    ...adviseSwitch(cells, window, settings, (cell) => !doubtful.has(cellName(cell))),
    ...unreliable,
    ...changes,
    ...adviseNeedsData(cells),
  ].toSorted(inOrder);
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
