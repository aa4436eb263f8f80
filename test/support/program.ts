import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { openTerminal, type Terminal, type TerminalOptions } from './terminal.ts';

/** The program as it is installed. */
export const launcher = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type Program = {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves when its output has come to contain a text; rejects when it ends without. */
  says: (text: string) => Promise<void>;
  ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
};

type Where = { environment: NodeJS.ProcessEnv; workingDirectory: string; nodeFlags?: string[] };

/** Starts the program in a process of its own, without a terminal. */
export function startProgram(argv: readonly string[], where: Where): Program {
  const child = spawn(process.execPath, [...(where.nodeFlags ?? []), launcher, ...argv], {
    env: { PATH: process.env['PATH'], ...where.environment },
    cwd: where.workingDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>(
    (resolve) => {
      child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
    },
  );
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!stdout.includes(text) && !stderr.includes(text)) return;
          listeners.delete(check);
          resolve();
        };
        listeners.add(check);
        check();
        void ended.then(() =>
          reject(new Error(`ended without saying ${text}:\n${stdout}${stderr}`)),
        );
      }),
    ended,
  };
}

/** Starts the program in a terminal of its own. */
export function openProgram(
  argv: readonly string[],
  where: Where & Partial<Pick<TerminalOptions, 'columns' | 'rows'>>,
): Terminal {
  const terminal = openTerminal({
    columns: where.columns ?? 100,
    rows: where.rows ?? 30,
    file: process.execPath,
    args: [launcher, ...argv],
    environment: where.environment,
    workingDirectory: where.workingDirectory,
  });
  onTestFinished(() => terminal.close());
  return terminal;
}
