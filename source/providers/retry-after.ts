import { daySeconds } from '../domain/durations.ts';

/** A longer wait than any run: what is asked beyond it is the same as for ever. */
const maxMs = 366 * daySeconds * 1000;

/** Reset headers in the order of precedence, with what their plain numbers count. */
const resetHeaders: readonly string[] = [
  'x-ratelimit-reset-requests',
  'x-ratelimit-reset-tokens',
  'x-ratelimit-reset',
  'ratelimit-reset',
  'anthropic-ratelimit-requests-reset',
  'anthropic-ratelimit-tokens-reset',
  'anthropic-ratelimit-input-tokens-reset',
  'anthropic-ratelimit-output-tokens-reset',
];

/**
 * How long the server asked to be left alone, in milliseconds from `now` (Unix seconds): from
 * `retry-after-ms`, or `retry-after` in seconds, with a unit, as Unix time, or as an HTTP date.
 * Undefined when it did not say, or not in these forms. Never NaN, negative, or beyond a year.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const value = headers['retry-after'];
  return inMilliseconds(headers['retry-after-ms'], 1) ?? resetIn(value, now);
}

/**
 * What headers say of the next reset of a limit that is used up, for a rate limit without any
 * `retry-after`: a duration ("1m30s"), seconds, Unix time in seconds or milliseconds, or a date.
 */
export function resetMs(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  const waits = resetHeaders.flatMap((name) => {
    const remaining = headers[name.replace('reset', 'remaining')];
    // A limit that is not used up is not what the call met.
    if (remaining !== undefined && Number(remaining) > 0) return [];
    return resetIn(headers[name], now) ?? [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function resetIn(value: string | undefined, now: number): number | undefined {
  const plain = numberIn(value);
  if (plain === undefined) return durationMs(value) ?? untilDate(value, now);
  if (plain > 1e12) return bounded(plain - now * 1000);
  if (plain > 1e9) return bounded((plain - now) * 1000);
  return bounded(plain * 1000);
}

/** Google writes a duration into a detail of the body, Hugging Face an estimate. */
export function waitInDetail(detail: Record<string, unknown>): number | undefined {
  const { retryDelay, retry_after: retryAfter, estimated_time: estimate } = detail;
  if (typeof retryDelay === 'string') return durationMs(retryDelay);
  // As seconds with a fraction for nanoseconds, in another spelling of the same message.
  if (typeof retryDelay === 'object' && retryDelay !== null && 'seconds' in retryDelay) {
    return seconds(Number(retryDelay.seconds));
  }
  if (typeof retryAfter === 'number') return seconds(retryAfter);
  if (typeof retryAfter === 'string')
    return inMilliseconds(retryAfter, 1000) ?? durationMs(retryAfter);
  return typeof estimate === 'number' ? seconds(estimate) : undefined;
}

/** "Please try again in 1.2s", "retry after 20 seconds", "in 6m0s": prose with a duration. */
export function waitInText(text: string): number | undefined {
  const said =
    /\b(?:try again|retry|wait)(?: your request)?(?: after| in| for)?:? {0,2}((?:\d{1,9}(?:\.\d{1,9})? ?(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)\b ?|\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h|d)){1,6})/i.exec(
      text.slice(0, 4000),
    );
  return durationMs(said?.[1]);
}

const units: readonly [RegExp, number][] = [
  [/^(?:ms|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, 1000],
  [/^(?:m|mins?|minutes?)$/i, 60_000],
  [/^(?:h|hours?)$/i, 3_600_000],
  [/^(?:d|days?)$/i, daySeconds * 1000],
];

/** "1.2s", "1m30s", "20 seconds", "120ms". */
function durationMs(value: string | undefined): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '' || text.length > 100) return undefined;
  const parts = [...text.matchAll(/(\d{1,12}(?:\.\d{1,9})?) ?([a-z]{1,12})/gi)];
  if (parts.map(([part]) => part).join('') !== text.replaceAll(/(?<=[a-z]) +/gi, '')) {
    return undefined;
  }
  let sum = 0;
  for (const [, amount = '', unit = ''] of parts) {
    const size = units.find(([name]) => name.test(unit))?.[1];
    if (size === undefined) return undefined;
    sum += Number(amount) * size;
  }
  return bounded(sum);
}

function inMilliseconds(value: string | undefined, unit: number): number | undefined {
  const number = numberIn(value);
  return number === undefined ? undefined : bounded(number * unit);
}

function numberIn(value: string | undefined): number | undefined {
  if (value === undefined || value.length > 400) return undefined;
  return /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function seconds(value: number): number | undefined {
  return value >= 0 ? bounded(value * 1000) : undefined;
}

function untilDate(value: string | undefined, now: number): number | undefined {
  // Date.parse takes nearly anything with a number in it; a date names its month or has a T.
  if (value === undefined || !/[a-z]{3}|\dT\d/i.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : bounded(date - now * 1000);
}

/** Rounded up: a wait is never shorter than asked. */
function bounded(ms: number): number | undefined {
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(0, Math.ceil(ms)), maxMs);
}
