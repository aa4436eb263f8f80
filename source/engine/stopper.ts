import type { CallScopes } from './calls/call.ts';
import { createScope } from './calls/scope.ts';
import type { StopReason } from './status.ts';

/** Ends a run before its plan is through: once, for the first reason that comes. */
export type Stopper = {
  readonly scopes: CallScopes;
  stop: (reason: StopReason, message: string) => void;
  /** Why the run is ending early, once it is. */
  stopped: () => { reason: StopReason; message: string } | undefined;
  /** Aborts everything that still runs. */
  abandon: (message: string) => void;
  /** Heeds the user's signal from now on. */
  listen: () => void;
  close: () => void;
};

/** setTimeout takes no more. */
const longestTimer = 2 ** 31 - 1;

export function createStopper(options: {
  timeLimitSeconds: number;
  /** How long calls in flight may go on, in milliseconds; none when time is over. */
  graceMs: number;
  signal?: AbortSignal;
}): Stopper {
  const { timeLimitSeconds, graceMs, signal } = options;
  const running = createScope();
  const { scope: starting } = running.child();
  let stopped: ReturnType<Stopper['stopped']>;
  let grace: NodeJS.Timeout | undefined;

  function stop(reason: StopReason, message: string): void {
    if (stopped !== undefined) return;
    stopped = { reason, message };
    starting.cancel(message);
    if (reason === 'timeout') running.cancel(message);
    else grace = setTimeout(() => running.cancel(message), graceMs);
  }

  const limit = setTimeout(
    () => stop('timeout', `The time limit of ${timeLimitSeconds} s is over.`),
    Math.min(timeLimitSeconds * 1000, longestTimer),
  );
  const heed = (): void => stop('stopped', 'Stopped by the user.');

  return {
    scopes: { starting, running },
    stop,
    stopped: () => stopped,
    abandon: running.cancel,
    listen() {
      if (signal?.aborted === true) heed();
      signal?.addEventListener('abort', heed, { once: true });
    },
    close() {
      clearTimeout(limit);
      clearTimeout(grace);
      signal?.removeEventListener('abort', heed);
    },
  };
}
