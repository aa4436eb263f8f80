import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../../source/domain/moments.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import {
  pairedInterval,
  predictionPowered,
  type SampledOutcomes,
} from '../../../source/telemetry/statistics/index.ts';

type Looked = { outcome: number; judged: number; probability: number };

function sampleOf(looked: readonly Looked[]): SampledOutcomes {
  const sum = (of: (one: Looked) => number): number =>
    looked.reduce((all, one) => all + of(one), 0);
  const weighted = (of: (one: Looked) => number): number => sum((one) => of(one) / one.probability);
  return {
    n: looked.length,
    weight: weighted(() => 1),
    weightSquared: sum(({ probability }) => probability ** -2),
    outcome: weighted(({ outcome }) => outcome),
    judged: weighted(({ judged }) => judged),
    outcomeSquared: weighted(({ outcome }) => outcome ** 2),
    product: weighted(({ outcome, judged }) => outcome * judged),
    judgedSquared: weighted(({ judged }) => judged ** 2),
  };
}

/** Spread evenly over the scale. */
const outcomeAt = (index: number): number => 0.3 + 0.4 * ((index * 0.618) % 1);
const lookedAt = (bias: number, n = 40): Looked[] =>
  Array.from({ length: n }, (_, index) => ({
    outcome: outcomeAt(index),
    judged: outcomeAt(index) + bias,
    probability: 0.05,
  }));

describe('what a few outcomes say of all tasks', () => {
  it.each([-0.1, 0, 0.1])('does not depend on how far judges are off: %d', (bias) => {
    const found = predictionPowered(sampleOf(lookedAt(bias)), { n: 800, mean: 0.55 + bias });
    expect(found?.mean).toBeCloseTo(0.55, 6);
  });

  it('is what was found alone where judges say the same of everything', () => {
    const looked = lookedAt(0).map((one) => ({ ...one, judged: 0.8 }));
    const mean = looked.reduce((sum, { outcome }) => sum + outcome, 0) / looked.length;
    expect(predictionPowered(sampleOf(looked), { n: 800, mean: 0.8 })?.mean).toBeCloseTo(mean, 9);
  });

  it('is narrower the better judges see', () => {
    const widthAt = (noise: number): number => {
      const looked = lookedAt(0).map((one, index) => ({
        ...one,
        judged: one.judged + noise * Math.sin(index * 12.9),
      }));
      const { interval } = predictionPowered(sampleOf(looked), { n: 800, mean: 0.5 }) ?? {
        interval: { low: 0, high: 1 },
      };
      return interval.high - interval.low;
    };
    expect(widthAt(0.02)).toBeLessThan(widthAt(0.1));
    expect(widthAt(0.1)).toBeLessThan(widthAt(1));
  });

  it('is less sure the less those that were looked at resemble the rest', () => {
    const looked = lookedAt(0).map((one, index) => ({
      ...one,
      judged: one.judged + 0.05 * Math.sin(index * 12.9),
    }));
    const widthAt = (mean: number): number => {
      const { low, high } = predictionPowered(sampleOf(looked), { n: 800, mean })?.interval ?? {
        low: 0,
        high: 0,
      };
      return high - low;
    };
    expect(widthAt(0.65)).toBeGreaterThan(1.2 * widthAt(0.5));
  });

  it('is nothing while fewer than 20 were looked at, or few that weigh much', () => {
    const all = { n: 800, mean: 0.5 };
    expect(predictionPowered(sampleOf(lookedAt(0, 19)), all)).toBeUndefined();
    expect(predictionPowered(sampleOf(lookedAt(0, 20)), all)).toBeDefined();
    const uneven = lookedAt(0, 30).map((one, index) => ({
      ...one,
      probability: index < 5 ? 0.01 : 1,
    }));
    expect(predictionPowered(sampleOf(uneven), all)).toBeUndefined();
  });

  it('lies within 0 and 1, and its interval around it', () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    const looked = fc.array(
      fc.record({ outcome: fc.oneof(score, fc.constantFrom(0, 1)), judged: score }),
      { minLength: 20, maxLength: 60 },
    );
    fc.assert(
      fc.property(looked, score, (some, mean) => {
        const sample = sampleOf(some.map((one) => ({ ...one, probability: 0.1 })));
        const found = predictionPowered(sample, { n: 600, mean });
        const { low, high } = found?.interval ?? { low: Number.NaN, high: Number.NaN };
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual((found?.mean ?? 0) + 1e-12);
        expect(high).toBeGreaterThanOrEqual((found?.mean ?? 0) - 1e-12);
      }),
    );
  });
});

describe('the interval of paired differences', () => {
  it('is the whole scale before there are five', () => {
    expect(pairedInterval(momentsOf([1, 1, 1, 1]))).toEqual({ low: -1, high: 1 });
    expect(pairedInterval(momentsOf([0.3, 0.3, 0.3, 0.3, 0.3])).low).toBeGreaterThan(-1);
  });

  it('ever leaves out the truth in at most 5% of comparisons, and not in hardly any', () => {
    const random = seededRandom(5);
    let wrong = 0;
    for (let comparison = 0; comparison < 400; comparison += 1) {
      const all = { n: 0, sum: 0, sumOfSquares: 0 };
      let isWrong = false;
      for (let pair = 0; pair < 300; pair += 1) {
        const difference = random() < 0.5 ? -0.9 : 0.9;
        all.n += 1;
        all.sum += difference;
        all.sumOfSquares += difference ** 2;
        const { low, high } = pairedInterval(all);
        if (low > 0 || high < 0) isWrong = true;
      }
      if (isWrong) wrong += 1;
    }
    expect(wrong / 400).toBeLessThanOrEqual(0.05);
    expect(wrong / 400).toBeGreaterThan(0.005);
  });

  it('counts in a rare failure that has not come yet', () => {
    const alike = (n: number) => pairedInterval(momentsOf(Array.from({ length: n }, () => 0)));
    expect(alike(30).high).toBeGreaterThan(0.05);
    expect(alike(120).high).toBeLessThan(0.05);
  });

  it('is the same for both, mirrored', () => {
    const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5 });
    fc.assert(
      fc.property(differences, (some) => {
        const one = pairedInterval(momentsOf(some));
        const other = pairedInterval(momentsOf(some.map((difference) => -difference)));
        expect(one.low).toBeCloseTo(-other.high, 9);
        expect(one.high).toBeCloseTo(-other.low, 9);
      }),
    );
  });
});
