import { onAbort } from '../../domain/abort.ts';
import type { Monotonic } from './breaker.ts';
import { longestTimerMs } from './signals.ts';

/**
 * How many calls a provider gets at once. A rate limit halves it and pauses the provider for as long
 * as it asked; every full round of successes gives one back.
 */
export type ConcurrencyLimiter = {
  /**
   * Waits for a place, but not through a pause longer than the longest one: others may be free meanwhile.
   */
  enter(admission: AbortSignal): Promise<Entry>;
  rateLimited(pauseMs: number): void;
  succeeded(): void;
  /** Milliseconds for which the provider asked to be left alone. */
  pausedMs(): number;
  /** Calls allowed at once now. */
  limit(): number;
};

/** How to leave the place again, or why there is none. */
export type Entry = (() => void) | 'aborted' | 'paused';

type Waiting = { admit: () => void; turnAway: () => void };

export function createConcurrencyLimiter(options: {
  limit: number;
  maxRetryAfterMs: number;
  now: Monotonic;
}): ConcurrencyLimiter {
  const { now, maxRetryAfterMs } = options;
  let limit = options.limit;
  let inside = 0;
  let successes = 0;
  let pausedUntil = 0;
  let wakeUp: NodeJS.Timeout | undefined;
  const queue = new Set<Waiting>();

  function serveQueue(): void {
    const pause = pausedUntil - now();
    if (pause > 0) {
      if (queue.size === 0) return;
      clearTimeout(wakeUp);
      wakeUp = setTimeout(serveQueue, Math.min(pause, longestTimerMs));
      return;
    }
    for (const waiting of queue) {
      if (inside >= limit) return;
      queue.delete(waiting);
      waiting.admit();
    }
  }

  function place(): () => void {
    inside += 1;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      inside -= 1;
      serveQueue();
    };
  }

  return {
    async enter(admission) {
      if (admission.aborted) return 'aborted';
      if (pausedUntil - now() > maxRetryAfterMs) return 'paused';
      if (queue.size === 0 && inside < limit && pausedUntil <= now()) return place();
      return new Promise((resolve) => {
        const waiting: Waiting = {
          admit: () => {
            off();
            resolve(place());
          },
          turnAway: () => {
            off();
            resolve('paused');
          },
        };
        queue.add(waiting);
        const off = onAbort(admission, () => {
          queue.delete(waiting);
          if (queue.size === 0) clearTimeout(wakeUp);
          resolve('aborted');
        });
        serveQueue();
      });
    },
    rateLimited(pauseMs) {
      // Half of what was really in flight: the limit may never have been reached.
      limit = Math.max(1, Math.floor(Math.min(limit, inside) / 2));
      successes = 0;
      pausedUntil = Math.max(pausedUntil, now() + pauseMs);
      if (pauseMs <= maxRetryAfterMs) return;
      const waiting = [...queue];
      queue.clear();
      for (const one of waiting) one.turnAway();
    },
    succeeded() {
      successes += 1;
      if (successes < limit || limit >= options.limit) return;
      successes = 0;
      limit += 1;
      serveQueue();
    },
    pausedMs: () => Math.max(0, pausedUntil - now()),
    limit: () => limit,
  };
}
