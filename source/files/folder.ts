import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from './error-code.ts';

/**
 * Makes a folder, and those above it that are missing, for the user alone (0700); what exists keeps its
 * mode. Throws what the file system answers where that cannot be done.
 *
 * Not `mkdir` with `recursive`: below a folder that refuses new ones with "no such file" (as `/proc`
 * does), Node's goes up and down for ever, and takes its thread along.
 */
export function makeFolder(path: string): void {
  const problem = problemOfMaking(path);
  if (problem === undefined) return;
  const above = dirname(path);
  if (!hasCode(problem, 'ENOENT') || above === path) throw problem;
  makeFolder(above);
  const remaining = problemOfMaking(path);
  if (remaining !== undefined) throw remaining;
}

/** Undefined when the folder is there now. */
function problemOfMaking(path: string): unknown {
  try {
    mkdirSync(path, { mode: 0o700 });
    return undefined;
  } catch (error) {
    // It existed, or another process was quicker; the codes for that differ between systems.
    return isFolder(path) ? undefined : error;
  }
}

/** Whether there is a folder, as far as one can look. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
