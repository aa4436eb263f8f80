import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../source/domain/runtime.ts';

it('draws uniformly from [0, 1)', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seededRandom(seed);
      const draws = Array.from({ length: 2000 }, random);
      expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      // Seven standard errors of the mean of 2,000 uniform draws.
      expect(Math.abs(mean - 0.5)).toBeLessThan((7 * Math.sqrt(1 / 12)) / Math.sqrt(2000));
    }),
    { numRuns: 50 },
  );
});

it('gives the same numbers for the same seed', () => {
  const one = seededRandom(7);
  const other = seededRandom(7);
  expect(Array.from({ length: 5 }, one)).toEqual(Array.from({ length: 5 }, other));
  expect(seededRandom(8)()).not.toBe(seededRandom(7)());
});
