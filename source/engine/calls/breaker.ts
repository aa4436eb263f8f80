/** Milliseconds on a clock that never jumps. */
export type Monotonic = () => number;

/**
 * Keeps calls away from what keeps failing: opens after some failures in a row, and after a pause
 * lets one call through to see whether it works again.
 */
export type Breakers = {
  /** Whether a call may be made now. */
  allows(key: string): boolean;
  /** Says that a call begins; a half-open breaker admits no second one until it is over. */
  begin(key: string): void;
  succeeded(key: string): void;
  /** Returns whether this failure opened the breaker. */
  failed(key: string): boolean;
  /** The call ended without a result about the other side (aborted, rate-limited). */
  ignored(key: string): void;
  /** Milliseconds until a call may be made; 0 where one may be made now. */
  waitMs(key: string): number;
};

type Breaker = { failures: number; openUntil?: number; halfOpen: boolean };

export function createBreakers(options: {
  failures: number;
  cooldownMs: number;
  now: Monotonic;
}): Breakers {
  const breakers = new Map<string, Breaker>();

  function breakerOf(key: string): Breaker {
    let breaker = breakers.get(key);
    if (breaker === undefined) {
      breaker = { failures: 0, halfOpen: false };
      breakers.set(key, breaker);
    }
    return breaker;
  }

  function allows(key: string): boolean {
    const { openUntil, halfOpen } = breakerOf(key);
    return openUntil === undefined || (!halfOpen && options.now() >= openUntil);
  }

  return {
    allows,
    begin(key) {
      const breaker = breakerOf(key);
      if (breaker.openUntil !== undefined) breaker.halfOpen = true;
    },
    succeeded(key) {
      breakers.delete(key);
    },
    failed(key) {
      const breaker = breakerOf(key);
      breaker.failures += 1;
      breaker.halfOpen = false;
      if (breaker.failures < options.failures) return false;
      const wasOpen = breaker.openUntil !== undefined;
      breaker.openUntil = options.now() + options.cooldownMs;
      return !wasOpen;
    },
    ignored(key) {
      breakerOf(key).halfOpen = false;
    },
    waitMs(key) {
      if (allows(key)) return 0;
      return Math.max(1, (breakerOf(key).openUntil ?? 0) - options.now());
    },
  };
}
