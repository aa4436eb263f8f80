import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { compileCacheFolder } from '../../source/files/compile-cache.ts';
import { cacheFolder } from '../../source/files/cache-folder.ts';
import { userPath } from '../../source/files/user-path.ts';
import { startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describe('the folder of compiled code', () => {
  it('is one of the user alone, inside the cache', () => {
    const cache = join(temporaryDirectory(), 'cache');
    expect(compileCacheFolder(cache)).toBe(join(cache, 'compile'));
    expect(statSync(join(cache, 'compile')).mode & 0o777).toBe(0o700);
  });

  it('is not used where others can write to it, or put another in its place', () => {
    const open = temporaryDirectory();
    mkdirSync(join(open, 'compile'));
    chmodSync(join(open, 'compile'), 0o777);
    expect(compileCacheFolder(open)).toBeUndefined();
    const link = temporaryDirectory();
    symlinkSync(temporaryDirectory(), join(link, 'compile'));
    expect(compileCacheFolder(link)).toBeUndefined();
    const shared = temporaryDirectory();
    chmodSync(shared, 0o777);
    expect(compileCacheFolder(shared)).toBeUndefined();
    chmodSync(shared, 0o1777);
    expect(compileCacheFolder(shared)).toBe(join(shared, 'compile'));
  });

  it.runIf(process.geteuid?.() === 0)('is not one that another user made', () => {
    const cache = temporaryDirectory();
    mkdirSync(join(cache, 'compile'), { mode: 0o700 });
    chownSync(join(cache, 'compile'), 12_345, 12_345);
    expect(compileCacheFolder(cache)).toBeUndefined();
  });

  it('is the only one: nothing is put among the temporary files', async () => {
    const home = temporaryDirectory();
    const temporary = temporaryDirectory();
    const program = startProgram(['--version'], {
      environment: { HOME: home, TMPDIR: temporary },
      workingDirectory: home,
    });
    expect(await program.ended).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(temporary, 'node-compile-cache'))).toBe(false);
    expect(statSync(join(home, '.orchestrator_cache', 'compile')).mode & 0o777).toBe(0o700);
  });
});

describe('a path of the user', () => {
  it('may begin at the home folder, or at the current one', () => {
    expect(userPath('~', '/current', '/home/me')).toBe('/home/me');
    expect(userPath('~/a', '/current', '/home/me')).toBe('/home/me/a');
    expect(userPath('~me/a', '/current', '/home/me')).toBe('/current/~me/a');
    expect(userPath('a/../b', '/current', '/home/me')).toBe('/current/b');
    expect(userPath('/x', '/current', '/home/me')).toBe('/x');
    expect(cacheFolder({ ORCHESTRATOR_CACHE_DIR: '~/c' })).toBe(join(homedir(), 'c'));
    expect(cacheFolder({ ORCHESTRATOR_CACHE_DIR: '' })).toMatch(/\.orchestrator_cache$/);
  });
});
