import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent } from '../../domain/run-event.ts';
import { makeFolder } from '../../files/folder.ts';
import { lockRun } from './lock.ts';
import { journalFile, runDirectory } from './paths.ts';
import { newline } from './read.ts';

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
  const { file, unlock, end } = open({ directory, path, projectId, resume, now });
  const lines = createLineWriter(file, end);
  let closed = false;

  const flush = (): void => {
    lines.flush();
  };
  function close(): void {
    if (closed) return;
    closed = true;
    flush();
    process.off('exit', flush);
    closeSync(file);
    unlock();
  }

  // Whatever ends the process in an orderly way, an uncaught error included.
  process.on('exit', flush);

  return {
    path,
    directory,
    append(event) {
      if (closed) return false;
      const written = lines.write(`${JSON.stringify(event)}\n`);
      if (!written && event.type === 'call-started') lines.dropLast();
      return written;
    },
    failure: lines.failure,
    close,
  };
}

/** Writes lines at known places of a file, so that writing one again after a failure is harmless. */
function createLineWriter(file: number, end: number) {
  /** Where the next line goes: everything before it is complete lines. */
  let position = end;
  let pending: Buffer[] = [];
  let failure: string | undefined;

  function flush(): boolean {
    while (pending[0] !== undefined) {
      const [line] = pending;
      try {
        for (let offset = 0; offset < line.length;) {
          offset += writeSync(file, line, offset, line.length - offset, position + offset);
        }
      } catch (error) {
        failure = messageOf(error);
        cutOff(file, position);
        return false;
      }
      position += line.length;
      pending.shift();
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
function cutOff(file: number, end: number): void {
  try {
    ftruncateSync(file, end);
  } catch {
    // They pass over it, and a continuation cuts it off.
  }
}

function open(options: {
  directory: string;
  path: string;
  projectId: string;
  resume: boolean;
  now: () => number;
}): { file: number; unlock: () => void; end: number } {
  const { directory, path, projectId, resume, now } = options;
  let unlock: (() => void) | undefined;
  try {
    makeFolder(directory);
    unlock = lockRun(directory, projectId, now);
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const end = endOfLastLine(file);
    if (end > 0 && !resume) {
      closeSync(file);
      throw new OrchestratorError(
        'run-exists',
        `The run ${projectId} exists already: continue it with --resume ${projectId}, or choose another --project-id.`,
      );
    }
    ftruncateSync(file, end);
    return { file, unlock, end };
  } catch (error) {
    unlock?.();
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
    const found = block.subarray(0, length).lastIndexOf(newline);
    if (found !== -1) return start + found + 1;
    end = start;
  }
  return 0;
}
