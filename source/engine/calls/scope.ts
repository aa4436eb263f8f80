/**
 * A span of work that can be cancelled, and that passes cancellation on to the spans inside it.
 * Cheaper than AbortSignal.any per call, and free of its listener limits.
 */
export type Scope = {
  readonly cancelled: boolean;
  readonly reason: string | undefined;
  cancel: (reason: string) => void;
  /** Calls back once on cancellation, at once when it has happened; returns how to unsubscribe. */
  onCancel: (callback: () => void) => () => void;
  /** A span inside this one; `close` when it is over, so that this one forgets it. */
  child(): { scope: Scope; close(): void };
  /** Resolves after `ms`, or on cancellation. */
  sleep(ms: number): Promise<void>;
};

export function createScope(): Scope {
  const callbacks = new Set<() => void>();
  let cancelledFor: string | undefined;

  const scope: Scope = {
    get cancelled() {
      return cancelledFor !== undefined;
    },
    get reason() {
      return cancelledFor;
    },
    cancel(reason) {
      if (cancelledFor !== undefined) return;
      cancelledFor = reason;
      const waiting = [...callbacks];
      callbacks.clear();
      for (const callback of waiting) callback();
    },
    onCancel(callback) {
      if (cancelledFor !== undefined) {
        callback();
        return () => {};
      }
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry = (): void => {
        callback();
      };
      callbacks.add(entry);
      return () => {
        callbacks.delete(entry);
      };
    },
    child() {
      const inner = createScope();
      const close = scope.onCancel(() => {
        inner.cancel(cancelledFor ?? 'cancelled');
      });
      return { scope: inner, close };
    },
    async sleep(ms) {
      if (cancelledFor !== undefined) return;
      // In parts, since a longer timer would fire at once.
      for (let left = ms; left > 0 && !scope.cancelled; left -= longestTimerMs) {
        await sleepPart(scope, Math.min(left, longestTimerMs));
      }
    },
  };
  return scope;
}

/** setTimeout takes no more. */
export const longestTimerMs = 2 ** 31 - 1;

async function sleepPart(scope: Scope, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      off();
      resolve();
    }, ms);
    const off = scope.onCancel(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
