import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanText,
  cutEnd,
  cutMiddle,
  pad,
  widthOf,
  wrapText,
} from '../../../source/dashboard/text/index.ts';

const cleanString = fc.string({ unit: 'grapheme', maxLength: 40 }).map(cleanText);
const columns = fc.integer({ min: 0, max: 30 });

describe('fitting text into columns', () => {
  it('cuts a name in the middle and keeps both ends', () => {
    expect(cutMiddle('deepseek-reasoner-2026-01-15', 16)).toBe('deepsee…26-01-15');
    expect(cutMiddle('short', 16)).toBe('short');
    expect(cutMiddle('abc', 1)).toBe('…');
    expect(cutMiddle('abc', 0)).toBe('');
  });

  it('cuts a sentence at its end', () => {
    expect(cutEnd('Route reasoning tasks elsewhere', 10)).toBe('Route rea…');
  });

  it('never splits a wide character', () => {
    expect(cutEnd('模型模型', 4)).toBe('模…');
    expect(cutMiddle('模型模型', 6)).toBe('模…型');
  });

  it('never exceeds the room', () => {
    fc.assert(
      fc.property(cleanString, columns, (text, width) => {
        expect(widthOf(cutEnd(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(cutMiddle(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('pads to exactly the room on either side', () => {
    expect(pad('模', 4)).toBe('模  ');
    expect(pad('0.41', 6, 'right')).toBe('  0.41');
    fc.assert(
      fc.property(cleanString, columns, (text, width) => {
        expect(widthOf(pad(cutEnd(text, width), width))).toBe(width);
      }),
    );
  });

  it('wraps between words, and within a word only where it must', () => {
    expect(wrapText('route reasoning tasks to another model', 16)).toEqual([
      'route reasoning',
      'tasks to another',
      'model',
    ]);
    expect(wrapText('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrapText('anything', 0)).toEqual([]);
    fc.assert(
      fc.property(cleanString, fc.integer({ min: 2, max: 30 }), (text, width) => {
        for (const line of wrapText(text, width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
