import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMemory, saveMemory } from '../../../source/dashboard/data/memory.ts';
import { defaultColumns } from '../../../source/dashboard/state/columns.ts';
import { mockInsight } from '../../support/insight.ts';
import { openSession } from '../../support/session.tsx';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memory-'));
  path = join(directory, 'cache', 'dashboard.json');
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('what the dashboard remembers', () => {
  it('comes back as it was saved', () => {
    const memory = {
      tab: 'cost' as const,
      days: 90,
      theme: 'light' as const,
      sorts: { rankings: { column: 'latency', descending: false } },
      columns: ['value', 'latency', 'quality'] as const,
    };
    expect(saveMemory(path, memory)).toBe(true);
    expect(loadMemory(path)).toEqual(memory);
  });

  it('holds the columns as soon as one is chosen', () => {
    const { press } = openSession({
      insight: mockInsight(),
      options: { memoryPath: path },
    });
    press('c', ' ');
    expect(loadMemory(path).columns).toEqual(defaultColumns.filter((name) => name !== 'spark'));
  });

  it('is nothing where a link, or a file that others may change, has taken its place', () => {
    saveMemory(path, { days: 90 });
    chmodSync(path, 0o666);
    expect(loadMemory(path)).toEqual({});
    chmodSync(path, 0o600);
    renameSync(path, `${path}.elsewhere`);
    symlinkSync(`${path}.elsewhere`, path);
    expect(loadMemory(path)).toEqual({});
  });

  it.each([
    ['columns that are no list', { columns: 'value' }],
    ['columns without any number', { columns: ['spark', 'confidence', 'interval'] }],
    ['columns that no version has', { columns: ['colour', 7, null] }],
    ['a sort without a direction', { sorts: { rankings: { column: 'value' } } }],
    ['a window of no days', { days: 0 }],
  ])('leaves out %s, and keeps the rest', (_, broken) => {
    rmSync(path, { force: true });
    saveMemory(path, {});
    writeFileSync(path, JSON.stringify({ theme: 'plain', ...broken }));
    const memory = loadMemory(path);
    expect(memory.theme).toBe('plain');
    expect(memory.columns).toBeUndefined();
    expect(memory.sorts?.rankings).toBeUndefined();
    expect(memory.days).toBeUndefined();
  });

  it('takes the columns that it knows among others, in the order of the table', () => {
    saveMemory(path, {});
    writeFileSync(path, JSON.stringify({ columns: ['quality', 'colour', 'value', 'value'] }));
    expect(loadMemory(path).columns).toEqual(['value', 'quality']);
  });

  it('is nothing where the file is broken or missing', () => {
    expect(loadMemory(path)).toEqual({});
    saveMemory(path, {});
    writeFileSync(path, '{"columns": [');
    expect(loadMemory(path)).toEqual({});
  });
});
