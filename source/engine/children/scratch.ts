import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes a scratch folder with all in it, also where a program took its own rights to do so. */
export function removeScratch(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    openFolders(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Gives us back the rights to every folder below; follows no link. */
function openFolders(directory: string): void {
  if (!lstatSync(directory).isDirectory()) return;
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(directory, entry.name));
  }
}

/** No program may run for longer than an hour: what is older than this was left by a machine that stopped. */
const staleMs = 24 * 3600 * 1000;

/** Removes what launchers that were killed left behind. */
export function removeStale(scratch: string): void {
  const before = Date.now() - staleMs;
  try {
    for (const name of readdirSync(scratch)) {
      const path = join(scratch, name);
      if (name.startsWith('check-') && lstatSync(path).mtimeMs < before) removeScratch(path);
    }
  } catch {
    // Another launcher is at it, or nothing is there.
  }
}
