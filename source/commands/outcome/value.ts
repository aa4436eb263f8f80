import { UsageError } from '../../domain/errors.ts';
import { ownValue } from '../../domain/own-value.ts';

const words: Readonly<Record<string, number | null>> = { good: 1, bad: 0, withdraw: null };

/**
 * An outcome as people write it; null withdraws.
 *
 * @throws UsageError
 */
export function valueOf(text: string): number | null {
  const word = ownValue(words, text.toLowerCase());
  if (word !== undefined) return word;
  const value = /^[+.\d][\d.e+-]*$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new UsageError(
    `${JSON.stringify(text)} is not an outcome: write good, bad, a number from 0 to 1, or withdraw.`,
  );
}
