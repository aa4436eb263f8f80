import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOf, momentsOf, populationVariance } from '../../../source/domain/moments.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import {
  boundsOfDifference,
  evidenceNeeded,
  logEvidenceAbove,
  logLikelihoodRatio,
  qualityInterval,
  rateMoments,
} from '../../../source/telemetry/statistics/index.ts';

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 2,
  maxLength: 60,
});
const alternating = (mean: number, n: number, spread = 0.05) =>
  momentsOf(Array.from({ length: n }, (_, index) => mean + (index % 2 ? spread : -spread)));

describe('evidence', () => {
  it('grows with the gap and with the number of scores', () => {
    const close = logEvidenceAbove(rateMoments(80, 100), rateMoments(75, 100), 0);
    const far = logEvidenceAbove(rateMoments(95, 100), rateMoments(75, 100), 0);
    const many = logEvidenceAbove(rateMoments(950, 1000), rateMoments(750, 1000), 0);
    expect(close).toBeLessThan(far);
    expect(far).toBeLessThan(many);
  });

  it('is none where the means say otherwise, or one sample is next to nothing', () => {
    expect(logEvidenceAbove(rateMoments(5, 10), rateMoments(8, 10), 0)).toBe(-Infinity);
    expect(logEvidenceAbove(rateMoments(1, 1), rateMoments(0, 50), 0)).toBe(-Infinity);
  });

  it('is little from a few scores that were all alike: rare failures may not have come yet', () => {
    expect(logEvidenceAbove(alternating(0.9, 10, 0), alternating(0.9, 30, 0), -0.05)).toBeLessThan(
      Math.log(3),
    );
  });

  it('is more of an even spread than of one that rare failures make', () => {
    const failing = momentsOf(Array.from({ length: 150 }, (_, index) => (index < 3 ? 0 : 0.78)));
    const spread = Math.sqrt(populationVariance(failing));
    const even = alternating(meanOf(failing), 150, spread);
    const against = alternating(0.75, 150, 0.1);
    expect(populationVariance(even)).toBeCloseTo(populationVariance(failing), 9);
    expect(logEvidenceAbove(even, against, -0.05)).toBeGreaterThan(
      logEvidenceAbove(failing, against, -0.05),
    );
  });

  it('grows with every score where all are the best there is: none can be better', () => {
    const evidenceOf = (n: number): number =>
      logEvidenceAbove(rateMoments(n, n), rateMoments(n, n), -0.05);
    expect(evidenceOf(200)).toBeGreaterThan(evidenceOf(100));
    expect(evidenceOf(200)).toBeGreaterThan(Math.log(11));
    expect(evidenceOf(30)).toBeLessThan(Math.log(11));
  });

  it('is less the more unsure the difference is besides', () => {
    const [high, low] = [alternating(0.9, 200), alternating(0.8, 200)];
    expect(logEvidenceAbove(high, low, 0, 0.001)).toBeLessThan(logEvidenceAbove(high, low, 0));
  });

  it('is for and against alike, whatever side is asked for', () => {
    fc.assert(
      fc.property(scores, scores, (first, second) => {
        const [one, other] = [momentsOf(first), momentsOf(second)];
        expect(logLikelihoodRatio(one, other)).toBeCloseTo(logLikelihoodRatio(other, one), 6);
        expect(logLikelihoodRatio(one, other)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('seldom ever becomes large where one is worse by the margin, however often one looks', () => {
    const random = seededRandom(11);
    let fooled = 0;
    for (let history = 0; history < 100; history += 1) {
      const worse = { n: 0, sum: 0, sumOfSquares: 0 };
      const better = { n: 0, sum: 0, sumOfSquares: 0 };
      for (let look = 0; look < 150; look += 1) {
        for (const [sample, quality] of [
          [worse, 0.8],
          [better, 0.85],
        ] as const) {
          const score = random() < quality ? 1 : 0;
          sample.n += 1;
          sample.sum += score;
          sample.sumOfSquares += score;
        }
        if (logEvidenceAbove(worse, better, -0.05) >= Math.log(6)) {
          fooled += 1;
          break;
        }
      }
    }
    expect(fooled).toBeLessThanOrEqual(5);
  });
});

describe('bounds of a difference', () => {
  it('lie around it, within −1 and 1, wider for more evidence', () => {
    fc.assert(
      fc.property(scores, scores, (first, second) => {
        const [one, other] = [momentsOf(first), momentsOf(second)];
        const difference = meanOf(one) - meanOf(other);
        const narrow = boundsOfDifference(one, other, 6);
        const wide = boundsOfDifference(one, other, 60);
        expect(narrow.low).toBeLessThanOrEqual(difference);
        expect(narrow.high).toBeGreaterThanOrEqual(difference);
        // As exactly as bounds are worked out.
        expect(wide.low).toBeLessThanOrEqual(narrow.low + 1e-4);
        expect(wide.high).toBeGreaterThanOrEqual(narrow.high - 1e-4);
        expect(wide.low).toBeGreaterThanOrEqual(-1);
        expect(wide.high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('evidence among several', () => {
  it('is what one alone needs, or all that hold together', () => {
    expect(evidenceNeeded([10], 6)).toBe(6);
    expect(evidenceNeeded([10, 7, 6], 6)).toBe(6);
  });

  it('is as much more as the others lack', () => {
    expect(evidenceNeeded([10, 0, 0], 6)).toBe(18);
    expect(evidenceNeeded([10, 4], 6)).toBe(8);
  });
});

describe('the interval of a quality', () => {
  it('is within 0 and 1 around the mean, and there is none of fewer than five scores', () => {
    fc.assert(
      fc.property(scores, (given) => {
        const sample = momentsOf(given);
        const { low = 0, high = 1 } = qualityInterval(sample) ?? {};
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(meanOf(sample) + 1e-9);
        expect(high).toBeGreaterThanOrEqual(meanOf(sample) - 1e-9);
      }),
    );
    expect(qualityInterval(rateMoments(3, 4))).toBeUndefined();
    expect(qualityInterval(rateMoments(3, 5))).toBeDefined();
  });

  it.each([5, 10, 20, 60])('holds rare failures that may not have come, with %i scores', (n) => {
    const random = seededRandom(n);
    let covered = 0;
    for (let sample = 0; sample < 500; sample += 1) {
      const given = Array.from({ length: n }, () => (random() < 0.06 ? 0 : 0.9));
      const interval = qualityInterval(momentsOf(given));
      if (interval !== undefined && interval.low <= 0.846 && interval.high >= 0.846) covered += 1;
    }
    expect(covered / 500).toBeGreaterThanOrEqual(0.92);
  });

  it('is one of 95% where there are many', () => {
    const n = 10_000;
    const { low = 0, high = 1 } =
      qualityInterval({
        n,
        sum: n * 0.5,
        sumOfSquares: n * (0.5 ** 2 + 0.1 ** 2),
      }) ?? {};
    const inErrors = (high - low) / 2 / (0.1 / Math.sqrt(n));
    expect(inErrors).toBeGreaterThan(1.95);
    expect(inErrors).toBeLessThan(2.05);
  });

  it('is as narrow as one of a rate should be with many', () => {
    const { low = 0, high = 1 } = qualityInterval(rateMoments(800, 1000)) ?? {};
    expect(low).toBeCloseTo(0.774, 2);
    expect(high).toBeCloseTo(0.824, 2);
  });
});
