import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../source/routing/choice.ts';
import { chooseExploration } from '../../source/routing/exploration.ts';

/** Eighty attempts' worth of evidence: a variance of 0.2 known to a standard deviation of 0.05. */
function candidate(index: number, more: Partial<Candidate>): Candidate {
  return {
    index,
    mean: 0.9,
    standardDeviation: 0.05,
    sample: 0.9,
    scoreVariance: 0.2,
    costUsd: 1,
    tieBreak: 1,
    goodEnough: true,
    ...more,
  };
}

const incumbent = candidate(0, {});

/** Whether a model that was just sampled well is explored. */
function explores(more: Partial<Candidate>, tolerance: number): boolean {
  const challenger = candidate(1, { sample: 1, ...more });
  return (
    chooseExploration([incumbent, challenger], { incumbent, best: incumbent, tolerance }) !==
    undefined
  );
}

describe('exploration', () => {
  it('is weighed over ten times as many tasks as the evidence is worth by now', () => {
    // Of 1,600 tasks to come, a lead of 0.02 is worth finding out; one of 0.05 would need 16,000.
    expect(explores({ mean: 0.88 }, 0)).toBe(true);
    expect(explores({ mean: 0.85 }, 0)).toBe(false);
  });

  it('takes a free model to be ten doublings cheaper, each worth the tolerance', () => {
    expect(explores({ mean: 0.5, costUsd: 0 }, 0.05)).toBe(true);
    expect(explores({ mean: 0.38, standardDeviation: 0.01, costUsd: 0 }, 0.05)).toBe(false);
    expect(explores({ mean: 0.5, costUsd: 0.5 }, 0.05)).toBe(false);
  });

  it('needs a model that costs more to be sampled more than the tolerance above', () => {
    expect(explores({ mean: 0.9, sample: 0.94, costUsd: 1.5 }, 0.05)).toBe(false);
    expect(explores({ mean: 0.9, sample: 0.96, costUsd: 1.001 }, 0.05)).toBe(true);
  });
});
