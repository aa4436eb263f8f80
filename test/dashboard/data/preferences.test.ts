import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPreferences, savePreferences } from '../../../source/dashboard/data/preferences.ts';
import { defaultColumns } from '../../../source/dashboard/state/columns.ts';
import { mockInsight } from '../../support/insight.ts';
import { openSession } from '../../support/session.tsx';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'preferences-'));
  path = join(directory, 'cache', 'dashboard.json');
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('what the dashboard remembers', () => {
  it('comes back as it was saved', () => {
    const preferences = {
      tab: 'cost' as const,
      days: 90,
      theme: 'light' as const,
      sorts: { rankings: { column: 'latency', descending: false } },
      columns: ['value', 'latency', 'quality'] as const,
    };
    expect(savePreferences(path, preferences)).toBe(true);
    expect(loadPreferences(path)).toEqual(preferences);
  });

  it('holds the columns as soon as one is chosen', () => {
    const { press, leave } = openSession({
      insight: mockInsight(),
      options: { preferencesPath: path },
    });
    press('c', ' ');
    leave();
    expect(loadPreferences(path).columns).toEqual(
      defaultColumns.filter((name) => name !== 'spark'),
    );
  });

  it('of all databases together counts until something is remembered of this one', () => {
    savePreferences(path, { days: 90, tab: 'cost' });
    const own = join(directory, 'cache', 'dashboard-0123456789abcdef.json');
    expect(loadPreferences(own)).toEqual({ days: 90, tab: 'cost' });
    savePreferences(own, { days: 7 });
    expect(loadPreferences(own)).toEqual({ days: 7 });
    expect(loadPreferences(path)).toEqual({ days: 90, tab: 'cost' });
  });

  it.each([0, -7, 1.5, 3651, 1e12])('has no window of %d days', (days) => {
    writeFileSync(join(directory, 'dashboard.json'), JSON.stringify({ days }), { mode: 0o600 });
    expect(loadPreferences(join(directory, 'dashboard.json'))).toEqual({});
  });

  it('of all databases together does not come in for what of this one cannot be used', () => {
    savePreferences(path, { days: 90 });
    const own = join(directory, 'cache', 'dashboard-0123456789abcdef.json');
    savePreferences(own, { days: 7 });
    chmodSync(own, 0o666);
    expect(loadPreferences(own)).toEqual({});
  });

  it('is forgotten by a key: as at the first start, and at the next', () => {
    savePreferences(path, { days: 90 });
    const own = join(directory, 'cache', 'dashboard-0123456789abcdef.json');
    const { press, state, leave } = openSession({
      insight: mockInsight(),
      options: { preferencesPath: own },
    });
    press('Q', '[', 't', 'c', ' ', 'c');
    leave();
    expect(loadPreferences(own)).toMatchObject({ days: 7, theme: 'light' });
    press('0');
    leave();
    expect(loadPreferences(own)).toEqual({});
    expect(state()).toMatchObject({
      sorts: {},
      columns: defaultColumns,
      days: 30,
      theme: 'dark',
      isThemeChosen: false,
    });
  });

  it('is nothing where a link, or a file that others may change, has taken its place', () => {
    savePreferences(path, { days: 90 });
    chmodSync(path, 0o666);
    expect(loadPreferences(path)).toEqual({});
    chmodSync(path, 0o600);
    renameSync(path, `${path}.elsewhere`);
    symlinkSync(`${path}.elsewhere`, path);
    expect(loadPreferences(path)).toEqual({});
  });

  it.each([
    ['columns that are no list', { columns: 'value' }],
    ['columns without any number', { columns: ['spark', 'confidence', 'interval'] }],
    ['columns that no version has', { columns: ['colour', 7, null] }],
    ['a sort without a direction', { sorts: { rankings: { column: 'value' } } }],
    ['a window of no days', { days: 0 }],
  ])('leaves out %s, and keeps the rest', (_, broken) => {
    rmSync(path, { force: true });
    savePreferences(path, {});
    writeFileSync(path, JSON.stringify({ theme: 'plain', ...broken }));
    const preferences = loadPreferences(path);
    expect(preferences.theme).toBe('plain');
    expect(preferences.columns).toBeUndefined();
    expect(preferences.sorts?.rankings).toBeUndefined();
    expect(preferences.days).toBeUndefined();
  });

  it('takes the columns that it knows among others, in the order of the table', () => {
    savePreferences(path, {});
    writeFileSync(path, JSON.stringify({ columns: ['quality', 'colour', 'value', 'value'] }));
    expect(loadPreferences(path).columns).toEqual(['value', 'quality']);
  });

  it('is nothing where the file is broken or missing', () => {
    expect(loadPreferences(path)).toEqual({});
    savePreferences(path, {});
    writeFileSync(path, '{"columns": [');
    expect(loadPreferences(path)).toEqual({});
  });
});
