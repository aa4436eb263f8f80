import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { completeLines, createLineSplitter } from '../../source/files/lines.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const line = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replaceAll('\n', ''));

it('gives out the lines of a text however it is cut, and none that is too long', () => {
  fc.assert(
    fc.property(fc.array(line), line, fc.integer({ min: 1, max: 9 }), (lines, rest, size) => {
      const longest = 20;
      const found: (string | undefined)[] = [];
      let length = 0;
      const splitter = createLineSplitter(longest, (text, bytes) => {
        found.push(text);
        length += bytes + 1;
      });
      const bytes = Buffer.from([...lines, rest].join('\n'));
      for (let start = 0; start < bytes.length; start += size) {
        // As a reader does that uses its buffer again.
        const chunk = Buffer.from(bytes.subarray(start, start + size));
        splitter.take(chunk);
        chunk.fill(0);
      }
      const kept = (text: string) => (Buffer.byteLength(text) > longest ? undefined : text);
      expect(found).toEqual(lines.map(kept));
      expect(length).toBe(bytes.length - Buffer.byteLength(rest));
      expect(splitter.rest()).toBe(kept(rest) ?? '');
    }),
  );
});

it('reads the lines of a file from an offset on, each with where the next begins', () => {
  const path = join(temporaryDirectory(), 'lines');
  const long = 'x'.repeat(600_000);
  writeFileSync(path, `one\n\n${long}\nthree\nunfinished`);
  const descriptor = openSync(path, 'r');
  try {
    expect([...completeLines(descriptor, 4, 1000)]).toEqual([
      { text: '', end: 5 },
      { text: undefined, end: 600_006 },
      { text: 'three', end: 600_012 },
    ]);
    expect([...completeLines(descriptor, 600_012, 1000)]).toEqual([]);
  } finally {
    closeSync(descriptor);
  }
});
