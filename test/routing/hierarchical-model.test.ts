import { describe, expect, it } from 'vitest';
import { createHierarchicalModel } from '../../source/routing/hierarchical-model.ts';

const scored = (n: number, mean: number) => ({ n, sum: n * mean });

describe('what attempts say of a model', () => {
  it('estimates the effects again when there is more evidence', () => {
    const model = createHierarchicalModel(2);
    const before = model.posteriors(0).mean[0] ?? 0;
    model.set(0, 1, scored(50, 0.95));
    model.set(1, 1, scored(50, 0.1));
    const [good = 0, poor = 0] = model.posteriors(0).mean;
    expect(good).toBeGreaterThan(before - 0.2);
    expect(good - poor).toBeGreaterThan(0.1);
  });

  it('does not count the evidence of a cell twice, as its own and as that of its model', () => {
    const model = createHierarchicalModel(1);
    model.set(0, 0, scored(4, 0.2));
    const { mean, standardDeviation } = model.posteriors(0);
    // Worked out from the effects' variances after one step of the estimate: a normal prior of the spread of
    // models and interactions, and four attempts. The cell's own pull in the prior would make them 0.412 and 0.153.
    expect(mean[0]).toBeCloseTo(0.4004, 4);
    expect(standardDeviation[0]).toBeCloseTo(0.1579, 4);
  });
});
