import { closeSync, fdatasync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent } from '../../domain/run-event.ts';
import { makeFolder } from '../../files/folder.ts';
import { appendToOwnFile, refusalSentence } from '../../files/own-file.ts';
import { lockRun, type RunLock } from './lock.ts';
import { journalFile, runDirectory } from './paths.ts';

/** The record of one run, written by the one process that runs it. */
export type Journal = {
  readonly path: string;
  readonly directory: string;
  /**
   * Writes the event, which takes some microseconds and survives the death of the process; never throws.
   * Returns whether it is in the file. What could not be written is tried again with the next event, but
   * for the start of a call: that one is dropped, since it is not sent then.
   */
  append: (event: RunEvent) => boolean;
  /** Why the last attempt to write failed, in the system's words; undefined while all is written. */
  failure: () => string | undefined;
  /** Whether another process has taken over the run, so that nothing here is part of it any more. */
  takenOver: () => boolean;
  /** Tries for the last time to write what is not, and lets others run the project again; safe to call twice. */
  close: () => void;
};

/**
 * Opens the journal of a run for writing, and locks the run. A new run gets directories of mode 0700
 * and a file of mode 0600; a half-written last line of an earlier part is cut off.
 *
 * @throws OrchestratorError `run-exists` (unless `resume`), `run-in-progress`, `journal-unwritable`.
 */
export function openJournal(options: {
  /** The runs folder, beside the database. */
  directory: string;
  projectId: string;
  /** Whether an earlier part of this run is continued. */
  resume?: boolean;
  now?: () => number;
}): Journal {
  const { projectId, resume = false } = options;
  const now = options.now ?? (() => Date.now() / 1000);
  const directory = runDirectory(options.directory, projectId);
  const path = join(directory, journalFile);
  const { file, lock, end } = open({ directory, path, projectId, resume, now });
  const lines = createLineWriter(file, end);
  let closed = false;
  let lost = false;

  const flush = (): void => {
    lines.flush();
  };
  function close(): void {
    if (closed) return;
    closed = true;
    flush();
    process.off('exit', flush);
    closeSync(file);
    lock.release();
  }

  // Whatever ends the process in an orderly way, an uncaught error included.
  process.on('exit', flush);

  return {
    path,
    directory,
    append(event) {
      if (closed) return false;
      const isStart = event.type === 'call-started';
      // Of two processes that both run the project, one must spend no more, and emit nothing
      // more but the ends of calls that it had sent.
      lost ||= !lock.isHeld();
      if (lost && event.type !== 'call-finished') return false;
      const written = lines.write(`${JSON.stringify(event)}\n`);
      if (!written && isStart) lines.dropLast();
      // A power cut costs the seconds since the last heartbeat; waiting for the disk each time would
      // cost every call some milliseconds.
      if (event.type === 'heartbeat') fdatasync(file, () => {});
      return written;
    },
    takenOver: () => lost,
    failure: () => (lost ? 'another process has taken over the run' : lines.failure()),
    close,
  };
}

/** Appends lines, and leaves nothing half-written where one cannot be. */
function createLineWriter(file: number, end: number) {
  /** Everything before it is complete lines. */
  let position = end;
  let pending: Buffer[] = [];
  let failure: string | undefined;
  /** Part of a line is left in the file that could not be cut off. */
  let broken = false;

  function put(line: Buffer): void {
    const bytes = broken ? Buffer.concat([Buffer.from('\n'), line]) : line;
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(file, bytes, written);
    } catch (error) {
      failure = messageOf(error);
      if (written > 0 && !cutOff(file, position, written)) {
        position += written;
        broken = true;
      }
      throw error;
    }
    broken = false;
    position += bytes.length;
  }

  function flush(): boolean {
    try {
      for (let first = pending[0]; first !== undefined; first = pending[0]) {
        put(first);
        pending.shift();
      }
    } catch {
      return false;
    }
    failure = undefined;
    return true;
  }

  return {
    write(line: string): boolean {
      pending.push(Buffer.from(line));
      return flush();
    },
    flush,
    dropLast(): void {
      pending = pending.slice(0, -1);
    },
    failure: () => failure,
  };
}

/** Part of a line that may never be completed is no good to those who read on. */
function cutOff(file: number, end: number, written: number): boolean {
  try {
    // Never what another process has added meanwhile.
    if (fstatSync(file).size !== end + written) return false;
    ftruncateSync(file, end);
    return true;
  } catch {
    return false;
  }
}

function open(options: {
  directory: string;
  path: string;
  projectId: string;
  resume: boolean;
  now: () => number;
}): { file: number; lock: RunLock; end: number } {
  const { directory, path, projectId, resume, now } = options;
  let lock: RunLock | undefined;
  try {
    makeFolder(directory);
    lock = lockRun(directory, projectId, now);
    const opened = appendToOwnFile(path, { use: 'read-append' });
    if (!opened.ok) {
      throw new OrchestratorError('journal-unwritable', refusalSentence(path, opened), {
        cause: opened.cause,
      });
    }
    const file = opened.descriptor;
    const end = endOfLastLine(file);
    if (end > 0 && !resume) {
      closeSync(file);
      throw new OrchestratorError(
        'run-exists',
        `The run ${projectId} exists already: continue it with --resume ${projectId}, or choose another --project-id.`,
      );
    }
    ftruncateSync(file, end);
    return { file, lock, end };
  } catch (error) {
    lock?.release();
    if (error instanceof OrchestratorError) throw error;
    throw new OrchestratorError(
      'journal-unwritable',
      `The journal ${path} cannot be written (${messageOf(error)}): check the permissions of its directory, or choose another with ORCHESTRATOR_CACHE_DIR.`,
      { cause: error },
    );
  }
}

/** The offset after the last complete line; read from the end, so that the size does not matter. */
function endOfLastLine(file: number): number {
  const block = Buffer.alloc(64 * 1024);
  for (let end = fstatSync(file).size; end > 0;) {
    const start = Math.max(0, end - block.length);
    const length = readSync(file, block, 0, end - start, start);
    const found = block.subarray(0, length).lastIndexOf('\n');
    if (found !== -1) return start + found + 1;
    end = start;
  }
  return 0;
}
