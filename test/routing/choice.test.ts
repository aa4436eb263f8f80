import { describe, expect, it } from 'vitest';
import { chooseCheapest, type Candidate, markGoodEnough } from '../../source/routing/choice.ts';

function candidate(index: number, mean: number, costUsd: number, standardDeviation = 0): Candidate {
  return {
    index,
    mean,
    standardDeviation,
    sample: mean,
    scoreVariance: 0.2,
    attempts: 80,
    attemptsOfModel: 80,
    costUsd,
    tieBreak: 1,
    goodEnough: false,
  };
}

/** Whether a cheaper model is chosen that is this far behind the best. */
function savesWith(behind: number, standardDeviation: number, tolerance = 0.05): boolean {
  const candidates = [
    candidate(0, 0.9, 1, standardDeviation),
    candidate(1, 0.9 - behind, 0.1, standardDeviation),
  ];
  markGoodEnough(candidates, tolerance);
  return chooseCheapest(candidates)?.index === 1;
}

describe('the cheapest that is good enough', () => {
  it('counts a difference of exactly the tolerance as within it, for every pair of hundredths', () => {
    for (let hundredths = 5; hundredths <= 100; hundredths += 1) {
      const candidates = [
        candidate(0, hundredths / 100, 1),
        candidate(1, (hundredths - 5) / 100, 0.1),
      ];
      markGoodEnough(candidates, 0.05);
      expect([hundredths, chooseCheapest(candidates)?.index]).toEqual([hundredths, 1]);
    }
  });

  it('leaves out what is more than the tolerance behind', () => {
    expect(savesWith(0.0501, 0)).toBe(false);
  });

  it('saves as long as it is less than about 62% sure that the cheaper is too far behind', () => {
    // 62% of a normal distribution lie below 0.3 standard deviations, here of a difference of two.
    const spread = Math.hypot(0.1, 0.1);
    expect(savesWith(0.05 + 0.27 * spread, 0.1)).toBe(true);
    expect(savesWith(0.05 + 0.33 * spread, 0.1)).toBe(false);
  });

  it('gives no such credit where nothing is to be saved', () => {
    expect(savesWith(0.01, 0.1, 0)).toBe(false);
  });

  it('takes the cheaper of two whose estimates are the same but for a fifth of a point', () => {
    expect(savesWith(0.001, 0.1, 0)).toBe(true);
    expect(savesWith(0.001, 0, 0)).toBe(false);
  });
});
