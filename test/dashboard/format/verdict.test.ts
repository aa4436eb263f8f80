import { expect, it } from 'vitest';
import { formatVerdict } from '../../../source/dashboard/format/index.ts';

it.each([
  ['person', 0, 'you: bad'],
  ['person', 1, 'you: good'],
  ['person', 0.4, 'you: 0.40'],
  ['test', 1, 'test: passed'],
  ['test', 0, 'test: failed'],
  ['merge', 1, 'merge: 1.00'],
  ['constructor', 0, 'constructor: 0.00'],
])('what %s found as %s is told as %s', (source, value, told) => {
  expect(formatVerdict({ source, value })).toBe(told);
});
