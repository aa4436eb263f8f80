import type { Effect, Update } from './action.ts';
import { hasNumbers, rankingNames, toggled } from '../state/columns.ts';
import type { AppState } from '../state/state.ts';

/** Opens the column picker over the rankings; closes it. */
export function toggleColumnPicker(state: AppState): AppState {
  const { pickerIndex, ...closed } = state;
  return pickerIndex === undefined ? { ...state, pane: 'rankings', pickerIndex: 0 } : closed;
}

/** Moves through the columns, and stops at the ends. */
export function moveInColumnPicker(state: AppState, by: number): AppState {
  const index = (state.pickerIndex ?? 0) + by;
  return { ...state, pickerIndex: Math.max(0, Math.min(rankingNames.length - 1, index)) };
}

/** Shows or hides the column that is selected, unless no number would be left. */
export function toggleColumn(state: AppState): Update {
  const name = rankingNames[state.pickerIndex ?? -1];
  if (name === undefined) return { state, effects: [] };
  const columns = toggled(state.columns, name);
  if (!hasNumbers(columns)) {
    return {
      state: { ...state, message: 'At least one numeric column is required.' },
      effects: [],
    };
  }
  const effects: Effect[] = [{ type: 'save-preferences' }];
  return { state: { ...state, columns }, effects };
}
