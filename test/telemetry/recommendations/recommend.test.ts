import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Moments, momentsOf } from '../../../source/domain/moments.ts';
import {
  type CellSamples,
  type Judged,
  recommend,
} from '../../../source/telemetry/recommendations/index.ts';
import { rateMoments } from '../../../source/telemetry/statistics/index.ts';
import { samples, someDay } from '../../support/samples.ts';

const day = 86_400;
const window = { days: 30, from: 0, to: 30 * day };
const opus = samples({ model: 'claude-opus', scores: rateMoments(728, 800), ownUsd: 0.01 });
const reasoner = samples({
  model: 'deepseek-reasoner',
  scores: rateMoments(716, 760),
  ownUsd: 0.001,
});
const advise = (...cells: CellSamples[]) => recommend({ window, cells });
const graded = (mean: number, n: number): Moments =>
  momentsOf(Array.from({ length: n }, (_, index) => mean + (index % 2 ? 0.05 : -0.05)));
/** The first kinds that are told. */
const kindsOf = (...cells: CellSamples[]) => advise(...cells).map(({ kind }) => kind);

describe('switch', () => {
  it('names the cheaper model that is not worse, why, and what it is worth', () => {
    const [advice, ...others] = advise(opus, reasoner);
    expect(others).toEqual([]);
    expect(advice).toMatchObject({
      kind: 'switch',
      taskType: 'complex_reasoning',
      model: 'claude-opus',
      alternative: 'deepseek-reasoner',
      evidence: { n: 800, nAlternative: 760, comparisons: 1, volume: 800 },
    });
    expect(advice?.monthlySavingsUsd).toBeCloseTo((0.01 - 0.001) * 800, 9);
    expect(advice?.evidence.low).toBeGreaterThan(-0.05);
    expect(advice?.evidence.savingsLowUsd).toBeLessThan(advice?.monthlySavingsUsd ?? 0);
    expect(advice?.evidence.savingsHighUsd).toBeGreaterThan(advice?.monthlySavingsUsd ?? 0);
    expect(advice?.message).toMatch(
      /^Route reasoning tasks to deepseek-reasoner instead of claude-opus: quality 0\.94 vs 0\.91 .* cost \$1\.00 instead of \$10\.00 per 1,000 tasks: saves about \$7\.20\/mo \(\$7\.00 to \$7\.40\)$/,
    );
  });

  it('counts the tasks that would move, and not those that run elsewhere', () => {
    const moved = { ...opus, tasks: 100 };
    expect(advise(moved, reasoner)[0]?.monthlySavingsUsd).toBeCloseTo(0.9, 9);
  });

  it('needs twenty tasks of both', () => {
    const few = samples({ model: 'deepseek-reasoner', scores: rateMoments(19, 19) });
    expect(advise(opus, few)).toEqual([]);
    expect(
      advise(samples({ model: 'claude-opus', scores: rateMoments(19, 19), ownUsd: 1 }), reasoner),
    ).toEqual([]);
  });

  it('finds the model that takes the money, however few tasks it does', () => {
    const favourite = samples({ model: 'cheap', scores: graded(0.9, 2000), ownUsd: 0.0001 });
    const costly = samples({ model: 'costly', scores: graded(0.8, 100), ownUsd: 0.2 });
    const [advice] = advise(favourite, costly);
    expect(advice).toMatchObject({ kind: 'switch', model: 'costly', alternative: 'cheap' });
    expect(advice?.message).toContain('costly is both worse and more expensive');
  });

  it('passes over a model that takes next to none of the money', () => {
    const small = samples({ model: 'small', scores: graded(0.9, 30), ownUsd: 0.002 });
    const large = samples({ model: 'large', scores: graded(0.9, 5000), ownUsd: 0.001 });
    expect(advise(small, large)).toEqual([]);
  });

  it('is silent about a model whose own attempts are not a tenth cheaper, and about free work', () => {
    const nearly = { ...reasoner, own: { tasks: 760, meanUsd: 0.0091, relativeVariance: 1e-6 } };
    expect(advise(opus, nearly)).toEqual([]);
    const free = { tasks: 800, meanUsd: 0, relativeVariance: 0 };
    expect(advise({ ...opus, own: free }, { ...reasoner, own: free })).toEqual([]);
  });

  it('needs to be sure that it is cheaper', () => {
    const unsure = { ...reasoner, own: { tasks: 20, meanUsd: 0.006, relativeVariance: 0.1 } };
    expect(advise(opus, unsure)).toEqual([]);
  });

  it('tells who is paid for reviews where another is cheaper through them alone', () => {
    const list = advise(
      { ...opus, own: { ...opus.own!, meanUsd: 0.001 }, answersUsd: 0.8, tasksCostUsd: 8 },
      { ...reasoner, own: { ...reasoner.own!, meanUsd: 0.0011 }, answersUsd: 0.8, tasksCostUsd: 1 },
      samples({ model: 'judge', reviewsUsd: 7.4, attempts: 0 }),
    );
    expect(list).toMatchObject([{ kind: 'promising', model: 'judge' }]);
    expect(list[0]).not.toHaveProperty('alternative');
    expect(list[0]?.message).toContain('Reviews are what costs on reasoning tasks');
  });

  it('says promising where the data is not enough, what is missing, and how to settle it', () => {
    const [advice] = advise(opus, {
      ...samples({ model: 'deepseek-reasoner', scores: rateMoments(47, 50) }),
    });
    expect(advice).toMatchObject({ kind: 'promising', alternative: 'deepseek-reasoner' });
    expect(advice?.evidence.probability).toBeGreaterThan(0.8);
    expect(advice?.evidence.moreNeeded).toBeGreaterThan(0);
    expect(advice?.evidence.moreCostUsd).toBeGreaterThan(0);
    expect(advice?.message).toContain(
      'would settle it: orchestrator compare claude-opus deepseek-reasoner --type complex_reasoning',
    );
  });

  it('never names a model that is clearly worse', () => {
    expect(advise(opus, samples({ model: 'worse', scores: rateMoments(130, 190) }))).toEqual([]);
  });

  it('is not fooled by a few scores that were all alike', () => {
    expect(
      kindsOf(
        samples({ model: 'a', scores: { n: 30, sum: 27, sumOfSquares: 24.3 }, ownUsd: 0.01 }),
        samples({ model: 'b', scores: { n: 20, sum: 18, sumOfSquares: 16.2 } }),
      ),
    ).not.toContain('switch');
  });

  it('does not send anyone to a model that it calls unreliable, or that only fails', () => {
    expect(kindsOf(opus, { ...reasoner, failures: 300 })).toEqual(['unreliable']);
    const failing = { ...reasoner, failures: reasoner.attempts };
    expect(kindsOf(opus, failing)).toEqual(['unreliable']);
  });

  it('takes the cheapest that is good enough, and graded scores by their own spread', () => {
    const list = advise(
      samples({ model: 'a', scores: graded(0.9, 400), ownUsd: 0.01 }),
      samples({ model: 'b', scores: graded(0.89, 300), ownUsd: 0.001 }),
      samples({ model: 'cheapest', scores: graded(0.885, 300), ownUsd: 0.0001 }),
    );
    expect(list[0]).toMatchObject({ kind: 'switch', model: 'a', alternative: 'cheapest' });
  });

  it('says promising beside a firm switch only of what would be cheaper still', () => {
    const costly = samples({ model: 'costly', scores: graded(0.9, 400), ownUsd: 0.01 });
    const firm = samples({ model: 'firm', scores: graded(0.895, 400), ownUsd: 0.001 });
    const few = (ownUsd: number) =>
      samples({ model: 'hopeful', scores: graded(0.9, 20), ownUsd, tasks: 0 });
    const of = (...cells: CellSamples[]) =>
      advise(...cells)
        .filter(({ model }) => model === 'costly')
        .map(({ kind, alternative }) => `${kind} ${alternative}`);
    expect(of(costly, firm)).toEqual(['switch firm']);
    expect(of(costly, firm, few(0.0001)).toSorted()).toEqual(['promising hopeful', 'switch firm']);
    expect(of(costly, firm, few(0.005))).toEqual(['switch firm']);
  });

  it('does not name savings below a cent', () => {
    const [advice] = advise({ ...opus, tasks: 1 }, reasoner);
    expect(advice).toMatchObject({ kind: 'switch' });
    expect(advice).not.toHaveProperty('monthlySavingsUsd');
    expect(advice?.message).not.toContain('saves');
  });

  it('does not creep: what would be advised away from sets the margin as well', () => {
    const first = samples({ model: 'first', scores: graded(0.9, 2000), ownUsd: 0.1, tasks: 0 });
    const second = samples({ model: 'second', scores: graded(0.87, 2000), ownUsd: 0.01 });
    const third = samples({ model: 'third', scores: graded(0.84, 2000), ownUsd: 0.001 });
    expect(kindsOf(second, third)).toContain('switch');
    expect(kindsOf(first, second, third)).not.toContain('switch');
  });

  it('does not decide between models that were never judged by the same', () => {
    const judged: Judged = {
      varianceBetween: () => 0.02,
      comparable: () => false,
      mixOf: () => ({ judges: new Map(), served: new Map() }),
    };
    const list = recommend({ window, cells: [opus, reasoner], judged });
    expect(list.map(({ kind }) => kind)).not.toContain('switch');
  });

  it('needs more where judges make a difference unsure', () => {
    const judged: Judged = {
      varianceBetween: () => 0.002,
      comparable: () => true,
      mixOf: () => ({ judges: new Map(), served: new Map() }),
    };
    expect(recommend({ window, cells: [opus, reasoner], judged })[0]?.kind).not.toBe('switch');
  });
});

