import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyTable } from '../../../source/dashboard/keys/key-table.ts';
import { keymap } from '../../../source/dashboard/keys/keymap.ts';

describe('the keymap', () => {
  it('gives each key one meaning wherever it works', () => {
    const everywhere = keymap.filter(({ where }) => where === undefined);
    const keys = everywhere.flatMap(({ on }) => Object.keys(on));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is what the documentation lists', () => {
    const page = readFileSync(new URL('../../../docs/dashboard.md', import.meta.url), 'utf8');
    expect(page).toContain(keyTable());
  });
});
