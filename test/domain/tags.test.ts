import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasTags, isTagName, isTagValue, readTags } from '../../source/domain/tags.ts';

describe('tags', () => {
  it('are kept as texts; what is nothing is left out', () => {
    expect(
      readTags({ team: 'search', build: 17, nightly: true, absent: undefined, none: null }),
    ).toEqual([
      ['team', 'search'],
      ['build', '17'],
      ['nightly', 'true'],
    ]);
    expect(readTags({})).toEqual([]);
    const sixteen = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`t${index}`, 'x']),
    );
    expect(readTags(sixteen)).toHaveLength(16);
    const longest = 'x'.repeat(256);
    expect(readTags({ a: longest })).toEqual([['a', longest]]);
    expect(readTags({ ['n'.repeat(64)]: 'x' })).toHaveLength(1);
  });

  it.each([
    ['a name with a space', { 'my team': 'x' }],
    ['a name with "="', { 'a=b': 'x' }],
    ['no name', { '': 'x' }],
    ['a name that is too long', { ['n'.repeat(65)]: 'x' }],
    ['an empty value', { a: '' }],
    ['two lines', { a: 'x\ny' }],
    ['two lines by Unicode', { a: 'x\u2028y' }],
    ['two paragraphs', { a: 'x\u2029y' }],
    ['a value for a terminal', { a: '\u001B[2J' }],
    ['text in the other direction', { a: 'good\u202Edab' }],
    ['a blank that nobody sees', { a: 'te\u200Bam' }],
    ['a soft hyphen', { a: 'te\u00ADam' }],
    ['an invisible letter', { a: 'team\u{E0041}' }],
    ['the end of a line elsewhere', { a: 'x\u2028y' }],
    ['half a character', { a: '\uD800' }],
    ['a long value', { a: 'x'.repeat(257) }],
    ['a number that is none', { a: Number.NaN }],
    ['a list', ['a']],
    ['a map', new Map([['team', 'search']])],
    ['a list in it', { a: ['x'] }],
    ['a text', 'team=search'],
    ['nothing', null],
    ['seventeen', Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`t${index}`, 'x']))],
  ])('are none where there is %s', (_, given) => {
    expect(readTags(given)).toBeUndefined();
  });

  it('are read whatever is given, and are one line each', () => {
    fc.assert(
      fc.property(fc.anything(), (given) => {
        for (const [name, value] of readTags(given) ?? []) {
          expect(isTagName(name) && isTagValue(value)).toBe(true);
          expect(`${name}=${value}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
      }),
    );
  });

  it('meet a filter where all of its names are there, with its values', () => {
    const tags = new Map([
      ['team', 'search'],
      ['prompt', 'v3'],
    ]);
    expect(hasTags(tags, [])).toBe(true);
    expect(hasTags(tags, [{ name: 'team', value: 'search' }, { name: 'prompt' }])).toBe(true);
    expect(hasTags(tags, [{ name: 'team', value: 'ads' }])).toBe(false);
    expect(hasTags(tags, [{ name: 'team', value: 'search' }, { name: 'region' }])).toBe(false);
  });
});
