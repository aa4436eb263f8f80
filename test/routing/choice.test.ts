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

  it('goes by what is expected, however unsure that is', () => {
    for (const standardDeviation of [0, 0.1, 0.5]) {
      expect(savesWith(0.049, standardDeviation)).toBe(true);
      expect(savesWith(0.051, standardDeviation)).toBe(false);
      expect(savesWith(0.01, standardDeviation, 0)).toBe(false);
    }
  });

  it('takes the cheaper of two whose estimates are the same but for a fifth of a point', () => {
    expect(savesWith(0.001, 0.1, 0)).toBe(true);
    expect(savesWith(0.001, 0, 0)).toBe(false);
  });
});
