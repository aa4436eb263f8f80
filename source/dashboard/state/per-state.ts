import type { AppState } from './state.ts';

/** What follows from a state, worked out once for each: a key and its frame ask for the same several times. */
export function perState<Value>(work: (state: AppState) => Value): (state: AppState) => Value {
  let known: { state: AppState; value: Value } | undefined;
  return (state) => {
    if (known?.state !== state) known = { state, value: work(state) };
    return known.value;
  };
}