/** Scores of so many days before the window, and of the days in it, `perDay` each. */
function history(before: number, rates: readonly number[], perDay = 20) {
  const of = (n: number, rate: number) => rateMoments(Math.round(n * rate), n);
  return [
    { day: -60 * day, scores: of(600, before) },
    ...rates.map((rate, index) => ({ day: index * day, scores: of(perDay, rate) })),
  ];
}

describe('declining and improving', () => {
  const fallen = history(0.8, [...Array<number>(18).fill(0.8), ...Array<number>(12).fill(0.55)]);

  it('are told with both numbers, and with the day on which it began', () => {
    const flash = samples({ model: 'gemini-flash', taskType: 'summarization', days: fallen });
    const [advice] = advise(flash);
    expect(advice).toMatchObject({
      kind: 'declining',
      model: 'gemini-flash',
      evidence: { since: 18 * day, n: 240, nAlternative: 960 },
    });
    expect(advice?.message).toBe(
      'Consider taking gemini-flash off summarize tasks: its quality is declining, 0.80 → 0.55 since 1970-01-19 (−25 points, over 960 and 240 tasks)',
    );
    const risen = history(0.55, [...Array<number>(18).fill(0.55), ...Array<number>(12).fill(0.8)]);
    expect(kindsOf(samples({ model: 'm', days: risen }))).toEqual(['improving']);
  });

  it('name a change of the judge, or of what is served, in place of a decline', () => {
    const told = (mix: (isAfter: boolean) => { judges?: string; served?: string }) =>
      recommend({
        window,
        cells: [samples({ model: 'm', days: fallen })],
        judged: {
          varianceBetween: () => 0,
          comparable: () => true,
          mixOf(_, from) {
            const { judges, served } = mix(from === 18 * day);
            const one = (name?: string) => new Map(name === undefined ? [] : [[name, 100]]);
            return { judges: one(judges), served: one(served) };
          },
        },
      });
    expect(told((isAfter) => ({ judges: isAfter ? 'new' : 'old' }))).toMatchObject([
      { kind: 'changed', message: expect.stringContaining('with the judge (old, then new)') },
    ]);
    expect(told((isAfter) => ({ served: isAfter ? 'm-2' : 'm-1' }))).toMatchObject([
      { kind: 'changed', message: expect.stringContaining('serves (m-1, then m-2)') },
    ]);
    expect(told(() => ({ judges: 'same', served: 'same' }))).toMatchObject([{ kind: 'declining' }]);
  });

  it('need a change that began in the window, twenty scores on both sides, and five points', () => {
    const before = [
      { day: -60 * day, scores: rateMoments(480, 600) },
      { day: -30 * day, scores: rateMoments(110, 200) },
    ];
    expect(advise(samples({ model: 'm', days: before }))).toEqual([]);
    expect(advise(samples({ model: 'm', days: history(0.95, [0], 19) }))).toEqual([]);
    const small = history(0.99, [0.96, 0.96], 100_000);
    expect(advise(samples({ model: 'm', days: small }))).toEqual([]);
  });

  it('need five points, however sure a smaller change is', () => {
    const told = (after: number) => {
      const thousands = (on: number, rate: number) => ({
        day: on,
        scores: rateMoments(rate * 100_000, 100_000),
      });
      const days = [thousands(-60 * day, 0.9), thousands(10 * day, after)];
      return kindsOf(samples({ model: 'm', days }));
    };
    expect(told(0.86)).toEqual([]);
    expect(told(0.84)).toEqual(['declining']);
    expect(told(0.96)).toEqual(['improving']);
  });

  it('may begin with the day on which the window begins', () => {
    const days = history(0.8, Array<number>(30).fill(0.55));
    const [advice] = advise(samples({ model: 'm', days }));
    expect(advice).toMatchObject({ kind: 'declining', evidence: { since: 0, n: 600 } });
  });

  it('need more evidence among many that are looked at than of one alone', () => {
    const days = [
      { day: -60 * day, scores: rateMoments(480, 600) },
      { day: 10 * day, scores: rateMoments(153, 240) },
    ];
    const steady = Array.from({ length: 100 }, (_, index) =>
      samples({ model: `steady-${index}`, scores: rateMoments(320, 400) }),
    );
    expect(kindsOf(samples({ model: 'm', days }))).toEqual(['declining']);
    expect(kindsOf(samples({ model: 'm', days }), ...steady)).not.toContain('declining');
  });

  it.each([
    [60, 'declining'],
    [40, 'changed'],
  ])('are of the model where judges have %i%% in common: %s', (common, kind) => {
    const [advice] = recommend({
      window,
      cells: [samples({ model: 'm', days: fallen })],
      judged: {
        varianceBetween: () => 0,
        comparable: () => true,
        mixOf: (_, from) => ({
          judges: new Map([
            ['both', common],
            [from === 18 * day ? 'new' : 'old', 100 - common],
          ]),
          served: new Map(),
        }),
      },
    });
    expect(advice).toMatchObject({ kind });
  });

  it('are not seen in what only wavers', () => {
    const wavering = history(
      0.8,
      Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 0.65 : 0.85)),
    );
    expect(advise(samples({ model: 'm', days: wavering }))).toEqual([]);
  });
});

