import { afterEach, describe, expect, it } from 'vitest';
import { startOfLocalDay } from '../../../source/domain/local-day.ts';
import { formatDay, formatMoment, formatStamp } from '../../../source/dashboard/format/index.ts';
import { daysOf } from '../../../source/dashboard/layout/column-chart.ts';

const zone = process.env['TZ'];

afterEach(() => {
  process.env['TZ'] = zone;
});

const inZone = (name: string): void => {
  process.env['TZ'] = name;
};

const at = (text: string): number => new Date(text).getTime() / 1000;

const windowOf = (from: string, to: string) => ({ days: 30, from: at(from), to: at(to) });

describe('days', () => {
  it.each([
    ['America/Los_Angeles', '2026-01-14T23:30:00-08:00', '01-14'],
    ['Asia/Kolkata', '2026-01-15T00:10:00+05:30', '01-15'],
    ['Pacific/Kiritimati', '2026-01-15T00:10:00+14:00', '01-15'],
  ])('are those of the clock on the wall in %s', (name, moment, day) => {
    inZone(name);
    expect(formatDay(at(moment))).toBe(day);
    expect(formatMoment(at(moment))).toContain(day);
    expect(formatStamp(at(moment)).slice(4, 8)).toBe(day.replace('-', ''));
  });

  it('hold what was spent either side of midnight in Greenwich together', () => {
    inZone('America/Los_Angeles');
    const evening = [at('2026-01-14T16:30:00'), at('2026-01-14T20:00:00')].map(startOfLocalDay);
    expect(new Set(evening).size).toBe(1);
    const slices = [{ day: evening[0] ?? 0, costUsd: 10, tasks: 2 }];
    const days = daysOf(windowOf('2026-01-13T10:00:00', '2026-01-15T10:00:00'), slices);
    expect(days.map(({ day, costUsd, tasks }) => [formatDay(day), costUsd, tasks])).toEqual([
      ['01-13', 0, 0],
      ['01-14', 10, 2],
      ['01-15', 0, 0],
    ]);
  });

  it.each([
    ['America/Los_Angeles', '2026-03-06', '2026-03-10'],
    ['Europe/Berlin', '2026-10-23', '2026-10-27'],
    // There midnight itself is left out when summer begins.
    ['Africa/Cairo', '2026-04-22', '2026-04-26'],
    ['Australia/Lord_Howe', '2026-04-03', '2026-04-07'],
  ])('follow one another where the clock is changed in %s', (name, from, to) => {
    inZone(name);
    const days = daysOf(windowOf(`${from}T12:00:00`, `${to}T12:00:00`), []);
    const dates = days.map(({ day }) => Number(formatDay(day).slice(3)));
    const first = Number(from.slice(8));
    expect(dates).toEqual([first, first + 1, first + 2, first + 3, first + 4]);
  });
});
