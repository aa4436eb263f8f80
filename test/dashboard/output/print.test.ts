import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  printJson,
  printJsonLines,
  printProgress,
  printText,
} from '../../../source/dashboard/output/print.ts';

/** What terminals take for more than text, and what no terminal can show. */
const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function page(waiting: { isTTY?: boolean; writableLength?: number } = {}) {
  const written: string[] = [];
  return {
    written,
    stream: { ...waiting, write: (text: string) => written.push(text) > 0 },
  };
}

function printed(text: string): string {
  const { stream, written } = page();
  printText(stream, text);
  return written.join('');
}

describe('lines for people', () => {
  it.each([
    ['a title', 'There is no model \u001B]0;owned\u0007here.\n', 'There is no model here.\n'],
    ['a wiped screen', 'a\u001B[2J\u009B2Jb\n', 'ab\n'],
    ['what moves the cursor', 'a\rb\bc\u007Fd\u0007e\n', 'a b c d e\n'],
    ['a turned direction', 'gpt\u202Exe.\u2066\n', 'gptxe.\n'],
    ['other ends of lines', 'one\u2028two\u0085three\n', 'one two three\n'],
  ])('lose %s', (_, text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  it('are as they were where they are text', () => {
    expect(printed('a\n\n  b  →  c │ 模型\n')).toBe('a\n\n  b  →  c │ 模型\n');
  });

  it('hold nothing that a terminal acts on, whatever came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printed(text).replaceAll('\n', '')).not.toMatch(control);
        expect(printed(text).split('\n')).toHaveLength(text.split('\n').length);
      }),
      { numRuns: 1000 },
    );
  });

  it('of progress take the place of the line before', () => {
    const { stream, written } = page();
    printProgress(stream, 'reading \u001B[2J50%');
    expect(written).toEqual(['\r\u001B[2Kreading 50%']);
  });
});

describe('JSON', () => {
  it('says the same in characters that are only text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { stream, written } = page();
        printJson(stream, { [text]: text });
        expect(JSON.parse(written.join(''))).toEqual({ [text]: text });
        expect(written.join('').trimEnd()).not.toMatch(control);
      }),
      { numRuns: 1000 },
    );
  });

  it('that is text already keeps its lines', () => {
    const { stream, written } = page();
    printJsonLines(stream, '{"a":"\u009B"}\n{"b":"\u{E0001}"}\n');
    expect(written.join('')).toBe('{"a":"\\u009b"}\n{"b":"\\udb40\\udc01"}\n');
  });
});

describe('what nobody reads', () => {
  it('waits in memory up to a bound: less of it for a terminal than for a pipe', () => {
    const lineAfter = (isTTY: boolean, writableLength: number) => {
      const { stream, written } = page({ isTTY, writableLength });
      printText(stream, 'line\n');
      return written.length;
    };
    expect(lineAfter(true, 100_000)).toBe(1);
    expect(lineAfter(true, 300_000)).toBe(0);
    expect(lineAfter(false, 300_000)).toBe(1);
    expect(lineAfter(false, 40_000_000)).toBe(0);
  });
});
