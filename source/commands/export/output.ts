import { closeSync, fsyncSync, lstatSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { writeData } from '../../dashboard/output/print.ts';
import { messageOf, OrchestratorError, UsageError } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { isFolder } from '../../files/folder.ts';
import { createOwnFile } from '../../files/own-file.ts';
import { realPathOf } from '../../files/real-path.ts';

/** Where an export goes: a file that is there as a whole or not at all, or the standard output. */
export type Output = {
  write(text: string): Promise<void>;
  /** A new file of the user's alone that takes the place of the old one at the end; undefined of the standard output. */
  temporary: string | undefined;
  /** Puts it in its place. */
  finish(): void;
  /** Leaves everything as it was. */
  discard(): void;
};

/** In characters, before it is written. */
const bufferLength = 1 << 20;

/** @throws UsageError or OrchestratorError where nothing can be put there. */
export function openOutput(
  path: string | undefined,
  stdout: NodeJS.WriteStream,
  database: string,
): Output {
  if (path === undefined) {
    return {
      write: (text) => writeData(stdout, text),
      temporary: undefined,
      finish() {},
      discard() {},
    };
  }
  checkPlace(path, database);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const guarded = <Result>(action: () => Result): Result => {
    try {
      return action();
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new OrchestratorError(
        'unwritable',
        `${path} cannot be written (${messageOf(error)}): ${hasCode(error, 'EACCES') || hasCode(error, 'EROFS') ? 'choose a folder that you may write to' : 'free some space, or name another place'}.`,
        { cause: error },
      );
    }
  };
  const descriptor = guarded(() => createOwnFile(temporary));
  let waiting = '';
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    waiting = '';
    for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
  };
  return {
    temporary,
    write(text) {
      waiting += text;
      if (waiting.length > bufferLength) guarded(flush);
      return Promise.resolve();
    },
    finish: () =>
      guarded(() => {
        flush();
        fsyncSync(descriptor);
        closeSync(descriptor);
        renameSync(temporary, path);
      }),
    discard() {
      closeSync(descriptor);
      rmSync(temporary, { force: true });
    },
  };
}

/** A file there is replaced; a history, a folder, a device are not. */
function checkPlace(path: string, database: string): void {
  const folder = dirname(path);
  if (!isFolder(folder)) {
    throw new OrchestratorError(
      'unwritable',
      `${path} cannot be written, since ${folder} is no folder that is there: make it, or name another place.`,
    );
  }
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile() && !stats.isSymbolicLink()) {
    throw new UsageError(
      `${path} is ${stats.isDirectory() ? 'a folder' : 'no regular file'}: name a file.`,
    );
  }
  const real = realPathOf(path);
  const own = realPathOf(database);
  if (real === own || real.startsWith(`${own}-`) || real === own.replace(/\.db$/i, '.rollups.db')) {
    throw new UsageError(`${path} is the history itself: name another file.`);
  }
}
