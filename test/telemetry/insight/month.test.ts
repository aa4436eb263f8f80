import process from 'node:process';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpendSlice } from '../../../source/domain/insight.ts';
import { nextLocalDay, startOfLocalDay } from '../../../source/domain/local-day.ts';
import { monthOf } from '../../../source/telemetry/insight/month.ts';

const home = process.env['TZ'];
beforeEach(() => {
  process.env['TZ'] = 'UTC';
});
afterEach(() => {
  process.env['TZ'] = home;
});

const at = (text: string): number => Date.parse(text) / 1000;

/** Local days from the one of `from` up to and with the one of `to`, by what each costs. */
function days(from: number, to: number, costOf: (day: number) => number): SpendSlice[] {
  const slices: SpendSlice[] = [];
  let index = 0;
  for (let day = startOfLocalDay(from); day <= to; day = nextLocalDay(day)) {
    const costUsd = costOf(index);
    if (costUsd > 0) slices.push({ day, costUsd, tasks: 1 });
    index += 1;
  }
  return slices;
}

describe('what a month costs', () => {
  it('is what its local days cost so far, and the mean of a day for each that is left', () => {
    const now = at('2026-03-21T00:00:00Z');
    const month = monthOf(
      days(at('2026-01-01T00:00:00Z'), now - 1, () => 2),
      now,
    );
    expect(month).toMatchObject({
      from: at('2026-03-01T00:00:00Z'),
      to: at('2026-04-01T00:00:00Z'),
      spentUsd: 40,
    });
    // Eleven days are left; days that are all alike leave nothing open.
    expect(month.forecast).toEqual({ usd: 62, lowUsd: 62, highUsd: 62, days: 28, dayUsd: 2 });
  });

  it('counts days without spend since the first of the history, and today for what is left of it', () => {
    const now = at('2026-03-11T12:00:00Z');
    const everyOther = days(at('2026-03-01T00:00:00Z'), now, (index) => (index % 2 === 0 ? 4 : 0));
    const { spentUsd, forecast } = monthOf(everyOther, now);
    expect(spentUsd).toBe(24);
    // Ten whole days cost 20 in all; today is not over.
    expect(forecast).toMatchObject({ days: 10, dayUsd: 2, usd: 24 + 2 * 20.5 });
  });

  it('is no surer than of days that know nothing of one another, where each makes up for the last', () => {
    const now = at('2026-03-29T00:00:00Z');
    const inTurn = days(at('2026-02-01T00:00:00Z'), now - 1, (index) => (index % 2 === 0 ? 1 : 3));
    const { forecast } = monthOf(inTurn, now);
    // Three days at 2 on average: twice the variance of one, of each of them and of their mean.
    const variance = 2 * (28 / 27) * (3 + 9 / 28);
    const spread = ((forecast?.usd ?? 0) - (forecast?.lowUsd ?? 0)) / Math.sqrt(variance);
    expect(spread).toBeGreaterThan(1.96);
    expect(spread).toBeLessThan(2.2);
  });

  it('is not forecast from less than a week', () => {
    const now = at('2026-03-07T12:00:00Z');
    const sixDays = days(at('2026-03-01T00:00:00Z'), now, () => 1);
    expect(monthOf(sixDays, now).forecast).toBeNull();
    const sevenDays = days(at('2026-02-28T00:00:00Z'), now, () => 1);
    expect(monthOf(sevenDays, now).forecast).toMatchObject({ days: 7, dayUsd: 1 });
    expect(monthOf([], now)).toMatchObject({ spentUsd: 0, forecast: null });
  });

  it('begins and ends where the month does in local time, whatever clocks do', () => {
    process.env['TZ'] = 'America/New_York';
    const now = at('2026-03-08T20:00:00Z');
    const { from, to, spentUsd, forecast } = monthOf(
      days(at('2026-02-01T12:00:00Z'), now, () => 1),
      now,
    );
    expect(new Date(from * 1000).getDate()).toBe(1);
    expect(new Date(to * 1000).getMonth()).toBe(3);
    expect(spentUsd).toBe(8);
    expect(forecast?.days).toBe(28);
  });

  it('has a forecast within its bounds, and no bound below what is spent', () => {
    const now = at('2026-03-15T06:00:00Z');
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 60 }),
        (costs) => {
          const month = monthOf(
            days(now - 59 * 86_400, now, (index) => costs[index] ?? 0),
            now,
          );
          const { usd = 0, lowUsd = 0, highUsd = 0 } = month.forecast ?? {};
          expect(lowUsd).toBeGreaterThanOrEqual(month.forecast === null ? 0 : month.spentUsd);
          expect(lowUsd).toBeLessThanOrEqual(usd);
          expect(highUsd).toBeGreaterThanOrEqual(usd);
          expect(Number.isFinite(highUsd)).toBe(true);
        },
      ),
    );
  });
});
