import { onAbort } from '../domain/abort.ts';
import { longestTimerMs, type CallSignals } from './calls/signals.ts';
import type { StopReason } from './status.ts';

/** Ends a run before its plan is through: once, for the first reason that comes. */
export type Stopper = {
  readonly signals: CallSignals;
  stop: (reason: StopReason, message: string) => void;
  /** Why the run is ending early, once it is. */
  stopped: () => { reason: StopReason; message: string } | undefined;
  /** Aborts everything that still runs. */
  abandon: (message: string) => void;
  /** Heeds the user's signal from now on. */
  listen: () => void;
  close: () => void;
};

export function createStopper(options: {
  timeLimitSeconds: number;
  /** How long calls in flight may go on, in milliseconds; none when time is over. */
  graceMs: number;
  signal?: AbortSignal;
}): Stopper {
  const { timeLimitSeconds, graceMs, signal } = options;
  const execution = new AbortController();
  const admission = new AbortController();
  let stopped: ReturnType<Stopper['stopped']>;
  let grace: NodeJS.Timeout | undefined;

  const abandon = (message: string): void => execution.abort(new Error(message));

  function stop(reason: StopReason, message: string): void {
    if (stopped !== undefined) return;
    stopped = { reason, message };
    admission.abort(new Error(message));
    if (reason === 'timeout') abandon(message);
    else grace = setTimeout(() => abandon(message), graceMs);
  }

  const limit = setTimeout(
    () => stop('timeout', `The time limit of ${timeLimitSeconds} s is over.`),
    Math.min(timeLimitSeconds * 1000, longestTimerMs),
  );
  let stopListening: (() => void) | undefined;

  return {
    signals: {
      admission: AbortSignal.any([admission.signal, execution.signal]),
      execution: execution.signal,
    },
    stop,
    stopped: () => stopped,
    abandon,
    listen() {
      stopListening = onAbort(signal, () => stop('stopped', 'Stopped by the user.'));
    },
    close() {
      clearTimeout(limit);
      clearTimeout(grace);
      stopListening?.();
    },
  };
}
