import { closeSync, linkSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { hasCode } from '../../files/error-code.ts';
import { makeFolder } from '../../files/folder.ts';
import { telemetryError } from './failure.ts';

/** What it guards takes a moment; a lock that is older was left by a process that died in that moment. */
const staleAfterMs = 5000;
const waitAtMostMs = 10_000;

/** What SQLite keeps beside a database that is in use. */
const sideEnds = ['-wal', '-shm'] as const;

/**
 * Creates what is missing so that only the user can read it: folders 0700, the file 0600 and before
 * SQLite opens it. What exists keeps its mode. `build` turns an empty file into a database; only then it
 * gets its name, so that nobody ever finds half of one, or waits for it. Throws where the path is a
 * folder, or cannot be made.
 */
export function prepareDatabaseFile(path: string, build: (emptyFile: string) => void): void {
  if (fileIdentity(path) !== undefined) {
    // Opening a FIFO would wait for whoever writes into it.
    if (!isRegularFile(path)) throw telemetryError('not-a-database', path);
    return;
  }
  makeFolder(dirname(path));
  withFileLock(lockOf(path), () => {
    if (fileIdentity(path) !== undefined) return;
    // What a database that was moved away or deleted left behind would be taken for the new one's.
    for (const end of sideEnds) removeIfThere(path + end);
    const temporary = `${path}.new-${process.pid}-${process.hrtime.bigint()}`;
    try {
      closeSync(openSync(temporary, 'ax', 0o600));
      build(temporary);
      giveName(temporary, path);
    } finally {
      for (const end of ['', ...sideEnds]) removeIfThere(temporary + end);
    }
  });
}

/** Unlike renaming, never replaces what somebody has put there meanwhile. */
function giveName(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    // A file system without links.
    renameSync(temporary, path);
  }
}

/** Held while a database is made, or what another left behind is removed. */
const lockOf = (path: string): string => `${path}.lock`;

/** Tells one file from another at the same path; undefined when there is none, and throws where none can be. */
export function fileIdentity(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}

/** Whether what is at a path, or where a link there leads, is a file: no folder, FIFO or device. */
export function isRegularFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The files of an open database, by what tells them from others at the same paths. */
export type DatabaseFiles = { database: string | undefined; sides: (string | undefined)[] };

export function databaseFiles(path: string): DatabaseFiles {
  return {
    database: fileIdentity(path),
    sides: sideEnds.map((end) => fileIdentity(path + end)),
  };
}

/** Removes what an open database left beside its path when it was moved away: only if it is still that. */
export function removeSidesOf(path: string, { sides }: DatabaseFiles): void {
  withFileLock(lockOf(path), () => {
    for (const [index, end] of sideEnds.entries()) {
      const side = path + end;
      if (sides[index] !== undefined && fileIdentity(side) === sides[index]) removeIfThere(side);
    }
  });
}

/**
 * Whether a file that this process has open was deleted rather than moved. Only Linux can tell; elsewhere
 * it counts as moved.
 */
export function isDeleted(identity: string): boolean {
  const descriptors = '/proc/self/fd';
  try {
    for (const name of readdirSync(descriptors)) {
      const stats = statSync(`${descriptors}/${name}`, { throwIfNoEntry: false });
      if (stats !== undefined && `${stats.dev}:${stats.ino}` === identity) return stats.nlink === 0;
    }
  } catch {
    // No such system.
  }
  return false;
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Not ours to remove; SQLite says what it makes of it.
  }
}

/** Changes with whatever is written to a database. */
export function fingerprint(path: string): string {
  return `${sizeAndTime(path)}/${sizeAndTime(`${path}-wal`)}`;
}

function sizeAndTime(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.size}:${stats.mtimeMs}`;
}

/**
 * Runs an action while no other process does so with the same lock file. Waits, and throws what the file
 * system answers where no lock file can be made.
 */
function withFileLock<Result>(lock: string, action: () => Result): Result {
  acquire(lock);
  try {
    return action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function acquire(lock: string): void {
  for (let waitedMs = 0; ; waitedMs += 1) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || waitedMs >= waitAtMostMs) throw error;
    }
    if (isStale(lock)) rmSync(lock, { force: true });
    else sleep(1);
  }
}

function isStale(lock: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  // By the file system's own clock where that is ahead: then it is not stale for long.
  return made !== undefined && Date.now() - made > staleAfterMs;
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
