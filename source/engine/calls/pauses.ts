import type { Monotonic } from './breaker.ts';

/** Until when something is to be left alone: for as long as it asked, or longer after each failure. */
export type Pauses = {
  /** Left alone for at least that long from now. */
  pause(key: string, ms: number): void;
  /** Longer each time, until it is cleared; returns the milliseconds. */
  backOff(key: string): number;
  remainingMs(key: string): number;
  clear(key: string): void;
};

type Pause = { until: number; failures: number };

export function createPauses(options: {
  now: Monotonic;
  firstMs: number;
  longestMs: number;
}): Pauses {
  const { now, firstMs, longestMs } = options;
  const pauses = new Map<string, Pause>();
  const of = (key: string): Pause => pauses.get(key) ?? { until: 0, failures: 0 };
  const set = (key: string, ms: number, failures: number): void => {
    pauses.set(key, { until: Math.max(of(key).until, now() + ms), failures });
  };

  return {
    pause(key, ms) {
      set(key, ms, of(key).failures);
    },
    backOff(key) {
      const { until, failures } = of(key);
      // Calls that failed side by side are one failure.
      if (until > now()) return until - now();
      const ms = Math.min(longestMs, firstMs * 2 ** failures);
      set(key, ms, failures + 1);
      return ms;
    },
    remainingMs: (key) => Math.max(0, of(key).until - now()),
    clear(key) {
      pauses.delete(key);
    },
  };
}
