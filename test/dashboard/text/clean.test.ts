import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainCharacters } from '../../../source/dashboard/text/plain-characters.ts';
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
    ['no character', 'a\uFFFF\u0378', 'a\uFFFD\uFFFD'],
    ['a mark without a letter', '\u0301\u0302abc', 'abc'],
    [
      'marks of a script without end',
      `\u1000${'\u102D'.repeat(40)}`,
      `\u1000${'\u102D'.repeat(6)}`,
    ],
  ])('loses what could break the screen: %s', (_, text, expected) => {
    expect(cleanText(text)).toEqual(expected);
  });

  it.each([
    ['\u0E19\u0E49\u0E33', '\u0E19\u0E4D\u0E49\u0E32', 2],
    ['\u0E99\u0EB3', '\u0E99\u0ECD\u0EB2', 2],
  ])('takes the vowel AM apart as it is drawn: %s', (text, expected, width) => {
    expect(cleanText(text)).toBe(expected);
    expect(widthOf(cleanText(text))).toBe(width);
  });

  // As tmux and xterm advance their cursors.
  it.each([
    ['हिन्दी', 5],
    ['မြန်မာ-မော်ဒယ်', 11],
    ['ខ្មែរ-គំរូ', 7],
    ['தமிழ்', 4],
    ['عَرَبِيّ', 4],
    ['한', 2],
    ['\u1112\u1161\u11AB', 2],
    ['通义', 4],
    ['🚀', 2],
    ['①☎…', 3],
  ])('takes the columns that terminals give it: %s', (text, width) => {
    expect(widthOf(cleanText(text))).toBe(width);
  });

  it.each(['deepseek-chat', 'модель', '模型-七', 'α–β', 'café', 'x › y │ z', 'ကြိုး', 'हिन्दी', 'ที่'])(
    'stays as it is: %s',
    (text) => {
      expect(cleanText(text)).toBe(text);
    },
  );

  it('keeps every character that is let pass unseen where it looks at them', () => {
    const plain = new RegExp(`^[${plainCharacters}]$`);
    const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const kept = characters.filter((character) => plain.test(character)).join('');
    expect(cleanText(`${kept}\u200B`)).toBe(kept);
  });

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
