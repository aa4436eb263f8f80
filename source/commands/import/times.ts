import { Rejection, shown } from './rejection.ts';

/** A time as other programs write it, in Unix seconds: a number of seconds, or a date in ISO 8601. */
export function secondsOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
    const seconds = dateSeconds(text);
    if (seconds !== undefined) return seconds;
  }
  throw new Rejection(
    `${name} ${shown(value)} is no time: write Unix seconds, or 2026-01-31T14:05:00Z`,
  );
}

// With a point or comma before any number of decimals; what names no zone is UTC.
const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;
// As spreadsheets write it where days come first, with points between.
const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

function dateSeconds(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = iso.exec(text) ?? [];
  if (year !== undefined) {
    const whole = utc([year, month, day, hour, minute, second]);
    return whole === undefined
      ? undefined
      : whole + Number(`0.${fraction ?? 0}`) - offsetSeconds(zone);
  }
  const [, ofMonth, ofYear, inYear, atHour, atMinute, atSecond] = dotted.exec(text) ?? [];
  if (inYear === undefined) return undefined;
  return utc([inYear, ofYear, ofMonth, atHour, atMinute, atSecond]);
}

/** Undefined for a day or an hour that does not exist. */
function utc(parts: readonly (string | undefined)[]): number | undefined {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(milliseconds);
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return isReal ? milliseconds / 1000 : undefined;
}

function offsetSeconds(zone: string | undefined): number {
  const [, sign, hours, minutes = 0] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** How far ahead of this clock another's may be. */
const skewSeconds = 300;

/**
 * Refuses what has not happened yet, and what is written in another unit.
 *
 * @throws Rejection
 */
export function checkPast(at: number, now: number): void {
  if (at <= now + skewSeconds) return;
  const [unit, divisor] =
    at > 1e17 ? ['nanoseconds', 1e9] : at > 1e14 ? ['microseconds', 1e6] : ['milliseconds', 1e3];
  const isOther = at / divisor <= now + skewSeconds && at > 1e11;
  throw new Rejection(
    isOther
      ? `at ${at} looks like ${unit}: write Unix seconds`
      : `at ${shown(at)} lies in the future: correct it, or the clock of this machine`,
  );
}
