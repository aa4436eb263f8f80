import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../source/dashboard/screen-reader/changes.ts';
import type { Insight, Recommendation } from '../../../source/domain/insight.ts';
import { cell, largeInsight, mockInsight } from '../../support/insight.ts';

const withSummary = (changes: Partial<Insight['summary']>): Insight => {
  const insight = mockInsight();
  return { ...insight, summary: { ...insight.summary, ...changes } };
};

const leading = (leaders: [taskType: string, model: string][]): Insight => ({
  ...mockInsight(),
  leaders: Object.fromEntries(
    leaders.map(([taskType, model]) => [
      taskType,
      cell(taskType, model, { quality: 0.93, costUsd: 0.001, calls: 60 }),
    ]),
  ),
});

const advising = (recommendations: Recommendation[]): Insight => ({
  ...mockInsight(),
  recommendations,
});

const needsData = (model: string): Recommendation => ({
  kind: 'needs-data',
  taskType: 'code_review',
  model,
  evidence: { n: 8, moreNeeded: 2 },
  message: `${model} on code_review has 8 calls: 2 more until its history is blended in.`,
});

describe('between two insights', () => {
  it('nothing is said where nothing changed', () => {
    expect(changesBetween(mockInsight(), mockInsight())).toEqual([]);
    expect(changesBetween(largeInsight(), largeInsight())).toEqual([]);
  });

  it('new totals are said with what they are more than before', () => {
    expect(changesBetween(mockInsight(), withSummary({ runs: 49, totalCostUsd: 312.52 }))).toEqual([
      'Now 49 runs, 1 more; $312.52 spent, $0.12 more.',
    ]);
  });

  it('totals are fewer and less when the window leaves a run behind', () => {
    expect(changesBetween(mockInsight(), withSummary({ runs: 46, totalCostUsd: 300.4 }))).toEqual([
      'Now 46 runs, 2 fewer; $300.40 spent, $12.00 less.',
    ]);
  });

  it('a total that stayed is not repeated', () => {
    expect(changesBetween(mockInsight(), withSummary({ runs: 49 }))).toEqual([
      'Now 49 runs, 1 more.',
    ]);
  });

  it('money that moved by less than is shown is not worth a sentence', () => {
    expect(changesBetween(mockInsight(), withSummary({ totalCostUsd: 312.4001 }))).toEqual([]);
  });

  it('a leader is said with the one it took over from', () => {
    const before = leading([
      ['code_review', 'gpt-4o'],
      ['writing', 'claude-sonnet'],
    ]);
    const after = leading([
      ['code_review', 'claude-opus'],
      ['writing', 'claude-sonnet'],
      ['evaluation', 'deepseek-chat'],
    ]);
    expect(changesBetween(before, after)).toEqual([
      'code_review is now led by claude-opus, quality 0.93; it was gpt-4o.',
      'evaluate is now led by deepseek-chat, quality 0.93.',
    ]);
    expect(changesBetween(after, before)).toContain('evaluate has no leader any more.');
  });

  it('a task type of a name that objects have by themselves is one like others', () => {
    expect(changesBetween(leading([]), leading([['constructor', 'gpt-4o']]))).toEqual([
      'constructor is now led by gpt-4o, quality 0.93.',
    ]);
  });

  it('a new recommendation is said in full, one that is gone by its name', () => {
    const [first, second] = mockInsight().recommendations;
    if (first === undefined || second === undefined) throw new Error('The mock has three.');
    expect(changesBetween(advising([second]), advising([first]))).toEqual([
      `New recommendation: ${first.message}`,
      'No longer recommended: care with gemini-flash on summarize, declining.',
    ]);
    expect(changesBetween(advising([first]), advising([]))).toEqual([
      'No longer recommended: deepseek-reasoner instead of claude-opus for reasoning.',
    ]);
  });

  it('the same recommendation with other numbers is no change', () => {
    const [first] = mockInsight().recommendations;
    if (first === undefined) throw new Error('The mock has three.');
    const moved = { ...first, message: 'Other numbers.', monthlySavingsUsd: 50 };
    expect(changesBetween(advising([first]), advising([moved]))).toEqual([]);
  });

  it('that others need data is no news, as long as some do', () => {
    expect(changesBetween(advising([needsData('a')]), advising([needsData('b')]))).toEqual([]);
  });
});
