import { describe, expect, it } from 'vitest';
import {
  agreementsOf,
  foundOf,
  type JudgementRow,
} from '../../../source/telemetry/reads/judge-agreement.ts';

const found = (values: readonly number[], sampled: number | null = 0.1) =>
  foundOf(values.map((value, index) => ['p', `t${index}`, 'person', value, sampled]));
const judgement = (task: number, judge: string, score: number, attempt = 1): JudgementRow => [
  'p',
  `t${task}`,
  attempt,
  judge,
  score,
];

describe('how far a judge agrees with what was found', () => {
  it('is its bias and its correlation, over results that were picked', () => {
    const outcomes = [0.2, 0.4, 0.6, 0.8];
    const judgements = outcomes.flatMap((value, task) => [
      judgement(task, 'generous', value + 0.1),
      judgement(task, 'blind', 0.5),
    ]);
    const [blind, generous] = agreementsOf(found(outcomes), judgements);
    expect(generous).toMatchObject({ judge: 'generous', results: 4 });
    expect(generous?.bias).toBeCloseTo(0.1, 10);
    expect(generous?.correlation).toBeCloseTo(1, 10);
    expect(blind).toMatchObject({ judge: 'blind', results: 4, correlation: null });
  });

  it('says nothing of what was volunteered', () => {
    expect(agreementsOf(found([0.5], null), [judgement(0, 'j', 0.5)])).toEqual([]);
  });

  it('is of the attempt that became the result', () => {
    const judgements = [judgement(0, 'j', 0.4), judgement(0, 'j', 0.9, 2)];
    const [agreement] = agreementsOf(found([0.8]), judgements);
    expect(agreement?.bias).toBeCloseTo(0.1, 10);
    expect(agreement?.results).toBe(1);
  });
});
