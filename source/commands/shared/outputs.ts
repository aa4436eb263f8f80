import process from 'node:process';
import { printText } from '../../dashboard/output/print.ts';
import { drained, isGone, writeWithoutWaiting } from '../../dashboard/output/stall.ts';
import { exitCodes } from '../../domain/errors.ts';
import type { CommandContext } from '../command-line/specification.ts';

export type Outputs = {
  /** Whether output was lost while its reader is still there. */
  failed: () => boolean;
  /**
   * Resolves when the terminals have taken what was written; false when one takes nothing. Who reads a pipe
   * is waited for without end: it is part of what the user started, and may only be slow.
   */
  areOut: () => Promise<boolean>;
  /** Resolves when pipes and files have taken what was written, or never will. */
  arePiped: () => Promise<void>;
};

/**
 * Keeps the outputs from stopping or ending the process. A reader who left (`| head`) or a terminal that
 * is gone is no error: a run that is paid for continues. What cannot be written (a full disk) is said once.
 */
export function watchOutputs({
  stdout,
  stderr,
}: Pick<CommandContext, 'stdout' | 'stderr'>): Outputs {
  let hasFailed = false;
  for (const stream of [stdout, stderr]) writeWithoutWaiting(stream);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isGone(error) || hasFailed) return;
    hasFailed = true;
    // It may become known only when the command is over.
    process.exitCode = exitCodes.failed;
    printText(
      stderr,
      `The output cannot be written (${error.message}): free some space, or send it elsewhere.\n`,
    );
  });
  // Nobody is left to read it.
  stderr.on('error', () => {});
  return {
    failed: () => hasFailed,
    async areOut() {
      const terminals = [stdout, stderr].filter(({ isTTY }) => isTTY);
      const out = await Promise.all(terminals.map((stream) => drained(stream)));
      return out.every(Boolean);
    },
    async arePiped() {
      const others = [stdout, stderr].filter(
        ({ isTTY, destroyed, writableLength }) => !isTTY && !destroyed && writableLength > 0,
      );
      await Promise.all(
        others.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
      );
    },
  };
}
