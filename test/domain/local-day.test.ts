import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { nextLocalDay, startOfLocalDay } from '../../source/domain/local-day.ts';

const home = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = home;
});

const at = (text: string): number => Date.parse(text) / 1000;

describe('a local day', () => {
  it.each([
    ['America/Los_Angeles', '2026-01-06T04:00:00Z', '2026-01-05T08:00:00Z', 24],
    ['Asia/Kolkata', '2026-01-06T19:00:00Z', '2026-01-06T18:30:00Z', 24],
    ['Asia/Kathmandu', '2026-01-06T18:14:59Z', '2026-01-05T18:15:00Z', 24],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-04-04T20:00:00Z', '2026-04-04T13:00:00Z', 24.5],
  ])('in %s that holds %s begins at %s and has %d hours', (zone, moment, start, hours) => {
    process.env['TZ'] = zone;
    const day = startOfLocalDay(at(moment));
    expect(day).toBe(at(start));
    expect((nextLocalDay(day) - day) / 3600).toBe(hours);
    expect(startOfLocalDay(day)).toBe(day);
    expect(startOfLocalDay(nextLocalDay(day) - 1)).toBe(day);
  });
});
