import type { SortLetter } from '../tables/column.ts';
import { nextSort, sortByLetter, sortColumnsOf, sortOf, type Sort } from '../tables/table.ts';
import { activeList } from '../state/lists.ts';
import { topView, type AppState, type ListName } from '../state/state.ts';
import type { Update } from './action.ts';
import { atFirst } from './opening.ts';

/** The active list by its next column, or in the other direction. */
export function sorted(state: AppState, what: 'sort' | 'sort-direction'): Update {
  const list = activeList(state);
  if (list === undefined) return { state, effects: [] };
  const current = sortOf(list, state.sorts);
  if (what === 'sort') return withSort(state, list, nextSort(list, current, state.columns));
  if (current === undefined) {
    return {
      state: { ...state, message: 'It stands in an order of its own: s sorts it first.' },
      effects: [],
    };
  }
  return withSort(state, list, { ...current, descending: !current.descending });
}

/** The active list by the column of a letter; where there is none, the letters that there are. */
export function sortedBy(state: AppState, letter: SortLetter): Update {
  const list = activeList(state);
  if (list === undefined) return { state, effects: [] };
  const sort = sortByLetter(list, sortOf(list, state.sorts), letter);
  if (sort !== undefined) return withSort(state, list, sort);
  const letters = sortColumnsOf(list).map((column) => `${column.letter} ${column.title}`);
  const message = `Nothing here is sorted by ${letter}: ${letters.join(', ')}.`;
  return { state: { ...state, message }, effects: [] };
}

function withSort(state: AppState, list: ListName, sort: Sort | undefined): Update {
  const { [list]: _, ...others } = state.sorts;
  const sorts = sort === undefined ? others : { ...others, [list]: sort };
  return { state: atFirst({ ...state, sorts }, list), effects: [{ type: 'save-preferences' }] };
}

/** Runs without success, or tasks that fell short, alone; and all of them again. */
export function onlyFailed(state: AppState): AppState {
  const list = topView(state) === undefined ? 'runs' : 'tasks';
  if (state.onlyFailed[list] === true) return atFirst(allOf(state, list), list);
  return atFirst({ ...state, onlyFailed: { ...state.onlyFailed, [list]: true } }, list);
}

export function allOf(state: AppState, list: 'runs' | 'tasks'): AppState {
  const { [list]: _, ...onlyFailed } = state.onlyFailed;
  return { ...state, onlyFailed };
}
