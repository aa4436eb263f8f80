import { describe, expect, it } from 'vitest';
import { keySentence, meaningOf } from '../../../source/dashboard/screen-reader/keys.ts';

describe('keys without a screen', () => {
  it('are all in the sentence that tells of them', () => {
    const said = ['1', '2', '3', '4', '5', '[', ']', 'r', '=', '?', 'q'];
    for (const key of said) {
      expect(meaningOf(key)).toBeDefined();
      expect(keySentence).toMatch(new RegExp(`(^|[ ;])${key.replace(/[?[\]]/, '\\$&')} `));
    }
  });

  it('mean nothing where they are not said', () => {
    for (const key of ['x', '6', 'constructor', 'ctrl-z']) expect(meaningOf(key)).toBeUndefined();
  });
});
