import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { hasCode } from '../../files/error-code.ts';

/** What it guards takes a moment; a lock that is older was left by a process that died in that moment. */
const staleAfterMs = 5000;
const waitAtMostMs = 10_000;

/**
 * Runs an action while no other process does so with the same lock file. Waits, and throws what the file
 * system answers where no lock file can be made.
 */
export function withFileLock<Result>(lock: string, action: () => Result): Result {
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
