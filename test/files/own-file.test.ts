import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import {
  appendToOwnFile,
  createOwnFile,
  makeOwnFolder,
  openOwnFile,
  readOwnFile,
  refusalSentence,
  replaceOwnFile,
} from '../../source/files/own-file.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const asRoot = process.geteuid?.() === 0;

function fileWith(content: string, mode = 0o600): string {
  const path = join(temporaryDirectory(), 'file');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function withUmask<T>(mask: number, work: () => T): T {
  const before = process.umask(mask);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

describe('reading a file that we wrote', () => {
  it('returns what it holds', () => {
    expect(readOwnFile(fileWith('héllo'), { maxBytes: 100 })).toMatchObject({ text: 'héllo' });
    expect(readOwnFile(fileWith(''), { maxBytes: 0 })).toMatchObject({ ok: true, text: '' });
  });

  it('says that there is none', () => {
    const top = temporaryDirectory();
    expect(readOwnFile(join(top, 'none'), { maxBytes: 1 })).toMatchObject({ reason: 'missing' });
    expect(readOwnFile(join(fileWith(''), 'below'), { maxBytes: 1 })).toMatchObject({
      reason: 'missing',
    });
  });

  it('follows no link, wherever it leads', () => {
    const target = fileWith('secret');
    for (const [name, to] of Object.entries({ a: target, b: '/nowhere/at/all', c: '/dev/zero' })) {
      const link = join(temporaryDirectory(), name);
      symlinkSync(to, link);
      expect(readOwnFile(link, { maxBytes: 10 })).toMatchObject({ reason: 'link' });
      expect(appendToOwnFile(link)).toMatchObject({ reason: 'link' });
    }
    expect(readFileSync(target, 'utf8')).toBe('secret');
  });

  it('reads no folder, FIFO, device or socket, and waits for none', async () => {
    const top = temporaryDirectory();
    const folder = join(top, 'folder');
    mkdirSync(folder);
    const fifo = join(top, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const socket = join(top, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    try {
      for (const path of [folder, fifo, '/dev/zero', socket]) {
        expect(readOwnFile(path, { maxBytes: 10 })).toMatchObject({ reason: 'not-a-file' });
        expect(appendToOwnFile(path)).toMatchObject({ reason: 'not-a-file' });
      }
    } finally {
      server.close();
    }
  });

  it.runIf(asRoot)('reads nothing that another user owns', () => {
    const path = fileWith('x');
    chownSync(path, 12_345, 12_345);
    expect(readOwnFile(path, { maxBytes: 10 })).toMatchObject({ reason: 'other-owner' });
  });

  it.each([0o620, 0o602, 0o666, 0o777])('reads nothing that others may change: mode %o', (mode) => {
    const path = fileWith('x', mode);
    expect(readOwnFile(path, { maxBytes: 10 })).toMatchObject({ reason: 'writable-by-others' });
  });

  it('takes what others may only read', () => {
    expect(readOwnFile(fileWith('x', 0o644), { maxBytes: 10 })).toMatchObject({ ok: true });
  });

  it('reads exactly as much as it may', () => {
    expect(readOwnFile(fileWith('1234'), { maxBytes: 4 })).toMatchObject({ text: '1234' });
    expect(readOwnFile(fileWith('12345'), { maxBytes: 4 })).toMatchObject({ reason: 'too-large' });
    const huge = fileWith('');
    truncateSync(huge, 2 ** 40);
    expect(readOwnFile(huge, { maxBytes: 1_000_000 })).toMatchObject({
      reason: 'too-large',
      problem: 'is larger than 1 MB',
    });
  });

  it.runIf(existsSync('/proc/self/status'))('stops at the limit where a size is not told', () => {
    // Files of /proc say that they are empty.
    const opened = readOwnFile('/proc/self/status', { maxBytes: 10 });
    expect(opened).toMatchObject({ reason: 'too-large' });
  });

  it('says the problem and the remedy in one sentence', () => {
    const result = readOwnFile(fileWith('12345', 0o666), { maxBytes: 4 });
    expect(result.ok ? '' : refusalSentence('spool', result)).toBe(
      'spool can be changed by other users: check what it holds, then take that right away with chmod go-w.',
    );
  });
});

describe('writing a file that we read back', () => {
  it.each([0o000, 0o022, 0o077, 0o777])('is for the user alone under umask %o', (mask) => {
    const top = temporaryDirectory();
    withUmask(mask, () => {
      closeSync(createOwnFile(join(top, 'new')));
      replaceOwnFile(join(top, 'replaced'), 'x');
      const added = appendToOwnFile(join(top, 'added'));
      if (added.ok) closeSync(added.descriptor);
    });
    for (const name of ['new', 'replaced', 'added']) expect(modeOf(join(top, name))).toBe(0o600);
  });

  it('takes no file that is there for a new one, nor a link to nowhere', () => {
    const path = fileWith('mine');
    expect(() => createOwnFile(path)).toThrow(/EEXIST/);
    const link = join(temporaryDirectory(), 'link');
    symlinkSync('/tmp/nowhere-at-all', link);
    expect(() => createOwnFile(link)).toThrow(/EEXIST/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('adds to the end', () => {
    const path = fileWith('one');
    const opened = appendToOwnFile(path, { use: 'read-append' });
    expect(opened).toMatchObject({ ok: true, size: 3 });
    if (opened.ok) {
      writeSync(opened.descriptor, 'two');
      closeSync(opened.descriptor);
    }
    expect(readFileSync(path, 'utf8')).toBe('onetwo');
  });

  it('replaces a link, and leaves alone what it led to', () => {
    const target = fileWith('theirs');
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(target, link);
    replaceOwnFile(link, 'ours');
    expect(lstatSync(link).isSymbolicLink()).toBe(false);
    expect(readFileSync(link, 'utf8')).toBe('ours');
    expect(readFileSync(target, 'utf8')).toBe('theirs');
  });

  it('leaves nothing behind where it fails', () => {
    const top = temporaryDirectory();
    mkdirSync(join(top, 'folder', 'full'), { recursive: true });
    expect(() => replaceOwnFile(join(top, 'folder'), 'x')).toThrow(/folder/);
    expect(readdirSync(top)).toEqual(['folder']);
  });

  it('opens for reading alone by default', () => {
    const opened = openOwnFile(fileWith('x'));
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    expect(() => writeSync(opened.descriptor, 'y')).toThrow(/EBADF/);
    closeSync(opened.descriptor);
  });
});

describe('a folder of the user alone', () => {
  it('is made, with what is missing above it', () => {
    const path = join(temporaryDirectory(), 'a', 'b');
    expect(withUmask(0, () => makeOwnFolder(path))).toBe(true);
    expect(modeOf(path)).toBe(0o700);
  });

  it('is not one that others may write to, nor a link, nor a file', () => {
    const top = temporaryDirectory();
    const open = join(top, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const link = join(top, 'link');
    symlinkSync(temporaryDirectory(), link);
    for (const path of [open, link, fileWith(''), '/dev/null/x']) {
      expect(makeOwnFolder(path)).toBe(false);
    }
  });

  it.runIf(asRoot)('is not one of another user', () => {
    const path = join(temporaryDirectory(), 'theirs');
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, 12_345, 12_345);
    expect(makeOwnFolder(path)).toBe(false);
  });
});
