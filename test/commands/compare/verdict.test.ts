import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../source/commands/compare/verdict.ts';

/** So many pairs whose differences are `mean` plus and minus `spread` in turn. */
const pairsOf = (n: number, mean: number, spread: number) =>
  Array.from({ length: n }, (_, index) => ({
    taskId: `t${index}`,
    a: 0.5 + mean + (index % 2 ? spread : -spread),
    b: 0.5,
  }));

describe('a comparison', () => {
  it('is open where it may be either way, or by more than anybody would pay for', () => {
    const verdict = verdictOf(pairsOf(40, 0.1, 0.2), 0.05);
    expect(verdict).toMatchObject({ tasks: 40, decided: null });
    // It reaches over zero, no further down than the tolerance, and well beyond it upwards.
    expect(verdict.low).toBeGreaterThan(-0.05);
    expect(verdict.low).toBeLessThan(0);
    expect(verdict.high).toBeGreaterThan(0.05);
    expect(verdictOf(pairsOf(40, -0.1, 0.2), 0.05).decided).toBeNull();
  });

  it('is decided for the better, or as equal within the tolerance', () => {
    expect(verdictOf(pairsOf(80, 0.1, 0.1), 0.05).decided).toBe('a');
    expect(verdictOf(pairsOf(80, -0.1, 0.1), 0.05).decided).toBe('b');
    expect(verdictOf(pairsOf(400, 0, 0.05), 0.05).decided).toBe('equal');
    expect(verdictOf([], 0.05)).toMatchObject({ tasks: 0, difference: null, decided: null });
  });
});
