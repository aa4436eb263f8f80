import type { Random } from '../../domain/runtime.ts';

/**
 * Milliseconds before try `next` (2 for the first repetition): exponential with jitter over its upper
 * half, so that callers who failed together do not return together; never less than the server asked.
 */
export function backoffMs(options: {
  next: number;
  baseMs: number;
  capMs: number;
  retryAfterMs?: number;
  random: Random;
}): number {
  const { next, baseMs, capMs, retryAfterMs = 0, random } = options;
  const ceiling = Math.min(capMs, baseMs * 2 ** (next - 2));
  const jittered = ceiling * (0.5 + random() / 2);
  return retryAfterMs > 0 ? retryAfterMs + jittered * 0.25 : jittered;
}
