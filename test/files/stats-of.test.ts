import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { statsOf } from '../../source/files/stats-of.ts';
import { temporaryDirectory } from '../support/temporary.ts';

it('what lies at a path is what its links lead to; nothing where nothing can be looked at', () => {
  const directory = temporaryDirectory();
  const at = (name: string): string => join(directory, name);
  writeFileSync(at('file'), 'three');
  mkdirSync(at('folder'));
  symlinkSync('file', at('link'));
  symlinkSync('circle', at('circle'));
  symlinkSync('nowhere', at('dangling'));
  expect(statsOf(at('file'))?.size).toBe(5);
  expect(statsOf(at('link'))?.size).toBe(5);
  expect(statsOf(at('folder'))?.isDirectory()).toBe(true);
  for (const name of ['circle', 'dangling', 'missing', 'file/below', 'n'.repeat(5000), 'a\0b']) {
    expect(statsOf(at(name))).toBeUndefined();
  }
});
