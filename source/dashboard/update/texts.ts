import type { KeyName } from '../keys/key-name.ts';
import type { AppState } from '../state/state.ts';
import { isMatch, openTexts, type TextsView } from '../state/task-texts.ts';
import type { Update } from './action.ts';
import { typedAfter } from './typing.ts';

/** The texts moved by so many lines, and never past their ends. */
export function scrolled(state: AppState, by: number): AppState {
  const texts = openTexts(state);
  if (texts === undefined) return state;
  const last = Math.max(0, texts.rows.length - texts.height);
  // In front of the last page, infinities included.
  return withTexts(state, { top: Math.max(0, Math.min(last, texts.view.top + by)) });
}

/** The texts at the next place, or the last one, that has what is searched for. */
export function toMatch(state: AppState, by: 1 | -1, from: 'here' | 'next'): AppState {
  const texts = openTexts(state);
  if (texts === undefined || texts.view.search === '') return state;
  const { rows, view, height } = texts;
  const places = rows.flatMap((row, index) => (isMatch(row, view.search) ? [index] : []));
  if (places.length === 0) return { ...state, message: `Nothing here has “${view.search}” in it.` };
  const start = view.match ?? (by === 1 ? view.top - 1 : view.top);
  const isAfter = (place: number): boolean => (from === 'here' ? place >= start : place > start);
  const match =
    by === 1
      ? (places.find(isAfter) ?? places[0])
      : (places.findLast((place) => place < start) ?? places.at(-1));
  if (match === undefined) return state;
  const isShown = match >= view.top && match < view.top + height;
  const top = isShown ? view.top : Math.max(0, match - Math.floor(height / 2));
  return scrolled(withTexts(state, { top, match }), 0);
}

/** A key while what is searched for is being typed. */
export function typedInTexts(state: AppState, view: TextsView, key: KeyName): Update {
  switch (key) {
    case 'escape': {
      return { state: withTexts(state, { isTyping: false, search: '' }), effects: [] };
    }
    case 'enter': {
      return { state: toMatch(withTexts(state, { isTyping: false }), 1, 'here'), effects: [] };
    }
    default: {
      const search = typedAfter(view.search, key);
      return { state: search === undefined ? state : withTexts(state, { search }), effects: [] };
    }
  }
}

export function withTexts(state: AppState, change: Partial<TextsView>): AppState {
  const view = state.viewStack.at(-1);
  if (view?.kind !== 'texts') return state;
  return { ...state, viewStack: [...state.viewStack.slice(0, -1), { ...view, ...change }] };
}

/** The text of the open view moved by so many lines; not past its ends. */
export function scrollText(state: AppState, by: number): AppState {
  const { scroll } = state;
  if (scroll === undefined) return state;
  const top = Math.max(0, Math.min(scroll.most, scroll.top + by));
  return top === scroll.top ? state : { ...state, scroll: { ...scroll, top } };
}
