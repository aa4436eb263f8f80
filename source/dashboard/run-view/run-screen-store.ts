import type { RunState } from '../../domain/run-state.ts';
import type { RunViewSize } from './run-lines.ts';

/** What the view is drawn from. A new object for every change; the state inside is folded in place. */
export type RunScreen = { state: RunState; now: number; size: RunViewSize };

export type RunScreenStore = {
  get: () => RunScreen;
  set: (change: Partial<RunScreen>) => void;
  subscribe: (listener: () => void) => () => void;
};

export function createRunScreenStore(initial: RunScreen): RunScreenStore {
  let screen = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => screen,
    set(change) {
      screen = { ...screen, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
