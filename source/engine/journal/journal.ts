import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  write,
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
  /** Returns at once, never throws; what money or results hang on is on disk by then, the rest moments later. */
  append: (event: RunEvent) => void;
  /** Everything appended so far is on disk, or could not be written and was reported. */
  flush: () => void;
  /** Flushes, and lets others run the project again; safe to call twice. */
  close: () => void;
};

/**
 * Written before `append` returns, some ten microseconds each: losing one of these to a killed process
 * would lose an answer that is paid for, a call that may be, or what everything else refers to.
 */
const vital: ReadonlySet<RunEvent['type']> = new Set([
  'run-started',
  'run-planned',
  'phase-started',
  'call-finished',
  'task-finished',
  'run-finished',
]);

/** Unwritten lines that are kept while the disk takes none. */
const mostPendingBytes = 64 * 1024 * 1024;

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
  /** Hears, in one sentence and once, that events cannot be written. */
  onNotice?: (message: string) => void;
  now?: () => number;
}): Journal {
  const { projectId, resume = false, onNotice } = options;
  const now = options.now ?? (() => Date.now() / 1000);
  const directory = runDirectory(options.directory, projectId);
  const path = join(directory, journalFile);
  const { file, unlock, end } = open({ directory, path, projectId, resume, now });

  /** Where the next byte goes; positions make writing the same bytes twice harmless. */
  let position = end;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let writing: { chunk: Buffer; at: number } | undefined;
  let closed = false;
  let reported = false;

  function report(error: unknown): void {
    if (reported) return;
    reported = true;
    onNotice?.(
      `The journal of ${projectId} cannot be written (${messageOf(error)}), so this run could not be continued if it were interrupted now: free some space.`,
    );
  }

  function takePending(): Buffer {
    const chunk = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    return chunk;
  }

  function giveBack(chunk: Buffer): void {
    pending.unshift(chunk);
    pendingBytes += chunk.length;
    while (pendingBytes > mostPendingBytes && pending.length > 1) {
      pendingBytes -= pending.shift()?.length ?? 0;
    }
  }

  function writeInBackground(): void {
    if (writing !== undefined || pending.length === 0 || closed) return;
    const job = { chunk: takePending(), at: position };
    writing = job;
    const put = (offset: number): void => {
      const { chunk, at } = job;
      write(file, chunk, offset, chunk.length - offset, at + offset, (error, written) => {
        // A flush has written these bytes in the meantime.
        if (writing !== job) return;
        if (error === null && offset + written < chunk.length) {
          put(offset + written);
          return;
        }
        writing = undefined;
        if (error === null) {
          position = at + chunk.length;
          writeInBackground();
          return;
        }
        report(error);
        giveBack(chunk);
      });
    };
    put(0);
  }

  function flush(): void {
    if (closed) return;
    const unwritten = writing;
    writing = undefined;
    const rest = takePending();
    const chunk = unwritten === undefined ? rest : Buffer.concat([unwritten.chunk, rest]);
    try {
      for (let offset = 0; offset < chunk.length;) {
        offset += writeSync(file, chunk, offset, chunk.length - offset, position + offset);
      }
      position += chunk.length;
    } catch (error) {
      report(error);
      giveBack(chunk);
    }
  }

  function close(): void {
    if (closed) return;
    flush();
    closed = true;
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
      if (closed) return;
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      pending.push(line);
      pendingBytes += line.length;
      if (vital.has(event.type)) flush();
      else writeInBackground();
    },
    flush,
    close,
  };
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
