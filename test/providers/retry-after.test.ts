import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readErrorBody } from '../../source/providers/error-body.ts';
import { resetMs, retryAfterMs, waitInText } from '../../source/providers/retry-after.ts';

const now = 1_793_000_000;
const year = 366 * 86_400_000;

describe('the header of a wait', () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': ' 2 ' }, 2000],
    [{ 'retry-after': '1.0005' }, 1001],
    [{ 'retry-after': '2s' }, 2000],
    [{ 'retry-after': '1m30s' }, 90_000],
    [{ 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': String(now + 7) }, 7000],
    [{ 'retry-after': String((now + 7) * 1000) }, 7000],
    [{ 'retry-after': '99999999999999999999' }, year],
    [{ 'retry-after': '9'.repeat(350) }, year],
    [{ 'retry-after': new Date((now + 60) * 1000).toUTCString() }, 60_000],
    [{ 'retry-after': new Date((now + 60) * 1000).toISOString() }, 60_000],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'NaN' }, undefined],
    [{ 'retry-after': 'Infinity' }, undefined],
    [{ 'retry-after': '1e9' }, undefined],
    [{ 'retry-after': '' }, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'x-ratelimit-reset-requests': '1m30s', 'x-ratelimit-remaining-requests': '0' }, 90_000],
    [{ 'x-ratelimit-reset-tokens': '120ms', 'x-ratelimit-remaining-tokens': '500' }, undefined],
    [{ 'anthropic-ratelimit-requests-reset': new Date((now + 5) * 1000).toISOString() }, 5000],
    [{ 'x-ratelimit-reset': String(now + 7) }, 7000],
    [{ 'x-ratelimit-reset': String((now + 7) * 1000) }, 7000],
    [{ 'ratelimit-reset': '12' }, 12_000],
    [{}, undefined],
  ])('of a reset, %j, is %s ms', (headers, expected) => {
    expect(resetMs(headers, now)).toBe(expected);
  });
});

describe('a wait in the body', () => {
  it.each<[unknown, number | undefined]>([
    [{ error: { message: 'no', details: [{ '@type': 'RetryInfo', retryDelay: '12s' }] } }, 12_000],
    [{ error: { message: 'no', details: [{ retryDelay: { seconds: '3' } }] } }, 3000],
    [{ error: { message: 'Please try again in 1.2s.' } }, 1200],
    [{ error: { message: 'Please try again in 1m30s. Visit' } }, 90_000],
    [{ error: { message: 'Please try again in 250ms.' } }, 250],
    [{ error: { message: 'Please retry after 20 seconds' } }, 20_000],
    [{ error: { message: 'Please wait 2 minutes' } }, 120_000],
    [{ error: { message: 'try again in 6h0m0s' } }, 21_600_000],
    [{ error: 'loading', estimated_time: 20.5 }, 20_500],
    [{ error: { message: 'slow down', retry_after: 4 } }, 4000],
    [{ error: { message: 'try again later' } }, undefined],
    [{ error: { message: 'no', details: [{ retryDelay: 'NaNs' }] } }, undefined],
    [{ error: { message: 'no', retry_after: -3 } }, undefined],
  ])('%j is %s ms', (body, expected) => {
    expect(readErrorBody(JSON.stringify(body))?.retryAfterMs).toBe(expected);
  });
});

it('is always a number of milliseconds that can be waited for, whatever is written', () => {
  const isWait = (ms: number | undefined): boolean =>
    ms === undefined || (Number.isInteger(ms) && ms >= 0 && ms <= year);
  const written = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc
      .tuple(fc.nat(), fc.constantFrom('s', 'ms', 'm', 'h', 'd', ' seconds'))
      .map((p) => p.join('')),
  );
  fc.assert(
    fc.property(written, (value) => {
      expect(isWait(retryAfterMs({ 'retry-after': value }, now))).toBe(true);
      expect(isWait(retryAfterMs({ 'retry-after-ms': value }, now))).toBe(true);
      expect(isWait(resetMs({ 'x-ratelimit-reset': value }, now))).toBe(true);
      expect(isWait(waitInText(`try again in ${value}`))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
