import { UsageError } from '../../domain/errors.ts';
import { flagName } from './help.ts';
import type { FlagValues } from './specification.ts';

type NumberLimits = { min: number; max: number; whole?: boolean };

/**
 * The number given with a flag, or undefined where the flag was not given.
 *
 * @throws UsageError when it is not a number within the limits.
 */
export function numberFlag(
  flags: FlagValues,
  key: string,
  { min, max, whole = false }: NumberLimits,
): number | undefined {
  const text = flags[key];
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^[-+.\d][\d.e+-]*$/i.test(text) ? Number(text) : NaN;
  const fits = value >= min && value <= max && (!whole || Number.isInteger(value));
  if (fits) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new UsageError(
    `${flagName(key)} ${String(text)} is not ${kind} from ${min} to ${max}: give one in that range.`,
  );
}

export function textFlag(flags: FlagValues, key: string): string | undefined {
  const value = flags[key];
  return typeof value === 'string' ? value : undefined;
}

/** All values of a flag that may be given several times. */
export function listFlag(flags: FlagValues, key: string): readonly string[] {
  const value = flags[key];
  return typeof value === 'object' ? value : [];
}

export function switchFlag(flags: FlagValues, key: string): boolean {
  return flags[key] === true;
}
