import { describe, expect, it } from 'vitest';
import { openPolicy } from '../../source/domain/policy.ts';
import { summariseLearning } from '../../source/routing/index.ts';
import { greedy, model, past, taskType } from './support.ts';

const models = [
  model('dear', { defaultCostUsd: 0.02 }),
  model('listed-cheap', { defaultCostUsd: 0.01 }),
];
const ask = (history: Parameters<typeof summariseLearning>[0]['history'], tasks = 3) =>
  summariseLearning({
    models,
    history,
    taskTypes: [...Array.from({ length: tasks }, () => taskType), 'summarization'],
    settings: greedy,
    policy: openPolicy,
  });

describe('what history changed in a run', () => {
  it('is nothing without a history', () => {
    expect(ask([])).toMatchObject({ routes: 4, changed: 0, savedUsd: 0 });
    expect(ask([]).message).toBe('history changed none of 4 routes');
  });

  it('names the saving, priced by the history', () => {
    const summary = ask([
      past('dear', { qualityScore: 0.8, avgCostUsd: 0.1 }),
      past('listed-cheap', { qualityScore: 0.8, avgCostUsd: 0.7 }),
    ]);
    expect(summary.changed).toBe(3);
    expect(summary.savedUsd).toBeCloseTo(3 * 0.6, 9);
    expect(summary.message).toBe(
      'history changed 3 of 4 routes; about $1.80 less than a cold start',
    );
  });

  it('says so when better costs more', () => {
    const { message } = ask([
      past('dear', { qualityScore: 0.95, avgCostUsd: 0.02 }),
      past('listed-cheap', { qualityScore: 0.4, avgCostUsd: 0.01 }),
    ]);
    expect(message).toMatch(
      /^history changed \d of 4 routes; about \$0\.0\d more than a cold start, for better quality$/,
    );
  });
});
