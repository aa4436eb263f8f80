import { selectedId } from '../state/lists.ts';
import { topView, type AppState } from '../state/state.ts';

/** The text of the open view moved by so many lines; not past its ends. */
export function scrollText(state: AppState, by: number): AppState {
  const { scroll } = state;
  if (scroll === undefined) return state;
  const top = Math.max(0, Math.min(scroll.most, scroll.top + by));
  return top === scroll.top ? state : { ...state, scroll: { ...scroll, top } };
}

/** The state with the place of its text, of which `most` lines have no room: another text stands at its start. */
export function placeText(before: AppState, state: AppState, most: number): AppState {
  const { scroll, ...rest } = state;
  if (most === 0) return scroll === undefined ? state : rest;
  const top = isSameText(before, state) ? Math.min(scroll?.top ?? 0, most) : 0;
  if (scroll?.top === top && scroll.most === most) return state;
  return { ...rest, scroll: { top, most } };
}

function isSameText(before: AppState, state: AppState): boolean {
  const view = topView(state);
  if (view !== topView(before)) return false;
  return view?.kind !== 'task' || selectedId(before, 'tasks') === selectedId(state, 'tasks');
}
