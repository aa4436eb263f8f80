import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockRun } from '../../../source/engine/journal/lock.ts';
import { lockFile } from '../../../source/engine/journal/paths.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const other = JSON.stringify({ pid: 1, host: 'elsewhere' });

describe('a lock is held no more once it is', () => {
  it.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path)],
    ['written by another', (path) => writeFileSync(path, other)],
    [
      'replaced by that of another',
      (path) => {
        writeFileSync(`${path}.new`, other);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('%s', (_, takeOver) => {
    const directory = temporaryDirectory();
    const lock = lockRun(directory, 'p-1', () => 0);
    expect([lock.isHeld(), lock.isHeld(), lock.isHeld()]).toEqual([true, true, true]);
    takeOver(join(directory, lockFile));
    expect([lock.isHeld(), lock.isHeld()]).toEqual([false, false]);
    lock.release();
  });
});

it('a lock that was only moved and put back is still held', () => {
  const directory = temporaryDirectory();
  const lock = lockRun(directory, 'p-1', () => 0);
  const path = join(directory, lockFile);
  expect(lock.isHeld()).toBe(true);
  renameSync(path, `${path}.away`);
  expect(lock.isHeld()).toBe(false);
  renameSync(`${path}.away`, path);
  expect(lock.isHeld()).toBe(true);
});
