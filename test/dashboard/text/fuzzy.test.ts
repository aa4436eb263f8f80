import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchRank } from '../../../source/dashboard/text/fuzzy.ts';

describe('what was typed', () => {
  it('finds a name by its start before its words, its inside, and its letters', () => {
    const names = ['my-flash', 'flash-lite', 'newflash', 'f-l-a-s-h'];
    const ranked = names.toSorted(
      (a, b) => (matchRank('flash', a) ?? 9) - (matchRank('flash', b) ?? 9),
    );
    expect(ranked).toEqual(['flash-lite', 'my-flash', 'newflash', 'f-l-a-s-h']);
  });

  it('must be there, in any order of its words and any case', () => {
    expect(matchRank('FLASH gem', 'gemini-flash')).toBeDefined();
    expect(matchRank('hsalf', 'gemini-flash')).toBeUndefined();
    expect(matchRank('', 'anything')).toBe(0);
  });

  it.each([
    ['summ', 'pause, or resume command'],
    ['cost', 'copy what is selected command'],
    ['rn', 'what if: a higher quality tolerance command'],
    ['lsh', 'flash'],
  ])('%s is not gathered from the letters of %j', (typed, text) => {
    expect(matchRank(typed, text)).toBeUndefined();
  });

  it('finds a word by its start though its letters stand inside an earlier one', () => {
    expect(matchRank('cost', 'accosted by cost')).toBe(1);
  });

  it('finds every name by itself and by any of its letters in order, from the start of a part of it on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[\p{L}\p{N}-]$/u), fc.boolean()), { minLength: 1 }),
        (letters) => {
          const text = letters.map(([letter]) => letter).join('');
          const some = letters
            .flatMap(([letter, isTyped], index) => (isTyped || index === 0 ? [letter] : []))
            .join('');
          // Letters that combine when they stand alone are other letters.
          fc.pre(some.normalize('NFC') === some && text.normalize('NFC') === text);
          fc.pre(text.toLowerCase().length === text.length);
          expect(matchRank(text, text)).toBe(0);
          expect(matchRank(some, text)).toBeDefined();
        },
      ),
    );
  });
});
