import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../source/routing/choice.ts';
import { rankReason } from '../../source/routing/reasons.ts';

const candidate = (mean: number): Candidate => ({
  index: 0,
  mean,
  standardDeviation: 0,
  sample: mean,
  scoreVariance: 0.01,
  attempts: 20,
  attemptsOfModel: 20,
  costUsd: 0.01,
  tieBreak: 0,
  goodEnough: true,
});

describe('the reason of the best', () => {
  it('says how good it is, so that the best of those who only fail is not taken for a good one', () => {
    const best = candidate(0.021);
    const ranking = { chosen: best, greedy: best, best };
    expect(rankReason(best, { ...ranking, tolerance: 0.05 })).toBe(
      'the best quality, 0.02, and nothing good enough is cheaper',
    );
    expect(rankReason(best, { ...ranking, tolerance: 0 })).toBe('the best quality, 0.02');
  });
});
