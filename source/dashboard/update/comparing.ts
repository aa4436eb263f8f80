import { activeList, selectedId } from '../state/lists.ts';
import { markedIn, type AppState } from '../state/state.ts';
import type { Effect, Update } from './action.ts';

const markedKind = (state: AppState): keyof AppState['marks'] | undefined => {
  const list = activeList(state);
  return list && markedIn[list];
};

/** The selected model or run marked, or not any more; of three the first is let go. */
export function toggleMark(state: AppState): AppState {
  const what = markedKind(state);
  const id = what && selectedId(state, activeList(state) ?? 'runs');
  if (what === undefined || id === undefined) return state;
  const before = state.marks[what];
  const isMarked = before.includes(id);
  const marks = isMarked ? before.filter((one) => one !== id) : [...before, id].slice(-2);
  const message =
    marks.length === 1 && !isMarked
      ? 'Marked. m marks another one, = compares the two.'
      : marks.length === 2
        ? 'Two are marked: = compares them.'
        : 'No longer marked.';
  return { ...state, marks: { ...state.marks, [what]: marks }, message };
}

/** The two that are marked side by side, or the marked one with the selected one. */
export function compare(state: AppState): Update {
  const what = markedKind(state);
  if (what === undefined) return { state, effects: [] };
  const selected = selectedId(state, activeList(state) ?? 'runs');
  const marks = state.marks[what];
  const [one, other] = marks.length === 1 && selected !== undefined ? [...marks, selected] : marks;
  if (one === undefined || other === undefined || one === other) {
    const name = what === 'runs' ? 'runs' : 'models';
    return {
      state: { ...state, message: `Mark two ${name} with m first: = compares them.` },
      effects: [],
    };
  }
  return comparing(state, what, [one, other]);
}

/** Opens a comparison; what is not known of runs is read. */
export function comparing(
  state: AppState,
  what: keyof AppState['marks'],
  ids: readonly [string, string],
): Update {
  const { comparison: _, ...selections } = state.selections;
  const effects: Effect[] =
    what === 'runs' ? ids.map((projectId) => ({ type: 'read-run', projectId })) : [];
  return {
    state: {
      ...state,
      selections,
      comparedRuns: [],
      viewStack: [...state.viewStack, { kind: 'compare', what, ids, side: 0 }],
    },
    effects,
  };
}
