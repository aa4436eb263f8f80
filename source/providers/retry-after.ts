/**
 * How long the server asked to be left alone, in milliseconds from `now` (Unix seconds): from
 * `retry-after-ms`, or `retry-after` in seconds or as an HTTP date. Undefined when it did not say, or
 * not in these forms.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | undefined {
  return (
    inMilliseconds(headers['retry-after-ms'], 1) ??
    inMilliseconds(headers['retry-after'], 1000) ??
    untilDate(headers['retry-after'], now)
  );
}

function inMilliseconds(value: string | undefined, unit: number): number | undefined {
  if (value === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return undefined;
  return Math.round(Number(value) * unit);
}

function untilDate(value: string | undefined, now: number): number | undefined {
  // Date.parse takes nearly anything with a number in it; an HTTP date names its month.
  if (value === undefined || !/[a-z]{3}/i.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.round(date - now * 1000));
}
