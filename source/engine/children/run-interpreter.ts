import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import process from 'node:process';
import { onAbort } from '../../domain/abort.ts';
import { cleanEnvironment } from './environment.ts';
import { killGroup } from './processes.ts';

export type InterpreterResult =
  | { status: 'exited'; code: number | null; output: string }
  | { status: 'timed-out' }
  | { status: 'not-found' }
  | { status: 'stopped' };

/** What is kept of what it writes, in characters. */
const keptOutput = 32_000;

/**
 * Has an interpreter run a program of ours on a text, in a process group of its own that is killed at the
 * end. Nothing of an answer is run in it, so it needs no launcher; it gets no key all the same.
 */
export function runInterpreter(options: {
  command: readonly [string, ...string[]];
  input: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}): Promise<InterpreterResult> {
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    cwd: '/',
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    // Version managers start interpreters from below the user's HOME.
    env: { ...cleanEnvironment(process.env), HOME: homedir() },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-keptOutput);
  });
  // A program need not read its input; that it closed it early is no error.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  return new Promise((resolve) => {
    const end = (status: 'timed-out' | 'stopped'): void => {
      killGroup(child.pid);
      // Windows knows no groups.
      child.kill('SIGKILL');
      settle({ status });
    };
    // Cancellation may come at once, before there is anything to unsubscribe.
    let off: (() => void) | undefined;
    const timer = setTimeout(() => end('timed-out'), options.timeoutMs);
    const settle = (result: InterpreterResult): void => {
      clearTimeout(timer);
      off?.();
      killGroup(child.pid);
      resolve(result);
    };
    off = onAbort(options.signal, () => end('stopped'));
    child.once('error', () => settle({ status: 'not-found' }));
    child.once('close', (code) => settle({ status: 'exited', code, output }));
  });
}
