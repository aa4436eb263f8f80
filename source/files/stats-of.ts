import { type Stats, statSync } from 'node:fs';

/**
 * What lies at a path, where its links lead; undefined where nothing does or nothing can be looked at: links in a
 * circle, a folder that is shut, a name that is too long. Never throws.
 */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
