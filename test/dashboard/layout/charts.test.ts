import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontierOf } from '../../../source/dashboard/layout/frontier.ts';
import { lineChart } from '../../../source/dashboard/layout/line-chart.ts';
import { overviewLayout, type OverviewLayout } from '../../../source/dashboard/layout/screen.ts';
import { logSteps, roundSteps, roundTop } from '../../../source/dashboard/layout/round-numbers.ts';
import { scatter } from '../../../source/dashboard/layout/scatter.ts';
import { renderStyleOf, type Line } from '../../../source/dashboard/theme/index.ts';
import { ranking } from '../../support/insight.ts';

const style = renderStyleOf({ theme: 'dark', depth: 1, ascii: false });
const textOf = (lines: readonly Line[]): string[] =>
  lines.map((line) => line.map(({ text }) => text).join(''));

describe('numbers on an axis', () => {
  it('are 1, 2 or 5 times a power of ten apart, and no more than are wanted', () => {
    expect(roundSteps(0.72, 0.94, 4)).toEqual([0.8, 0.9]);
    expect(roundSteps(0, 16, 4)).toEqual([0, 5, 10, 15]);
    expect(roundSteps(0.871, 0.889, 4)).toEqual([0.875, 0.88, 0.885]);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (low, range) => {
          const steps = roundSteps(low, low + range, 4);
          expect(steps.length).toBeLessThanOrEqual(5);
          expect(new Set(steps).size).toBe(steps.length);
        },
      ),
    );
  });

  it('are powers of ten on a logarithmic scale, with 2 and 5 where those are few', () => {
    expect(logSteps(0.03, 40)).toEqual([0.1, 1, 10]);
    expect(logSteps(0.1, 3)).toEqual([0.1, 0.2, 0.5, 1, 2]);
  });

  it('end above the highest column, and not far above it', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
        expect(roundTop(value)).toBeGreaterThanOrEqual(value * (1 - 1e-6));
        expect(roundTop(value)).toBeLessThan(value * 1.5);
      }),
    );
  });
});

describe('readings over time', () => {
  const chart = (series: (number | null)[], width = 40): string[] =>
    textOf(
      lineChart(series, {
        width,
        height: 8,
        format: (value) => value.toFixed(2),
        ends: ['01-01', '01-09'],
        unit: 'score',
        style,
      }),
    );

  it('are a point each, with nothing where there is none', () => {
    const lines = chart([0.5, null, null, null, 0.9, null, null, null, 0.7]);
    expect(lines.join('').split('●')).toHaveLength(4);
    expect(lines.join('')).not.toContain('·');
  });

  it('have dots between neighbours', () => {
    expect(chart([0.5, 0.7, null, 0.7]).join('')).toMatch(/·/);
  });

  it('stand over the time at which they begin and end, with no label twice', () => {
    const lines = chart([0.811, 0.812, 0.813]);
    expect(lines.at(-1)).toMatch(/01-01 +score +01-09/);
    const labels = lines.flatMap((line) => /^ *([\d.]+) ┤/.exec(line)?.[1] ?? []);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('are nothing without any, or without room', () => {
    expect(chart([null, null])).toEqual([]);
    expect(chart([0.5, 0.6], 8)).toEqual([]);
  });
});

describe('quality by cost', () => {
  it('has on its frontier whom no other beats on both', () => {
    const models = [
      ranking('cheap', { quality: 0.7, costUsd: 0.001, calls: 60 }),
      ranking('worse and no cheaper', { quality: 0.69, costUsd: 0.001, calls: 60 }),
      ranking('good', { quality: 0.9, costUsd: 0.004, calls: 60 }),
      ranking('expensive', { quality: 0.88, costUsd: 0.02, calls: 60 }),
    ];
    expect(frontierOf(models).map(({ model }) => model)).toEqual(['cheap', 'good']);
  });

  it('puts the better ones higher and the more expensive ones to the right, under round dollars', () => {
    const lines = textOf(
      scatter(
        [
          { x: 0.1, y: 0.7, sign: 'a' },
          { x: 1, y: 0.8, sign: 'b' },
          { x: 10, y: 0.9, sign: 'c' },
        ],
        {
          width: 60,
          height: 14,
          formatX: (value) => `$${value}`,
          formatY: (value) => value.toFixed(2),
          style,
        },
      ),
    );
    const place = (sign: string) => {
      const row = lines.findIndex((line) => line.includes(sign));
      return { row, column: lines[row]?.indexOf(sign) ?? -1 };
    };
    const [a, b, c] = ['a', 'b', 'c'].map(place);
    expect([a?.row, b?.row, c?.row]).toEqual(
      [a?.row, b?.row, c?.row].toSorted((x = 0, y = 0) => y - x),
    );
    expect(a?.column).toBeLessThan(b?.column ?? 0);
    expect(b?.column).toBeLessThan(c?.column ?? 0);
    expect(lines.at(-1)?.trim().split(/ +/)).toEqual(['$0.1', '$1', '$10']);
  });
});

describe('a line of zeros', () => {
  it('lies on the floor, and no amount stands above it', () => {
    const drawn = lineChart([0, 0, 0], {
      width: 60,
      height: 12,
      format: (value) => (value === 0 ? '$0.00' : value < 0.01 ? '<$0.01' : `$${value.toFixed(2)}`),
      ends: ['11-01', '11-03'],
      style,
    });
    const text = textOf(drawn);
    expect(text.filter((line) => line.includes('$'))).toEqual([text.at(-2)]);
    expect(text.at(-2)).toContain('$0.00');
  });
});

describe('the overview', () => {
  const panesOf = (layout: OverviewLayout) =>
    layout.flat().flatMap((one) => (Array.isArray(one) ? one.flat() : [one]));

  it('fills every size with panes that overlap nowhere and leave nothing blank', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 240 }),
        fc.integer({ min: 7, max: 80 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (width, height, longest, hasPoints) => {
          const layout = overviewLayout(width, height, 'rankings', longest, hasPoints);
          const cells = panesOf(layout).reduce(
            (sum, { area }) => sum + area.width * area.height,
            0,
          );
          expect(cells).toBe(width * height);
        },
      ),
    );
  });

  it('has bars below the charts of a tall screen, and not twice where the chart has no points', () => {
    const names = (hasPoints: boolean, height: number) =>
      panesOf(overviewLayout(200, height, 'rankings', 9, hasPoints)).map(({ pane }) => pane);
    expect(names(true, 57)).toContain('bars');
    expect(names(true, 30)).not.toContain('bars');
    expect(names(false, 57)).not.toContain('bars');
  });
});
