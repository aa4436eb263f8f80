import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreAndMark } from '../../../source/domain/task-standard.ts';
import {
  formatAge,
  formatCost,
  formatCount,
  formatDay,
  formatDifference,
  formatElapsed,
  formatFineMoney,
  formatInterval,
  formatLatency,
  formatMoment,
  formatMoney,
  formatMoneyIn,
  formatPerThousand,
  formatPlural,
  formatQuality,
  formatSaving,
  formatScore,
  formatAmountIn,
  monthText,
  formatScoreToMark,
  formatShare,
  formatTrendPercent,
  formatValue,
  moneyDecimals,
  supervisionSentences,
  trendDirection,
} from '../../../source/dashboard/format/index.ts';

describe('numbers on screens', () => {
  it('shows a quality with three decimals and a score with two', () => {
    expect(formatQuality(0.887)).toBe('0.887');
    expect(formatQuality(null)).toBe('—');
    expect(formatScore(0.9)).toBe('0.90');
    expect(formatScore(undefined)).toBe('—');
    expect(formatInterval({ low: 0.8712, high: 0.9 })).toBe('0.871–0.900');
    expect(formatInterval(undefined)).toBe('');
  });

  it('shows a score beside its mark with as many digits as tell them apart', () => {
    expect(scoreAndMark(0.8962, 0.9)).toEqual({ score: '0.896', mark: '0.900' });
    expect(scoreAndMark(0.904, 0.9)).toEqual({ score: '0.904', mark: '0.900' });
    expect(scoreAndMark(0.9, 0.9)).toEqual({ score: '0.90', mark: '0.90' });
    expect(scoreAndMark(0.72, 0.9)).toEqual({ score: '0.72', mark: '0.90' });
    expect(formatScoreToMark(0.8962, 0.9)).toBe('0.896, below the 0.900 it needs');
    expect(formatScoreToMark(0.93, 0.9)).toBe('0.93, of the 0.90 it needs');
    expect(formatScoreToMark(0.9, 0.9)).toBe('0.90, of the 0.90 it needs');
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(score, score, (one, mark) => {
        const shown = scoreAndMark(one, mark);
        fc.pre(Math.abs(one - mark) > 1e-6);
        expect(Number(shown.score) < Number(shown.mark)).toBe(one < mark);
      }),
    );
  });

  it('shows value per thousand calls: the mock at its stated price', () => {
    expect(formatValue(0.887 / (0.000_41 + 0.0001))).toBe('1.74');
    expect(formatValue(null)).toBe('—');
  });

  it.each([
    [312.4, '$312.40'],
    [0, '$0.00'],
    [0.0041, '$0.0041'],
    [0.000_41, '$0.00041'],
    [12_400.4, '$12,400'],
    [1234.5, '$1,234.50'],
    [-1.97, '−$1.97'],
    [1e-9, '<$0.000001'],
  ])('shows %d dollars as %s', (dollars, expected) => {
    expect(formatMoney(dollars)).toBe(expected);
  });

  it('shows amounts of a column at their edges', () => {
    expect(moneyDecimals([10_000, 25_000])).toBe(0);
    expect(moneyDecimals([9_999.99, 25_000])).toBe(2);
    expect(moneyDecimals([1e-9])).toBe(7);
    expect(formatAmountIn(0.005, 2)).toBe('0.01');
    expect(formatAmountIn(0.0049, 2)).toBe('<0.01');
    expect(formatAmountIn(0, 2)).toBe('0.00');
    expect(monthText(50, 50)).toBe('This month: $50.00 of $50.00.');
    expect(monthText(50.01, 50)).toBe('This month: $50.01 of $50.00, more than was planned.');
  });

  it('says which runs keep to the ceiling of critiques and judgements', () => {
    const spend = { totalUsd: 2, byRole: { judge: 1 }, byModel: [], approximate: false };
    expect(supervisionSentences(spend, {})).toEqual(['Critiques and judgements: 50% of it.']);
    expect(supervisionSentences(spend, { supervisionShare: 0.3 })).toEqual([
      'Critiques and judgements: 50% of it; runs of more than 6 tasks that start now are to keep to 30%.',
    ]);
    expect(supervisionSentences({ ...spend, byRole: { generator: 2 } }, {})).toEqual([]);
  });

  it('shows a cost per call as dollars per thousand', () => {
    expect(formatCost(0.000_41)).toBe('$0.41/k');
    expect(formatPerThousand(0.0034)).toBe('3.40');
    expect(formatCost(0)).toBe('$0.00/k');
  });

  it('shows savings as the estimates they are', () => {
    expect(formatSaving(47.3)).toBe('$47/mo');
    expect(formatSaving(1.234)).toBe('$1.23/mo');
    expect(formatSaving(-20)).toBe('−$20/mo');
  });

  it('shows counts, shares and differences', () => {
    expect(formatCount(312)).toBe('312');
    expect(formatCount(41_230)).toBe('41,230');
    expect(formatCount(1_234_567)).toBe('1.23M');
    expect(formatShare(0.994)).toBe('99.4%');
    expect(formatShare(1)).toBe('100%');
    expect(formatShare(undefined)).toBe('—');
    expect(formatDifference(-0.0321)).toBe('−0.03');
    expect(formatDifference(0.05)).toBe('+0.05');
    expect(formatDifference(-0.001)).toBe('±0.00');
    expect(formatPlural(1, 'run')).toBe('1 run');
    expect(formatPlural(48, 'run')).toBe('48 runs');
  });

  it('shows trends with a direction and a number, and nothing without one', () => {
    expect([8.2, -11, 0.4, null].map((percent) => trendDirection(percent))).toEqual([
      'up',
      'down',
      'flat',
      'none',
    ]);
    expect(trendDirection(30, true)).toBe('none');
    expect([8.2, -11, 0.4, null, 5000].map(formatTrendPercent)).toEqual([
      '+8%',
      '-11%',
      '0%',
      '',
      '>999%',
    ]);
  });

  it('shows times as people say them', () => {
    expect([850, 1900, 125_000].map(formatLatency)).toEqual(['850 ms', '1.9 s', '2m 05s']);
    expect([42, 190, 7500, 273_600].map(formatElapsed)).toEqual([
      '42s',
      '3m 10s',
      '2h 05m',
      '3d 04h',
    ]);
    expect([5, 70, 600, 8000, 400_000].map(formatAge)).toEqual([
      'less than a minute',
      'a minute',
      '10 minutes',
      '2 hours',
      '4 days',
    ]);
    expect(formatMoment(1_700_000_000)).toMatch(/^2023-11-1[45] \d\d:\d\d$/);
    expect(formatDay(1_700_000_000)).toBe('11-14');
  });

  it('never says NaN or Infinity of a finite number', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    const all = [
      formatQuality,
      formatScore,
      formatMoney,
      formatCost,
      formatValue,
      formatSaving,
      formatLatency,
      formatTrendPercent,
      formatShare,
      formatElapsed,
    ];
    fc.assert(
      fc.property(finite, (value) => {
        for (const format of all) expect(format(value)).not.toMatch(/NaN|Infinity|e[+-]?\d/);
      }),
    );
  });
});

