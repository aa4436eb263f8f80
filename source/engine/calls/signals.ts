import { setTimeout } from 'node:timers/promises';

/** Within which a call may start and may run. */
export type CallSignals = {
  /** Aborted: no new call starts, and none waits any longer. */
  admission: AbortSignal;
  /** Aborted: calls in flight are ended. It aborts `admission`, too. */
  execution: AbortSignal;
};

/** setTimeout takes no more. */
export const longestTimerMs = 2 ** 31 - 1;

/** Resolves after `ms`, or as soon as the signal is aborted. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // In parts, since a longer timer would fire at once.
  for (let left = ms; left > 0 && !signal.aborted; left -= longestTimerMs) {
    await setTimeout(Math.min(left, longestTimerMs), undefined, { signal }).catch(() => {});
  }
}