describe('the other kinds', () => {
  const cold = (model: string, attempts: number, failures = 0) =>
    samples({ model, attempts, failures, answersUsd: attempts * 0.01 });

  it('needs-data is one entry, with how many, which matter most, and what they cost', () => {
    const list = advise(cold('kimi-k2.5', 8), cold('llama3.2', 3));
    expect(list).toMatchObject([
      { kind: 'needs-data', model: 'kimi-k2.5', evidence: { n: 2, moreNeeded: 9 } },
    ]);
    expect(list[0]?.message).toContain('2 pairs of model and task type');
    expect(list[0]?.evidence.moreCostUsd).toBeCloseTo(0.09, 9);
  });

  it('needs-data asks for no more calls to a model that only fails', () => {
    expect(advise(cold('broken', 6, 6))).toEqual([]);
  });

  it('needs-data goes by the history that routing counts, whatever the window is', () => {
    expect(advise({ ...cold('known', 3), recentAttempts: 40 })).toEqual([]);
  });

  it('unreliable tells the fault that stands out more, once', () => {
    const list = advise(
      samples({ model: 'shaky', attempts: 200, failures: 60, validatorFailures: 100 }),
      samples({ model: 'steady', attempts: 600, failures: 6, validatorFailures: 6 }),
    );
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ kind: 'unreliable', model: 'shaky', evidence: { value: 0.5 } });
    expect(list[0]?.message).toContain('50% of its answers fail the checks');
  });

  it('unreliable needs twenty attempts, ten points, and others to compare with', () => {
    expect(advise(samples({ model: 'alone', attempts: 100, failures: 90 }))).toEqual([]);
    const steady = samples({ model: 'steady', attempts: 300 });
    expect(kindsOf(samples({ model: 'new', attempts: 19, failures: 18 }), steady)).toEqual([]);
    const little = samples({ model: 'little', attempts: 10_000, failures: 900 });
    expect(advise(little, { ...steady, attempts: 10_000 })).toEqual([]);
  });
});

describe('the list', () => {
  const cells = [
    opus,
    reasoner,
    samples({ model: 'x', taskType: 'a', scores: graded(0.9, 400), ownUsd: 0.09 }),
    samples({ model: 'y', taskType: 'a', scores: graded(0.91, 400), ownUsd: 0.01 }),
    samples({ model: 'z', taskType: 'b', attempts: 100, failures: 60 }),
    samples({ model: 'w', taskType: 'b', attempts: 100 }),
    samples({ model: 'v', taskType: 'c', attempts: 3 }),
    samples({ model: 'u', taskType: 'c', attempts: 7 }),
  ];

  it('has most money first, then the worst', () => {
    const list = advise(...cells);
    expect(list.map(({ kind }) => kind)).toEqual(['switch', 'switch', 'unreliable', 'needs-data']);
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
    expect(
      advise(samples({ model: 'm', days: [{ day: someDay, scores: rateMoments(0, 0) }] })),
    ).toEqual([]);
  });
});