describe('money on a fine scale', () => {
  it.each([
    [0, '$0.00'],
    [0.0134, '$0.0134'],
    [0.0097, '$0.00970'],
    [0.5, '$0.500'],
    [12.5, '$12.50'],
    [0.000_000_1, '<$0.000001'],
  ])('%f is %s', (dollars, text) => {
    expect(formatFineMoney(dollars)).toBe(text);
  });
});

describe('the amounts of a column', () => {
  const shown = (amounts: readonly number[], fine = false): string[] => {
    const decimals = moneyDecimals(amounts, { fine });
    return amounts.map((amount) => formatMoneyIn(amount, decimals));
  };

  it('have as many decimals as the smallest needs', () => {
    expect(shown([9.17, 2.96, 0.03])).toEqual(['$9.17', '$2.96', '$0.03']);
    expect(shown([0.02, 0.004])).toEqual(['$0.0200', '$0.0040']);
    expect(shown([9.17, 0.0059, 0.000_41])).toEqual(['$9.1700', '$0.0059', '$0.0004']);
    expect(shown([1234.5, 0.0004])).toEqual(['$1,234.50', '<$0.01']);
    expect(shown([20_000, 12_400.4])).toEqual(['$20,000', '$12,400']);
    expect(shown([0, -0.5])).toEqual(['$0.00', '−$0.50']);
  });

  it('show small differences where those matter', () => {
    expect(shown([0.0231, 0.0186], true)).toEqual(['$0.0231', '$0.0186']);
    expect(shown([0.0096, 0.001_17, 0.000_54], true)).toEqual(['$0.00960', '$0.00117', '$0.00054']);
  });

  it('never call nothing what is something, and never differ in decimals', () => {
    const amounts = fc.array(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(amounts, fc.boolean(), (given, fine) => {
        const texts = shown(given, fine);
        expect(new Set(texts.map((text) => text.split('.')[1]?.length ?? 0)).size).toBe(1);
        for (const [index, text] of texts.entries()) {
          const amount = given[index] ?? 0;
          const value = Number(text.replaceAll(/[<$,]/g, ''));
          expect(text.startsWith('<') ? amount < value : value > 0).toBe(true);
        }
      }),
    );
  });
});
