import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateJudges, type JudgementSums } from '../../../source/routing/index.ts';

/** Judgements that all have the same score. */
const given = (judge: string, subject: string, score: number, n = 10, taskType = 't') => ({
  judge,
  subject,
  taskType,
  n,
  sum: n * score,
  sumOfSquares: n * score ** 2,
});

const shiftedMean = (
  effects: ReturnType<typeof estimateJudges>,
  sums: readonly JudgementSums[],
  model: string,
  taskType = 't',
): number => {
  const own = sums.filter((one) => one.subject === model && one.taskType === taskType);
  const total = (of: (one: JudgementSums) => number) => own.reduce((sum, one) => sum + of(one), 0);
  return total(({ sum }) => sum) / total(({ n }) => n) + effects.shift({ model, taskType });
};

const quality: Record<string, number> = { a: 0.6, b: 0.7, c: 0.8, d: 0.75 };
const severity: Record<string, number> = { severe: -0.08, generous: 0.08, fair: 0 };
const additive = (judge: string, subject: string, n = 20) =>
  given(judge, subject, (quality[subject] ?? 0) + (severity[judge] ?? 0), n);

describe('what judges add to scores', () => {
  it('is found where they judged the same, and taken out', () => {
    const sums = [
      additive('severe', 'a', 40),
      additive('generous', 'a', 5),
      additive('severe', 'b', 5),
      additive('generous', 'b', 40),
      additive('generous', 'c', 10),
      additive('fair', 'c', 10),
    ];
    const effects = estimateJudges(sums);
    const of = (model: string) => shiftedMean(effects, sums, model);
    expect(effects.identified).toBe(true);
    expect(of('b') - of('a')).toBeCloseTo(0.1, 2);
    expect(of('c') - of('b')).toBeCloseTo(0.1, 2);
    const known = new Map(effects.judges.map((one) => [one.judge, one.severity]));
    expect((known.get('generous') ?? 0) - (known.get('severe') ?? 0)).toBeCloseTo(0.16, 2);
  });

  it('is exactly nothing where no two judges judged the same, however many there are', () => {
    const sums = [additive('severe', 'a'), additive('severe', 'b'), additive('generous', 'c')];
    const effects = estimateJudges(sums, () => 'one provider for all');
    expect(effects.identified).toBe(false);
    expect(['a', 'b', 'c'].map((model) => effects.shift({ model, taskType: 't' }))).toStrictEqual([
      -0, -0, -0,
    ]);
  });

  it('sums to 0 over all judgements', () => {
    const anyone = fc.record({
      judge: fc.constantFrom('j', 'k', 'l', 'm'),
      subject: fc.constantFrom('a', 'b', 'c', 'd', 'j'),
      taskType: fc.constantFrom('t', 'u'),
      scores: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyone, {
          selector: ({ judge, subject, taskType }) => [judge, subject, taskType].join(' '),
          maxLength: 30,
        }),
        (rows) => {
          const sums = rows.map(({ scores, ...names }) => ({
            ...names,
            n: scores.length,
            sum: scores.reduce((sum, score) => sum + score / 100, 0),
            sumOfSquares: scores.reduce((sum, score) => sum + (score / 100) ** 2, 0),
          }));
          const effects = estimateJudges(sums, (model) => (model < 'd' ? 'p' : 'q'));
          fc.pre(
            effects.judges.every(({ tellsNothing, discrimination }) => {
              const slope = discrimination?.slope ?? 1;
              return (
                !tellsNothing && Math.abs(slope - 1) < 2.5 * (discrimination?.standardError ?? 1)
              );
            }),
          );
          const moved = sums.map((one) => one.n * effects.shiftOf([one]));
          expect(moved.reduce((sum, by) => sum + by, 0)).toBeCloseTo(0, 9);
        },
      ),
    );
  });

  it('is not much after one judgement, whatever it was', () => {
    const spread = (judge: string, subject: string, score: number, n: number) => {
      const sums = given(judge, subject, score, n);
      return { ...sums, sumOfSquares: sums.sumOfSquares + n * 0.15 ** 2 };
    };
    const fair = [spread('fair', 'a', 0.8, 30), spread('fair', 'b', 0.7, 30)];
    const severityAfter = (n: number) => {
      const { judges } = estimateJudges([...fair, spread('new', 'a', 0.5, n)]);
      return judges.find(({ judge }) => judge === 'new')?.severity ?? 0;
    };
    expect(Math.abs(severityAfter(1))).toBeLessThan(0.1);
    expect(severityAfter(60)).toBeLessThan(-0.1);
  });

  it('leaves the difference of two models open that were never judged by the same', () => {
    const sums = [
      additive('severe', 'a'),
      additive('severe', 'b'),
      additive('generous', 'c'),
      additive('generous', 'd'),
    ];
    const effects = estimateJudges(sums);
    const [a, b, c] = ['a', 'b', 'c'].map((model) => ({ model, taskType: 't' }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable');
    expect(effects.comparable(a, b)).toBe(true);
    expect(effects.varianceBetween(a, b)).toBe(0);
    expect(effects.comparable(a, c)).toBe(false);
    expect(Math.sqrt(effects.varianceBetween(a, c))).toBeGreaterThan(0.1);
  });

  it('is separated from a preference for models of the own provider', () => {
    const names = ['a', 'b', 'c', 'd'];
    const provider = (model: string) =>
      model === 'fair' ? 'third' : model < 'c' || model === 'partial' ? 'own' : 'other';
    const sums = names.flatMap((subject) => [
      given('partial', subject, (quality[subject] ?? 0) + (subject < 'c' ? 0.06 : 0), 60),
      given('fair', subject, quality[subject] ?? 0, 60),
    ]);
    const effects = estimateJudges(sums, provider);
    const partial = effects.judges.find(({ judge }) => judge === 'partial');
    expect(partial?.selfPreference).toBeGreaterThan(0.04);
    const of = (model: string) => shiftedMean(effects, sums, model);
    expect(of('c') - of('a')).toBeCloseTo(0.2, 1);
  });
});

describe('an uninformative judge', () => {
  const types = ['t', 'u', 'v'];
  const sums = Object.entries(quality).flatMap(([subject, score]) =>
    types.flatMap((taskType, index) => [
      given('fair', subject, score + index / 20, 6, taskType),
      given('severe', subject, score + index / 20 - 0.08, 6, taskType),
      given('useless', subject, 0.9, 12, taskType),
    ]),
  );
  const effects = estimateJudges(sums);

  it('is named', () => {
    expect(
      effects.judges.filter(({ tellsNothing }) => tellsNothing).map(({ judge }) => judge),
    ).toStrictEqual(['useless']);
  });

  it('does not blur the differences that the others see', () => {
    const of = (model: string) => shiftedMean(effects, sums, model, 'u');
    expect(of('c') - of('a')).toBeCloseTo(0.2, 6);
  });

  it('is nobody who was compared on fewer than five kinds of work', () => {
    const few = Object.entries(quality).flatMap(([subject, score]) => [
      given('fair', subject, score, 60),
      given('severe', subject, score - 0.08, 60),
      given('useless', subject, 0.9, 60),
    ]);
    for (const { tellsNothing, discrimination } of estimateJudges(few).judges) {
      expect([tellsNothing, discrimination]).toEqual([false, undefined]);
    }
  });

  it('is not one that sees smaller differences, but them', () => {
    const flat = Object.entries(quality).flatMap(([subject, score]) =>
      types.flatMap((taskType, index) => [
        given('fair', subject, score + index / 20, 8, taskType),
        given('flat', subject, 0.4 + (score + index / 20) / 2, 8, taskType),
        given('severe', subject, score + index / 20 - 0.08, 8, taskType),
      ]),
    );
    const found = estimateJudges(flat).judges.find(({ judge }) => judge === 'flat');
    expect(found?.tellsNothing).toBe(false);
    expect(found?.discrimination?.slope).toBeCloseTo(0.5, 1);
  });
});
