import { join, resolve } from 'node:path';
import { homeFolder } from './home-folder.ts';

/**
 * A path as a user writes it, made absolute. A `~` at its start is the home folder: shells leave it alone
 * in `--flag=~/file`, in quotes, and in configuration files.
 */
export function userPath(
  path: string,
  workingDirectory: string,
  homeDirectory: string = homeFolder(),
): string {
  return path === '~' || path.startsWith('~/')
    ? join(homeDirectory, path.slice(1))
    : resolve(workingDirectory, path);
}
