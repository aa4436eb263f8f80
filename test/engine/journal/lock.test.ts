import { readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
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

it('a lock that another process takes while a stale one is looked at stays with that process', () => {
  const directory = temporaryDirectory();
  const path = join(directory, lockFile);
  // Of another machine, and long silent: whether it is stale is asked of the time.
  writeFileSync(path, other, { mode: 0o600 });
  utimesSync(path, 1000, 1000);
  const elsewhere = temporaryDirectory();
  lockRun(elsewhere, 'p-1', () => 0);
  const living = readFileSync(join(elsewhere, lockFile), 'utf8');
  const look = (): number => {
    writeFileSync(`${path}.new`, living, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    utimesSync(path, 1000, 1000);
    return Date.now() / 1000;
  };
  expect(() => lockRun(directory, 'p-1', look)).toThrow(/in progress in another process/);
  expect(readFileSync(path, 'utf8')).toBe(living);
});
