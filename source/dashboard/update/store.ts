import type { Action, Effect } from './action.ts';
import type { AppState } from '../state/state.ts';
import { placeText } from './scroll.ts';
import { update } from './update.ts';

/** The one holder of the state. Knows nothing of React; the view subscribes. */
export type Store = {
  get: () => AppState;
  dispatch: (action: Action) => void;
  subscribe: (listener: () => void) => () => void;
};

/** Effects run after their state is in place, so that what they dispatch comes on top of it. */
export function createStore(
  initial: AppState,
  perform: (effect: Effect) => void,
  /** How many lines of the text of the open view have no room. */
  scrollRoom: (state: AppState) => number = () => 0,
): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = update(state, action);
      if (next.state !== state) {
        state = placeText(state, next.state, scrollRoom(next.state));
        for (const listener of listeners) listener();
      }
      for (const effect of next.effects) perform(effect);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
