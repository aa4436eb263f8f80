import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A path without links as far as it exists, so that what a link says later changes nothing. Never throws. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPathOf(above), basename(path));
  }
}
