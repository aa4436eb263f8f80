import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from './cache-folder.ts';
import { isOwn, isWritableByOthers, makeOwnFolder } from './own-file.ts';

/**
 * The folder for compiled code of this program, made if it is missing; undefined where there is none that
 * only this user can write to. What lies in it is executed, so a folder that others share, such as the one
 * for temporary files that Node would take by itself, will not do.
 */
export function compileCacheFolder(cache: string): string | undefined {
  const folder = join(cache, 'compile');
  return makeOwnFolder(folder) && isSafeParent(dirname(folder)) ? folder : undefined;
}

/** Whether nobody else can put another folder in the place of one that is in it. */
function isSafeParent(path: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    const stats = statSync(path);
    const sticky = (stats.mode & 0o1000) !== 0;
    return (isOwn(stats) || stats.uid === 0) && (sticky || !isWritableByOthers(stats));
  } catch {
    return false;
  }
}

/**
 * Lets Node keep compiled code between starts, for the user alone; without a folder for that it is compiled
 * each time. Never throws.
 */
export function useCompileCache(environment: NodeJS.ProcessEnv): void {
  // Node makes a folder inside it by the umask.
  const before = process.umask(0o077);
  try {
    const folder = compileCacheFolder(cacheFolder(environment));
    if (folder === undefined) return;
    process.getBuiltinModule('node:module').enableCompileCache(folder);
  } catch {
    // The current folder may be gone.
  } finally {
    process.umask(before);
  }
}
