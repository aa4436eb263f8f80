import { spawn } from 'node:child_process';
import process from 'node:process';

export type SubprocessResult =
  | { status: 'exited'; code: number | null; output: string }
  | { status: 'timed-out'; output: string }
  | { status: 'not-found' };

/** What is kept of what a program writes. */
const usualKeptOutput = 4000;

/**
 * Runs a program in its own process group, without a shell, with nothing of our environment but the
 * path to programs: no key is handed on. Whatever is left of the group at the end is killed.
 */
export async function runSubprocess(options: {
  command: readonly [string, ...string[]];
  directory: string;
  input: string;
  timeoutMs: number;
  /** Characters that are kept of what it writes, from the end. */
  keptOutput?: number;
  environment?: Record<string, string>;
  /** Ends it before its time; see a scope's `onCancel`. */
  onCancel?: (callback: () => void) => () => void;
}): Promise<SubprocessResult> {
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    cwd: options.directory,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: options.directory,
      TMPDIR: options.directory,
      LANG: 'C.UTF-8',
      ...options.environment,
    },
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-(options.keptOutput ?? usualKeptOutput));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A program need not read its input; that it closed it early is no error.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  return new Promise((resolve) => {
    const end = (): void => {
      killGroup(child.pid);
      settle({ status: 'timed-out', output });
    };
    // Cancellation may come at once, before there is anything to unsubscribe.
    let off: (() => void) | undefined;
    const timer = setTimeout(end, options.timeoutMs);
    const settle = (result: SubprocessResult): void => {
      clearTimeout(timer);
      off?.();
      resolve(result);
    };
    off = options.onCancel?.(end);
    child.once('error', () => settle({ status: 'not-found' }));
    // Its own end counts, not the end of its output: a left-over child may hold that open.
    child.once('exit', (code) => {
      clearTimeout(timer);
      setImmediate(() => {
        killGroup(child.pid);
        child.stdout.destroy();
        child.stderr.destroy();
        settle({ status: 'exited', code, output });
      });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
