import { describe, expect, it } from 'vitest';
import { standardNormal } from '../../source/domain/normal.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { createHierarchicalModel } from '../../source/routing/hierarchical-model.ts';
import { publicKnowledge } from '../../source/routing/public-prior.ts';
import { model as routable } from './support.ts';

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
    const { standardDeviation } = model.posteriors(0);
    // Four attempts alone leave about 0.2; the widest prior cannot bring that below 0.14, twice four would.
    expect(standardDeviation[0]).toBeGreaterThan(0.15);
  });

  it('starts from all that a long past says, not from where it would start without one', () => {
    const model = createHierarchicalModel(6);
    // On every task type the models differ by the same: what one is good for, it is good for everywhere.
    for (let type = 0; type < 20; type += 1) {
      for (let index = 0; index < 6; index += 1) {
        if (type > 0 || index > 0) model.set(index, type, scored(200, 0.4 + 0.05 * index));
      }
    }
    const { mean, standardDeviation } = model.posteriors(0);
    expect(mean[0]).toBeCloseTo(0.4, 1);
    expect(standardDeviation[0]).toBeLessThan(0.09);
  });

  it('takes models for more unsure that were not tried where one was', () => {
    const model = createHierarchicalModel(3);
    for (let type = 1; type < 8; type += 1) {
      for (let index = 0; index < 3; index += 1) model.set(index, type, scored(40, 0.6));
    }
    const untried = model.posteriors(0).typeDeviation[1] ?? 0;
    model.set(0, 0, scored(400, 0.4));
    const { mean, typeDeviation, standardDeviation } = model.posteriors(0);
    expect(typeDeviation[0]).toBeLessThan(0.02);
    expect(typeDeviation[1]).toBeGreaterThan(0.03);
    expect(typeDeviation[1]).toBeLessThan(untried);
    expect(standardDeviation[1]).toBeGreaterThan(typeDeviation[1] ?? 0);
    // The level of the task type speaks of them too, though less than of the one that was tried.
    expect(mean[1]).toBeGreaterThan(0.42);
    expect(mean[1]).toBeLessThan(0.58);
  });

  it('is as unsure of pairs that were never tried as it should be', () => {
    let held = 0;
    let pairs = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seededRandom(seed);
      const model = createHierarchicalModel(8);
      const effects = Array.from({ length: 8 }, () => 0.12 * standardNormal(random));
      for (let type = 0; type < 10; type += 1) {
        const level = 0.6 + 0.15 * standardNormal(random);
        const truths = effects.map((effect) =>
          Math.min(0.98, Math.max(0.02, level + effect + 0.12 * standardNormal(random))),
        );
        const tried = (index: number): boolean => (index + type + seed) % 3 === 0;
        for (const [index, truth] of truths.entries()) {
          if (!tried(index)) continue;
          const hits = Array.from({ length: 5 }, () => (random() < truth ? 1 : 0));
          model.set(index, type, { n: 5, sum: hits.reduce<number>((sum, hit) => sum + hit, 0) });
        }
        const { mean, standardDeviation } = model.posteriors(type);
        for (const [index, truth] of truths.entries()) {
          if (tried(index)) continue;
          pairs += 1;
          const off = Math.abs(truth - (mean[index] ?? 0));
          if (off <= 1.96 * (standardDeviation[index] ?? 0)) held += 1;
        }
      }
    }
    expect(held / pairs).toBeGreaterThan(0.9);
  });
});

describe('what is publicly known of a model', () => {
  const strengths = [0.5, 0.6, 0.7, 0.8, 0.9];
  const models = strengths.map((strength, index) => routable(`m${index}`, { strength }));
  const ordered = (means: Float64Array): boolean =>
    means.every((mean, index) => index === 0 || mean > (means[index - 1] ?? 0));

  it('is where it starts: by strength, and by price where none is published', () => {
    const byStrength = createHierarchicalModel(5, publicKnowledge(models)).posteriors(0);
    expect(ordered(byStrength.mean)).toBe(true);
    const priced = [0, 0.001, 0.002, 0.004, 0.05].map((defaultCostUsd, index) =>
      routable(`m${index}`, { defaultCostUsd }),
    );
    const byPrice = createHierarchicalModel(5, publicKnowledge(priced)).posteriors(0);
    expect(ordered(byPrice.mean)).toBe(true);
  });

  it('says nothing where neither is known, or all are alike', () => {
    for (const all of [
      [routable('a', { defaultCostUsd: Infinity }), routable('b', { defaultCostUsd: 0 })],
      [routable('a', { strength: 0.7 }), routable('b', { strength: 0.7 })],
      [routable('a'), routable('b')],
    ]) {
      const { mean } = createHierarchicalModel(2, publicKnowledge(all)).posteriors(0);
      expect(mean[0]).toBe(mean[1]);
    }
  });

  it('weighs strengths that lie close together less than strengths far apart', () => {
    const near = publicKnowledge(models.map((each, i) => ({ ...each, strength: 0.7 + 0.02 * i })));
    const range = (means: Float64Array): number => Math.max(...means) - Math.min(...means);
    const narrow = range(createHierarchicalModel(5, near).posteriors(0).mean);
    const wide = range(createHierarchicalModel(5, publicKnowledge(models)).posteriors(0).mean);
    expect(narrow).toBeLessThan(0.3 * 0.08);
    expect(wide).toBeGreaterThan(0.4 * 0.35);
  });

  it('is forgotten where it is wrong', () => {
    const model = createHierarchicalModel(5, publicKnowledge(models));
    for (let type = 1; type < 6; type += 1) {
      for (let index = 0; index < 5; index += 1) {
        model.set(index, type, scored(60, 0.9 - 0.1 * index));
      }
    }
    const { mean } = model.posteriors(0);
    expect(ordered(mean.toReversed())).toBe(true);
  });
});
