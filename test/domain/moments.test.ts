import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mergedMoments,
  type Moments,
  momentsOf,
  narrowedMoments,
  populationVariance,
  shiftedMoments,
  timesMoments,
} from '../../source/domain/moments.ts';

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 1,
  maxLength: 40,
});

function powers({ n, sum, sumOfSquares, higher }: Moments): number[] {
  return [n, sum, sumOfSquares, higher?.cubes ?? NaN, higher?.fourths ?? NaN];
}

/** How far apart two are at most; NaN where one does not know its higher powers. */
function distance(one: Moments, other: Moments): number {
  const others = powers(other);
  return Math.max(...powers(one).map((value, index) => Math.abs(value - (others[index] ?? NaN))));
}

describe('moments', () => {
  it('move with every score', () => {
    fc.assert(
      fc.property(scores, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (given, by) => {
        const moved = momentsOf(given.map((score) => score + by));
        expect(distance(shiftedMoments(momentsOf(given), by), moved)).toBeLessThan(1e-9);
      }),
    );
  });

  it('merge, and what was merged can be taken away', () => {
    fc.assert(
      fc.property(scores, scores, (one, other) => {
        const both = mergedMoments(momentsOf(one), momentsOf(other));
        expect(distance(both, momentsOf([...one, ...other]))).toBeLessThan(1e-9);
        const left = mergedMoments(both, timesMoments(momentsOf(other), -1));
        expect(distance(left, momentsOf(one))).toBeLessThan(1e-9);
      }),
    );
  });

  it('are drawn together around their mean', () => {
    fc.assert(
      fc.property(scores, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (given, kept) => {
        const moments = momentsOf(given);
        const variance = populationVariance(moments);
        fc.pre(variance > 1e-6);
        const mean = moments.sum / moments.n;
        const factor = Math.sqrt(kept);
        const drawn = momentsOf(given.map((score) => mean + factor * (score - mean)));
        const narrowed = narrowedMoments(moments, (1 - kept) * variance);
        expect(distance(narrowed, drawn)).toBeLessThan(1e-9);
      }),
    );
  });

  it('know the higher powers only where they are known of every score', () => {
    const bare = { n: 2, sum: 1, sumOfSquares: 0.5 };
    expect(mergedMoments(momentsOf([1]), bare).higher).toBeUndefined();
    expect(shiftedMoments(bare, 0.1).higher).toBeUndefined();
  });
});
