import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiText, cleanText, widthOf } from '../../../source/dashboard/text/index.ts';

describe('text from outside', () => {
  it.each([
    ['a colour', '\u001B[31mred\u001B[0m', 'red'],
    ['a title', '\u001B]0;owned\u0007model', 'model'],
    ['a clipboard write', 'a\u001B]52;c;AAAA\u001B\\b', 'ab'],
    ['an eight-bit sequence', 'a\u009B2Jb', 'ab'],
    ['line breaks', 'one\r\ntwo\u2028three', 'one two three'],
    ['right-to-left marks', 'gpt\u202E-4o\u200F\u2066', 'gpt-4o'],
    ['zero-width spaces', 'a\u200B\uFEFFb', 'ab'],
    ['a family', '👨\u200D👩\u200D👧', '👨👩👧'],
    ['a skin tone', '👍🏽', '👍'],
    ['a flag', '🇩🇪', 'DE'],
    ['stacked marks', `z${'\u0301'.repeat(40)}`, 'z\u0301\u0301'],
    ['half a character', 'a\uD800', 'a\uFFFD'],
  ])('loses what could break the screen: %s', (_, text, expected) => {
    expect(cleanText(text)).toEqual(expected);
  });

  it.each(['deepseek-chat', 'модель', '模型-七', 'α–β', 'café', 'x › y │ z'])(
    'stays as it is: %s',
    (text) => {
      expect(cleanText(text)).toBe(text);
    },
  );

  it('never holds a control character, whatever came in, and cleaning twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text);
        expect(clean).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
  });

  it('takes one column per character where only ASCII can be shown', () => {
    expect(asciiText('café 模型 ▲')).toBe('cafe ?? ?');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(asciiText(text)).toMatch(/^[ -~]*$/);
        expect(widthOf(asciiText(text))).toBe(asciiText(text).length);
      }),
    );
  });
});
