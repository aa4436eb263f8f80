import { describe, expect, it } from 'vitest';
import { accountOfExploration, explorationWords } from '../../source/routing/index.ts';
import { adaptive, greedy, model, past, route } from './support.ts';

const models = [model('good'), model('poor'), model('dear'), model('unknown')];
const history = [
  past('good', { qualityScore: 0.9, callCount: 300, avgCostUsd: 0.01 }, { scoreVariance: 0.09 }),
  past('poor', { qualityScore: 0.4, callCount: 60, avgCostUsd: 0.005 }, { scoreVariance: 0.24 }),
  past('dear', { qualityScore: 0.85, callCount: 40, avgCostUsd: 0.11 }, { scoreVariance: 0.12 }),
];

describe('what exploration cost and what it found', () => {
  it('is counted against the present choice: attempts, dollars and quality', () => {
    const account = accountOfExploration(route(models, history, { settings: adaptive }));
    expect(account).toMatchObject({ choice: 'good', attempts: 400, others: 100, models: 2 });
    expect(account?.extraUsd).toBeCloseTo(40 * 0.1 - 60 * 0.005, 6);
    // 60 attempts about 50 points below and 40 about 5 below, over 400.
    expect(account?.qualityLost).toBeCloseTo((60 * 0.5 + 40 * 0.05) / 400, 2);
  });

  it('lists who is settled and who may still be better, the most probable first', () => {
    const account = accountOfExploration(route(models, history, { settings: adaptive }));
    expect(account?.settled).toBe(1);
    expect(account?.open.map((each) => each.model).toSorted()).toEqual(['dear', 'unknown']);
    const [first, second] = account?.open ?? [];
    expect(first?.probability).toBeGreaterThanOrEqual(second?.probability ?? 1);
    const words = explorationWords(route(models, history, { settings: adaptive }));
    expect(words).toMatch(/^100 of 400 attempts went to 2 other models: \$3\.70 more and 8 points/);
    expect(words).toMatch(
      /Found: 1 of 3 is not better; open: \w+ \(\d+% that it is better\) and 1 more\.$/,
    );
  });

  it('says nothing before there is a history, and no probability where nothing is sampled', () => {
    expect(accountOfExploration(route(models, [], { settings: adaptive }))).toBeUndefined();
    expect(explorationWords(route(models, []))).toBeUndefined();
    const account = accountOfExploration(route(models, history, { settings: greedy }));
    expect(account).toMatchObject({ settled: 0, open: [] });
  });

  it('leaves out what is not known: a cost, a score', () => {
    const [good] = history;
    if (good === undefined) throw new Error('the history has three cells');
    const unpriced = past('poor', { avgCostUsd: Number.NaN, callCount: 20 });
    const unscored = past('dear', { callCount: 10, avgCostUsd: 0.01 }, { effectiveCalls: 0 });
    const decision = route(models, [good, unpriced, unscored], { settings: adaptive });
    const account = accountOfExploration(decision);
    expect(account).toMatchObject({ attempts: 330, others: 30, extraUsd: 0 });
    expect(Number.isFinite(account?.qualityLost)).toBe(true);
  });

  it('says so where one model did everything', () => {
    const [only] = history;
    const words = explorationWords(
      route([model('good')], only === undefined ? [] : [only], { settings: adaptive }),
    );
    expect(words).toBe('All 300 attempts so far went to good.');
    const once = past('good', { callCount: 1 }, { effectiveCalls: 1 });
    expect(explorationWords(route([model('good')], [once], { settings: adaptive }))).toBe(
      'The only attempt so far went to good.',
    );
  });
});
