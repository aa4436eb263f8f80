import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * A path as a user writes it, made absolute. A `~` at its start is the home folder: shells leave it alone
 * in `--flag=~/file`, in quotes, and in configuration files.
 */
export function userPath(
  path: string,
  workingDirectory: string,
  homeDirectory: string = homedir(),
): string {
  return path === '~' || path.startsWith('~/')
    ? join(homeDirectory, path.slice(1))
    : resolve(workingDirectory, path);
}
