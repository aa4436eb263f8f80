import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberFlag } from '../../../source/commands/command-line/flag-values.ts';
import { UsageError } from '../../../source/domain/errors.ts';

const limits = { min: 1, max: 3650, whole: true };

it('gives back every number within the limits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3650 }), (days) => {
      expect(numberFlag({ days: String(days) }, 'days', limits)).toBe(days);
    }),
  );
});

it.each(['0', '-1', '3651', '1.5', 'abc', '', ' 7', '7d', 'NaN', 'Infinity', '0x10', '1e9', '1,5'])(
  'refuses %j, naming the range',
  (text) => {
    expect(() => numberFlag({ days: text }, 'days', limits)).toThrow(UsageError);
    expect(() => numberFlag({ days: text }, 'days', limits)).toThrow('from 1 to 3650');
  },
);

it('is undefined where the flag was not given', () => {
  expect(numberFlag({}, 'days', limits)).toBeUndefined();
});
