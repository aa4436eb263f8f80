import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './temporary.ts';
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

export type Ran = { exitCode: number | null; stdout: string; stderr: string };

/** Runs the program to its end, without a terminal. */
export async function runProgram(argv: readonly string[], where: Where): Promise<Ran> {
  const program = startProgram(argv, where);
  const { exitCode } = await program.ended;
  return { exitCode, stdout: program.stdout(), stderr: program.stderr() };
}

/** A folder of somebody who has never run the program, and the program run in it. */
export function programWorld() {
  const directory = temporaryDirectory();
  const environment = { ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'), HOME: directory };
  const where = { environment, workingDirectory: directory };
  return {
    directory,
    environment,
    run: (...argv: string[]): Promise<Ran> => runProgram(argv, where),
    put: (name: string, content: string | Buffer): string => {
      writeFileSync(join(directory, name), content);
      return name;
    },
    /** The facts that an export writes. */
    facts: async (...argv: string[]): Promise<Record<string, unknown>[]> =>
      (await runProgram(['export', ...argv], where)).stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Record<string, unknown> => JSON.parse(line)),
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
