import { spawn } from 'node:child_process';
import process from 'node:process';
import type { SuspendTerminal } from 'ink';
import type { Keyboard } from '../keys/keyboard.ts';

/**
 * Shows a file in the user's own program ($PAGER, else $VISUAL or $EDITOR, else `less`) in place of the
 * dashboard, and comes back when that has ended. The program is named as a shell would be told it, with its
 * flags; the path is handed over as an argument, whatever characters it has.
 *
 * @throws Error with a sentence for people when there is no such program.
 */
export async function showFileInProgram(
  path: string,
  options: {
    environment: NodeJS.ProcessEnv;
    suspendTerminal: SuspendTerminal;
    keyboard: Keyboard;
  },
): Promise<void> {
  const { environment, suspendTerminal, keyboard } = options;
  const program = [environment['PAGER'], environment['VISUAL'], environment['EDITOR']].find(
    (name) => name !== undefined && name.trim() !== '',
  );
  const suspension = await suspendTerminal();
  keyboard.release();
  try {
    await ended(program ?? 'less', path, environment);
  } finally {
    keyboard.resume();
    await suspension.resume();
  }
}

function ended(program: string, path: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const isWindows = process.platform === 'win32';
  const child = isWindows
    ? spawn(program === 'less' ? 'more' : program, [path], { stdio: 'inherit', env: environment })
    : spawn('/bin/sh', ['-c', `${program} "$1"`, 'sh', path], {
        stdio: 'inherit',
        env: environment,
      });
  return new Promise((resolve, reject) => {
    child.on('error', () => reject(new Error(notThere(program))));
    child.on('exit', (code) => {
      // What a shell says of a program that is not there, or cannot be started.
      if (code === 126 || code === 127) reject(new Error(notThere(program)));
      else resolve();
    });
  });
}

const notThere = (program: string): string =>
  `${program} cannot be started: name another program in PAGER or EDITOR.`;
