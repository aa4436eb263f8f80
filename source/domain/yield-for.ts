import { setTimeout } from 'node:timers/promises';

/** Texts from this many characters on take milliseconds to count, to send and to write. */
export const longText = 50_000;

/**
 * Lets keys, timers and signals have their turn before a long text is worked on again, so that several
 * such steps do not add up. A timer, since an immediate comes before the next look at keys and signals.
 */
export async function yieldFor({ length }: { length: number }): Promise<void> {
  if (length >= longText) await setTimeout(0);
}
