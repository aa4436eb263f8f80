import { expect } from 'vitest';

/**
 * The same numbers added up in another order differ in their last bits. The difference is held against
 * the numbers: cut to some digits, two on either side of a rounding edge would never be the same,
 * however close they are.
 */
const tolerance = 1e-10;

/** Whole numbers and times, which no order of sums changes. */
const exact = new Set([
  'at',
  'callCount',
  'calls',
  'day',
  'failureCount',
  'failures',
  'liveCallCount',
  'liveCalls',
  'restartedAt',
  'runs',
  'taskCount',
  'tasks',
  'validatorFailCount',
]);

/** Expects the same, but for what the order of sums changes. */
export function expectNearly(actual: unknown, expected: unknown): void {
  expect(aligned(actual, expected)).toEqual(expected);
}

/** `actual` with the numbers of `expected` where they differ by no more than the order of a sum. */
function aligned(actual: unknown, expected: unknown): unknown {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= tolerance * Math.abs(expected) ? expected : actual;
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((item: unknown, index) => aligned(item, expected[index]));
  }
  if (!isRecord(actual) || !isRecord(expected)) return actual;
  return Object.fromEntries(
    Object.entries(actual).map(([key, item]) => [
      key,
      exact.has(key) ? item : aligned(item, expected[key]),
    ]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
