import type { ComparedFacts, ComparedRow } from '../tables/comparison.ts';
import { comparedModels } from './compare-models.ts';
import { comparedRuns } from './compare-runs.ts';
import type { AppState, View } from './state.ts';

export type CompareView = Extract<View, { kind: 'compare' }>;

/** Two runs or models side by side, while they are open. */
export function openComparison(
  state: AppState,
): (ComparedFacts & { what: CompareView['what']; rows: readonly ComparedRow[] }) | undefined {
  const view = state.viewStack.findLast((one) => one.kind === 'compare');
  if (view === undefined) return undefined;
  return { names: view.ids, side: view.side, what: view.what, rows: rowsOf(state, view) };
}

let known: { key: readonly unknown[]; rows: readonly ComparedRow[] } | undefined;

/** Kept while nothing has changed: moving through them asks for them several times a key. */
function rowsOf(state: AppState, { what, ids }: CompareView): readonly ComparedRow[] {
  const { insight, runs, comparedRuns: read, now } = state;
  const key = [what, ...ids, insight, ...(what === 'runs' ? [runs, read, now] : [])];
  if (known !== undefined && key.every((part, index) => part === known?.key[index])) {
    return known.rows;
  }
  const runOf = (id: string) =>
    runs.find(({ projectId }) => projectId === id) ??
    read.find(({ projectId }) => projectId === id);
  const rows =
    what === 'runs'
      ? comparedRuns([runOf(ids[0]), runOf(ids[1])], now)
      : insight === undefined
        ? []
        : comparedModels(insight, ids);
  known = { key, rows };
  return rows;
}
