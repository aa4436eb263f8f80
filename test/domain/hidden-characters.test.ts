import { describe, expect, it } from 'vitest';
import { hasHiddenCharacters } from '../../source/domain/hidden-characters.ts';

describe('hidden characters', () => {
  it.each([
    ['a turned direction', 'gpt\u202E5-tpg'],
    ['an isolated direction', '\u2067gpt\u2069'],
    ['a mark of direction', 'gpt\u200F'],
    ['a blank without room', 'gp\u200Bt'],
    ['a byte order mark', '\uFEFFgpt'],
    ['a soft hyphen', 'gp\u00ADt'],
    ['a joiner between letters that are never joined', 'gp\u200Dt'],
    ['a non-joiner between them', 'gp\u200Ct'],
    ['a joiner in Arabic before what is no letter', 'می\u200D-1'],
    ['a non-joiner in Arabic at the end', 'می\u200C'],
    ['a joiner in Devanagari before a number', 'क्\u200D1'],
    ['a joiner between an emoji and a letter', '👩\u200Dx'],
    ['a variation of a letter', 'gpt-1\uFE0F'],
    ['an invisible letter', 'gpt\u{E0041}'],
    ['a filler', 'gpt\u3164'],
    ['an escape', '\u001B[31mgpt'],
    ['a C1 control', '\u009B31mgpt'],
    ['a line', 'a\nb'],
    ['a line elsewhere', 'a\u2028b'],
  ])('are found where there is %s', (_, name) => {
    expect(hasHiddenCharacters(name)).toBe(true);
  });

  it.each([
    'gpt-5.4-mini',
    'modèle-été',
    '通义千问',
    'שלום',
    'می‌خواهم',
    'क्‍ष',
    '👩‍👩‍👧',
    '❤️',
    '👍🏽',
    'a  b',
  ])('are not what %s is written with', (name) => {
    expect(hasHiddenCharacters(name)).toBe(false);
  });
});
