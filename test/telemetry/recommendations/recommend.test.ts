import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Moments, momentsOf, noScores } from '../../../source/domain/moments.ts';
import { type CellSamples, recommend } from '../../../source/telemetry/recommendations/index.ts';
import { rateMoments } from '../../../source/telemetry/statistics/index.ts';

const window = { days: 30, from: 0, to: 30 * 86_400 };

function cell(fields: Partial<CellSamples> & { model: string }): CellSamples {
  const n = fields.scores?.n ?? 0;
  return {
    taskType: 'complex_reasoning',
    scores: noScores,
    costUsd: 0,
    priorScores: noScores,
    deterministicFailures: 0,
    attempts: n,
    failures: 0,
    validatorFailures: 0,
    ...fields,
  };
}

const opus = cell({ model: 'claude-opus', scores: rateMoments(182, 200), costUsd: 2 });
const reasoner = cell({ model: 'deepseek-reasoner', scores: rateMoments(179, 190), costUsd: 0.19 });
const advise = (...cells: CellSamples[]) => recommend({ window, cells });

describe('switch', () => {
  it('names the cheaper model that is not worse, why, and what it is worth', () => {
    const [advice, ...others] = advise(opus, reasoner);
    expect(others).toEqual([]);
    expect(advice).toMatchObject({
      kind: 'switch',
      taskType: 'complex_reasoning',
      model: 'claude-opus',
      alternative: 'deepseek-reasoner',
      evidence: { n: 200, nAlternative: 190, comparisons: 1, volume: 390 },
    });
    expect(advice?.monthlySavingsUsd).toBeCloseTo((0.01 - 0.001) * 390, 9);
    expect(advice?.evidence.low).toBeGreaterThan(-0.05);
    expect(advice?.message).toMatch(
      /^Route reasoning tasks to deepseek-reasoner instead of claude-opus: quality 0\.94 vs 0\.91 .*saves \$9\.00 per 1,000 tasks → about \$4\/mo$/,
    );
  });

  it('needs ten tasks of both', () => {
    expect(advise(opus, { ...reasoner, scores: rateMoments(9, 9), costUsd: 0.009 })).toEqual([]);
    const few = { ...opus, scores: rateMoments(9, 9), costUsd: 0.09, attempts: 40 };
    expect(advise(few)).toEqual([]);
  });

  it('needs ten judged tasks of the model in use, however many nobody judged', () => {
    const judged = (count: number): CellSamples => ({
      ...opus,
      scores: rateMoments(1, count),
      unscoredTasks: 400,
      costUsd: 4,
      attempts: 400 + count,
    });
    expect(advise(judged(9), reasoner)).toEqual([]);
    expect(advise(judged(10), reasoner)).not.toEqual([]);
  });

  it('needs more tasks to settle something the more is compared on the same screen', () => {
    const hopeful = { ...reasoner, scores: rateMoments(28, 30), costUsd: 0.03 };
    const elsewhere = [opus, { ...hopeful, scores: rateMoments(20, 30) }].map((cell) => ({
      ...cell,
      taskType: 'code_review',
    }));
    const needed = (...cells: CellSamples[]): number =>
      advise(...cells).find(({ kind }) => kind === 'promising')?.evidence.moreNeeded ?? 0;
    expect(needed(opus, hopeful)).toBeGreaterThan(0);
    expect(needed(opus, hopeful, ...elsewhere)).toBeGreaterThan(needed(opus, hopeful));
  });

  it('is silent about a model that is not a tenth cheaper, and about free work', () => {
    expect(advise(opus, { ...reasoner, costUsd: 0.0091 * 190 })).toEqual([]);
    expect(advise({ ...opus, costUsd: 0 }, { ...reasoner, costUsd: 0 })).toEqual([]);
  });

  it('says promising where the data is not enough, and about how much is missing', () => {
    const [advice] = advise(opus, { ...reasoner, scores: rateMoments(28, 30), costUsd: 0.03 });
    expect(advice).toMatchObject({ kind: 'promising', alternative: 'deepseek-reasoner' });
    expect(advice?.evidence.probability).toBeGreaterThan(0.8);
    expect(advice?.evidence.moreNeeded).toBeGreaterThan(0);
    expect(advice?.message).toContain('more tasks would settle it');
  });

  it('never names a model that is clearly worse', () => {
    expect(advise(opus, { ...reasoner, scores: rateMoments(130, 190) })).toEqual([]);
  });

  it('does not send anyone to a model that it calls unreliable', () => {
    const failing = { ...reasoner, attempts: 190, failures: 60 };
    expect(advise(opus, failing).map(({ kind }) => kind)).toEqual(['unreliable']);
  });

  it('takes the cheapest that is good enough, and graded scores by their own spread', () => {
    const graded = (mean: number, n: number) =>
      momentsOf(Array.from({ length: n }, (_, i) => mean + (i % 2 ? 0.05 : -0.05)));
    const list = advise(
      { ...opus, scores: graded(0.9, 60), costUsd: 0.6 },
      { ...reasoner, scores: graded(0.89, 40), costUsd: 0.04 },
      cell({ model: 'cheapest', scores: graded(0.88, 40), costUsd: 0.004 }),
    );
    expect(list).toMatchObject([{ kind: 'switch', alternative: 'cheapest' }]);
  });
});

