import type { Effect, Update } from './action.ts';
import { hasNumbers, rankingNames, toggled } from './columns.ts';
import type { AppState } from './state.ts';

/** Opens the chooser of the rankings' columns, over them; closes it. */
export function toggleChooser(state: AppState): AppState {
  const { chooserIndex, ...closed } = state;
  return chooserIndex === undefined ? { ...state, pane: 'rankings', chooserIndex: 0 } : closed;
}

/** Moves through the columns, and stops at the ends. */
export function moveInChooser(state: AppState, by: number): AppState {
  const index = (state.chooserIndex ?? 0) + by;
  return { ...state, chooserIndex: Math.max(0, Math.min(rankingNames.length - 1, index)) };
}

/** Shows or hides the column that is selected, unless no number would be left. */
export function toggleColumn(state: AppState): Update {
  const name = rankingNames[state.chooserIndex ?? -1];
  if (name === undefined) return { state, effects: [] };
  const columns = toggled(state.columns, name);
  if (!hasNumbers(columns)) {
    return { state: { ...state, message: 'One column of numbers stays.' }, effects: [] };
  }
  const effects: Effect[] = [{ type: 'remember' }];
  return { state: { ...state, columns }, effects };
}
