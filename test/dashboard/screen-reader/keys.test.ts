import { describe, expect, it } from 'vitest';
import { keySentence, keysIn, meaningOf } from '../../../source/dashboard/screen-reader/keys.ts';

describe('keys without a screen', () => {
  it.each([
    ['q', ['q']],
    ['12]', ['1', '2', ']']],
    ['\u0003', ['ctrl-c']],
    ['\u001B[A', []],
    ['\u001B[1;5C1', ['1']],
    ['\u001BOP2', ['2']],
    ['\u001B[', []],
    ['\u001B', []],
    ['模', ['模']],
  ])('%j is read as %j', (chunk, keys) => {
    expect(keysIn(chunk)).toEqual(keys);
  });

  it('are all in the sentence that tells of them', () => {
    const said = ['1', '2', '3', '4', '5', '[', ']', 'r', '?', 'q'];
    for (const key of said) {
      expect(meaningOf(key)).toBeDefined();
      expect(keySentence).toMatch(new RegExp(`(^|[ ;])${key.replace(/[?[\]]/, '\\$&')} `));
    }
  });

  it('mean nothing where they are not said', () => {
    for (const key of ['x', '6', 'constructor', 'ctrl-z']) expect(meaningOf(key)).toBeUndefined();
  });
});
