import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasCode } from '../../files/error-code.ts';
import { isFolder, makeFolder } from '../../files/folder.ts';
import { telemetryError } from './failure.ts';

/**
 * Creates what is missing so that only the user can read it: folders 0700, the file 0600 and before
 * SQLite opens it. What exists keeps its mode. Throws where the path is a folder, or cannot be made.
 */
export function prepareDatabaseFile(path: string): void {
  makeFolder(dirname(path));
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (isFolder(path)) throw telemetryError('not-a-database', path, error);
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/** Tells one file from another at the same path; undefined when there is none, and throws where none can be. */
export function fileIdentity(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

/** Changes with whatever is written to a database. */
export function fingerprint(path: string): string {
  return `${sizeAndTime(path)}/${sizeAndTime(`${path}-wal`)}`;
}

function sizeAndTime(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.size}:${stats.mtimeMs}`;
}
