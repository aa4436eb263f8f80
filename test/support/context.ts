import { PassThrough } from 'node:stream';
import type { CommandContext } from '../../source/commands/command-line/specification.ts';
import { dispatch } from '../../source/commands/main.ts';

/** A stream that keeps what is written and claims to be a file, not a terminal. */
function captured() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return {
    stream: Object.assign(stream, { isTTY: false, fd: -1 }) as unknown as NodeJS.WriteStream,
    text: () => chunks.join(''),
  };
}

export type Outcome = { exitCode: number; stdout: string; stderr: string };

/** Runs one command line in this process, with its output captured. */
export async function runCommandLine(
  argv: readonly string[],
  options: { environment?: NodeJS.ProcessEnv; workingDirectory?: string } = {},
): Promise<Outcome> {
  const stdout = captured();
  const stderr = captured();
  const stdin = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.ReadStream;
  const context: CommandContext = {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment: options.environment ?? {},
    workingDirectory: options.workingDirectory ?? process.cwd(),
    clock: () => Date.now() / 1000,
  };
  const exitCode = await dispatch(argv, context);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
