import { chmodSync, existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFolder, makeFolder } from '../../source/files/folder.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('making a folder', () => {
  it('makes what is missing above it, all for the user alone', () => {
    const top = temporaryDirectory();
    makeFolder(join(top, 'a', 'b', 'c'));
    for (const path of ['a', 'a/b', 'a/b/c']) expect(modeOf(join(top, path))).toBe(0o700);
  });

  it('leaves the mode of what exists', () => {
    const top = temporaryDirectory();
    chmodSync(top, 0o755);
    makeFolder(top);
    makeFolder(join(top, 'a'));
    expect(modeOf(top)).toBe(0o755);
  });

  it('takes a link to a folder for one', () => {
    const top = temporaryDirectory();
    symlinkSync(temporaryDirectory(), join(top, 'link'));
    makeFolder(join(top, 'link', 'a'));
    expect(isFolder(join(top, 'link', 'a'))).toBe(true);
  });

  it.runIf(existsSync('/proc/self'))('answers where the folder above refuses new ones', () => {
    expect(() => makeFolder('/proc/nope')).toThrow(/ENOENT.*'\/proc\/nope'/);
    expect(() => makeFolder('/proc/nope/a/b')).toThrow(/ENOENT.*'\/proc\/nope'/);
  });

  it('answers where a file or a link to nowhere is in its way', () => {
    const top = temporaryDirectory();
    writeFileSync(join(top, 'file'), '');
    symlinkSync(join(top, 'nowhere'), join(top, 'dangling'));
    expect(() => makeFolder(join(top, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(top, 'file', 'a'))).toThrow(/ENOTDIR/);
    expect(() => makeFolder(join(top, 'dangling', 'a'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(top, 'a'.repeat(300)))).toThrow(/ENAMETOOLONG/);
    expect(isFolder(join(top, 'file'))).toBe(false);
  });
});
