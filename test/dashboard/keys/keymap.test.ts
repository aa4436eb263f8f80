import type { Key } from 'ink';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../../../source/dashboard/keys/decode.ts';
import { keyTable } from '../../../source/dashboard/keys/key-table.ts';
import { keymap } from '../../../source/dashboard/keys/keymap.ts';

const noKey: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keys', () => {
  it.each([
    ['', { downArrow: true }, ['down']],
    ['', { tab: true, shift: true }, ['shift-tab']],
    ['c', { ctrl: true }, ['ctrl-c']],
    ['jj\r', {}, ['j', 'j', 'enter']],
    ['a\tb\u0003', {}, ['a', 'tab', 'b', 'ctrl-c']],
    ['模é', {}, ['模', 'é']],
    ['x\r\n', {}, ['x', 'enter']],
    ['\u007F\u001B', {}, ['backspace', 'escape']],
    ['j', { eventType: 'release' as const }, []],
  ])('%j is read as %j', (input, key, expected) => {
    expect(keysOf(input, { ...noKey, ...key })).toEqual(expected);
  });
});

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