describe('declining and improving', () => {
  const flash = cell({ model: 'gemini-flash', taskType: 'summarization' });

  it('are told with both numbers', () => {
    const [advice] = advise({
      ...flash,
      scores: rateMoments(110, 200),
      priorScores: rateMoments(160, 200),
    });
    expect(advice).toMatchObject({ kind: 'declining', model: 'gemini-flash' });
    expect(advice?.message).toBe(
      'Consider taking gemini-flash off summarize tasks: its quality is declining, 0.80 → 0.55 (−25 points over 30 days, n 200/200)',
    );
    expect(
      advise({ ...flash, scores: rateMoments(160, 200), priorScores: rateMoments(110, 200) }),
    ).toMatchObject([{ kind: 'improving' }]);
  });

  it('take less certainty to warn of a decline than to praise an improvement', () => {
    // A change that chance alone makes in 2.4% of such pairs: between the two levels.
    const changed = (priorScores: Moments, scores: Moments) =>
      advise(cell({ model: 'm', scores, priorScores, costUsd: 1 })).map(({ kind }) => kind);
    const [high, low] = [rateMoments(82, 100), rateMoments(70, 100)];
    expect(changed(high, low)).toEqual(['declining']);
    expect(changed(low, high)).toEqual([]);
    // One in three hundred, which is enough for both.
    expect(changed(rateMoments(65, 100), high)).toEqual(['improving']);
  });

  it('need thirty on both sides and five points', () => {
    const few = { ...flash, scores: rateMoments(5, 29), priorScores: rateMoments(190, 200) };
    expect(advise({ ...few, attempts: 29 })).toEqual([]);
    const small = {
      scores: rateMoments(94_600, 100_000),
      priorScores: rateMoments(99_000, 100_000),
    };
    expect(advise({ ...flash, ...small, attempts: 100_000 })).toEqual([]);
  });
});

describe('the other kinds', () => {
  it('needs-data names the cell and how many more calls', () => {
    expect(advise(cell({ model: 'kimi-k2.5', attempts: 8 }))).toMatchObject([
      { kind: 'needs-data', model: 'kimi-k2.5', evidence: { n: 8, moreNeeded: 2 } },
    ]);
  });

  it('unreliable tells the fault that stands out more, once', () => {
    const list = advise(
      cell({ model: 'shaky', attempts: 100, failures: 30, validatorFailures: 50 }),
      cell({ model: 'steady', attempts: 300, failures: 3, validatorFailures: 3 }),
    );
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ kind: 'unreliable', model: 'shaky', evidence: { value: 0.5 } });
    expect(list[0]?.message).toContain('50% of its answers fail the checks');
  });

  it('unreliable needs twenty attempts and others to compare with', () => {
    expect(advise(cell({ model: 'alone', attempts: 100, failures: 90 }))).toEqual([]);
    const steady = cell({ model: 'steady', attempts: 300 });
    expect(advise(cell({ model: 'new', attempts: 19, failures: 19 }), steady)).toEqual([]);
  });
});

describe('the list', () => {
  const cells = [
    opus,
    reasoner,
    cell({ model: 'x', taskType: 'a', scores: rateMoments(90, 100), costUsd: 9 }),
    cell({ model: 'y', taskType: 'a', scores: rateMoments(95, 99), costUsd: 1 }),
    cell({ model: 'z', taskType: 'b', attempts: 100, failures: 60 }),
    cell({ model: 'w', taskType: 'b', attempts: 100 }),
    cell({ model: 'v', taskType: 'c', attempts: 3 }),
    cell({ model: 'u', taskType: 'c', attempts: 7 }),
  ];

  it('has most money first, then the worst', () => {
    const list = advise(...cells);
    expect(list.map(({ kind }) => kind)).toEqual([
      'switch',
      'switch',
      'unreliable',
      'needs-data',
      'needs-data',
    ]);
    expect(list[0]?.monthlySavingsUsd).toBeGreaterThan(list[1]?.monthlySavingsUsd ?? 0);
  });

  it('does not depend on the order of the cells', () => {
    const expected = advise(...cells);
    fc.assert(
      fc.property(fc.shuffledSubarray(cells, { minLength: cells.length }), (shuffled) => {
        expect(advise(...shuffled)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('is empty where nothing happened', () => {
    expect(advise()).toEqual([]);
  });
});
