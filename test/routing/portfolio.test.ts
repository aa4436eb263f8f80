import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../source/routing/choice.ts';
import { portfolioOf } from '../../source/routing/portfolio.ts';

const candidate = (more: Partial<Candidate>): Candidate => ({
  index: 0,
  mean: 0.8,
  standardDeviation: 0.01,
  sample: 0.8,
  scoreVariance: 0.02,
  attempts: 200,
  attemptsOfModel: 200,
  costUsd: 1,
  tieBreak: 1,
  goodEnough: true,
  ...more,
});

const cheap = candidate({ mean: 0.86, costUsd: 0.1 });
const strong = candidate({ mean: 0.88, costUsd: 1 });
const terms = { alone: strong, best: strong, tolerance: 0.05, acceptAt: 0.8 };

describe('a portfolio', () => {
  it('pays where a much cheaper model is mostly good enough', () => {
    const found = portfolioOf([cheap, strong], terms);
    expect(found).toMatchObject({ first: cheap, second: strong });
    expect(found?.costUsd).toBeLessThan(0.8);
    expect(found?.quality).toBeGreaterThanOrEqual(0.88);
  });

  it('needs a history of every model that it is made of or measured against', () => {
    for (const attempts of [0, 19]) {
      expect(portfolioOf([{ ...cheap, attempts }, strong], terms)).toBeUndefined();
      const unknown = { ...strong, attempts };
      const alone = { ...terms, alone: unknown, best: unknown };
      expect(portfolioOf([cheap, unknown], alone)).toBeUndefined();
    }
  });

  it('does not pay where the first is hardly cheaper, hardly ever good enough, or of unknown price', () => {
    for (const more of [{ costUsd: 0.9 }, { mean: 0.5 }, { costUsd: Number.NaN }]) {
      expect(portfolioOf([{ ...cheap, ...more }, strong], terms)).toBeUndefined();
    }
  });

  it('is the cheapest of those that pay, whatever the order', () => {
    const cheaper = candidate({ index: 1, mean: 0.86, costUsd: 0.05 });
    for (const all of [
      [cheap, cheaper, strong],
      [cheaper, cheap, strong],
    ]) {
      expect(portfolioOf(all, terms)?.first).toBe(cheaper);
    }
  });

  it('that is expected to be worse than the model alone does not pay, however close and cheap it is', () => {
    const wide = { ...terms, tolerance: 0.3 };
    const sure = { ...strong, standardDeviation: 1e-6 };
    const qualities = Array.from({ length: 28 }, (_, index) => {
      const first = candidate({ mean: 0.6 + index / 100, costUsd: 0.01, standardDeviation: 1e-6 });
      return portfolioOf([first, sure], { ...wide, alone: sure, best: sure })?.quality;
    });
    expect(qualities).toContain(undefined);
    expect(
      Math.min(...qualities.filter((quality) => quality !== undefined)),
    ).toBeGreaterThanOrEqual(sure.mean);
  });

  it('has nothing to go by where there is no posterior', () => {
    expect(portfolioOf([{ ...cheap, standardDeviation: 0 }, strong], terms)).toBeUndefined();
  });

  it('does not pay while it is not known for sure', () => {
    const unsure = { ...cheap, standardDeviation: 0.15 };
    expect(portfolioOf([unsure, strong], terms)).toBeUndefined();
  });

  it('counts all-or-nothing scores as what they are', () => {
    const first = candidate({ mean: 0.6, scoreVariance: 0.24, costUsd: 0.05 });
    const second = candidate({ mean: 0.7, scoreVariance: 0.21 });
    const found = portfolioOf([first, second], { ...terms, alone: second, best: second });
    expect(found?.followed).toBeCloseTo(0.4, 6);
  });

  it('never costs much more than the model alone, and is never expected to be worse', () => {
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    const any = fc
      .record({ mean: share, standardDeviation: share, scoreVariance: share, costUsd: share })
      .map((one) => candidate({ ...one, scoreVariance: one.scoreVariance / 4 }));
    fc.assert(
      fc.property(fc.array(any, { minLength: 2, maxLength: 6 }), share, (all, acceptAt) => {
        const best = all.reduce((one, other) => (other.mean > one.mean ? other : one));
        for (const alone of all) {
          const found = portfolioOf(all, { alone, best, tolerance: 0.05, acceptAt });
          if (found === undefined) continue;
          expect(found.first).not.toBe(found.second);
          expect(found.costUsd).toBeLessThanOrEqual(1.25 * alone.costUsd);
          expect(found.quality).toBeGreaterThanOrEqual(alone.mean);
          expect(found.quality).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
