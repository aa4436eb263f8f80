import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsOf, noScores } from '../../../source/domain/moments.ts';
import {
  compare,
  holm,
  incompleteBeta,
  normalQuantile,
  normalUpperTail,
  qualityInterval,
  rateMoments,
  studentQuantile,
  studentUpperTail,
  wilsonInterval,
} from '../../../source/telemetry/statistics/index.ts';

const z95 = 1.959_964;

describe('distributions against published tables', () => {
  it.each([
    [0, 0.5],
    [1.644_854, 0.05],
    [1.959_964, 0.025],
    [3.090_232, 0.001],
    [-1.959_964, 0.975],
  ])('the normal tail above %f is %f', (x, tail) => {
    expect(normalUpperTail(x)).toBeCloseTo(tail, 6);
  });

  it.each([
    [0.05, 1.644_854],
    [0.025, 1.959_964],
    [0.000_1, 3.719_016],
  ])('a normal tail of %f begins at %f', (tail, x) => {
    expect(normalQuantile(tail)).toBeCloseTo(x, 4);
  });

  it.each([
    [0.025, 1, 12.706_2],
    [0.025, 10, 2.228_14],
    [0.05, 30, 1.697_26],
    [0.005, 5, 4.032_14],
    [0.025, 1e6, 1.959_96],
  ])("Student's t with a tail of %f and %i degrees of freedom begins at %f", (tail, freedom, t) => {
    expect(studentQuantile(tail, freedom)).toBeCloseTo(t, 3);
    expect(studentUpperTail(-t, freedom)).toBeCloseTo(1 - tail, 5);
  });

  it("Student's quantile is where its tail is as asked, for any freedom and tail", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        fc.double({ min: 1e-7, max: 0.49, noNaN: true }),
        (freedom, tail) => {
          const found = studentUpperTail(studentQuantile(tail, freedom), freedom);
          expect(found / tail).toBeCloseTo(1, 4);
        },
      ),
    );
  });

  it('the incomplete beta function is a polynomial where its parameters are whole', () => {
    expect(incompleteBeta(2, 2, 0.3)).toBeCloseTo(3 * 0.3 ** 2 - 2 * 0.3 ** 3, 10);
    expect(incompleteBeta(2, 2, 0)).toBe(0);
    expect(incompleteBeta(2, 2, 1)).toBe(1);
  });
});

describe('intervals against Newcombe 1998', () => {
  it('has the score interval of 81 of 263', () => {
    const { low, high } = wilsonInterval(81 / 263, 263, z95);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 10, 0.6075, 1],
  ])('has the difference of %i/%i and %i/%i', (a, m, b, n, low, high) => {
    const bounds = compare(rateMoments(a, m), rateMoments(b, n)).bounds(0.025);
    expect(bounds.low).toBeCloseTo(low, 3);
    expect(bounds.high).toBeCloseTo(high, 3);
  });

  it('tests a margin by the level at which the bound meets it', () => {
    const comparison = compare(rateMoments(56, 70), rateMoments(48, 80));
    expect(comparison.pValueAbove(comparison.bounds(0.01).low)).toBeCloseTo(0.01, 5);
    expect(comparison.pValueAbove(comparison.bounds(0.01).high)).toBeCloseTo(0.99, 5);
  });
});

describe('graded scores', () => {
  it('are compared by Welch, which with equal spreads is the t test of the tables', () => {
    const first = momentsOf([0.2, 0.3, 0.4, 0.5, 0.6]);
    const second = momentsOf([0.1, 0.2, 0.3, 0.4, 0.5]);
    // t = 1 with 8 degrees of freedom.
    expect(compare(first, second).pValueAbove(0)).toBeCloseTo(0.173, 2);
    expect(compare(second, first).pValueAbove(0)).toBeCloseTo(0.827, 2);
    expect(compare(first, second).bounds(0.025).high).toBeCloseTo(0.1 + 0.2306, 2);
  });

  it('have a narrower interval than rates of the same mean', () => {
    const graded = qualityInterval(
      momentsOf(Array.from({ length: 40 }, (_, i) => (i % 2 ? 0.7 : 0.8))),
    );
    const rate = qualityInterval(rateMoments(30, 40));
    expect((graded?.high ?? 1) - (graded?.low ?? 0)).toBeLessThan(0.05);
    expect((rate?.high ?? 1) - (rate?.low ?? 0)).toBeGreaterThan(0.2);
  });

  it('are not certain because they are equal', () => {
    const { low = 0, high = 0 } = qualityInterval(momentsOf([0.7, 0.7, 0.7])) ?? {};
    expect(high - low).toBeGreaterThan(0.02);
  });
});

describe('the interval of a mean score', () => {
  it('needs two scores', () => {
    expect(qualityInterval(noScores)).toBeUndefined();
    expect(qualityInterval(momentsOf([1]))).toBeUndefined();
  });

  it('stays within the scale and holds the mean', () => {
    expect(qualityInterval(rateMoments(20, 20))).toMatchObject({ high: 1 });
    expect(qualityInterval(rateMoments(20, 20))?.low).toBeCloseTo(0.8389, 3);
    expect(qualityInterval(rateMoments(0, 5))).toMatchObject({ low: 0 });
  });
});

describe('Holm 1979', () => {
  it('steps down from the smallest, and stops at the first that holds', () => {
    const verdicts = holm([0.01, 0.04, 0.03, 0.005], 0.05);
    expect(verdicts.map(({ rejected }) => rejected)).toEqual([true, false, false, true]);
    expect(verdicts.map(({ level }) => level)).toEqual([0.05 / 3, 0.05, 0.025, 0.0125]);
  });

  it('has nothing to say of nothing', () => {
    expect(holm([], 0.05)).toEqual([]);
  });
});
