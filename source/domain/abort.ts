import { messageOf } from './errors.ts';

/**
 * Calls back once when a signal is aborted, at once where it is already; returns how to stop listening, so
 * that a signal that lives long gathers no listeners.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    callback();
    return () => {};
  }
  const listener = (): void => callback();
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** Why a signal was aborted, in words; undefined for one that is not. */
export function abortReason(signal: AbortSignal): string | undefined {
  return signal.aborted ? messageOf(signal.reason) : undefined;
}
