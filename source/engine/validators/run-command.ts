import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extensionOf } from '../results/file-name.ts';
import { withoutFence } from './payload.ts';
import { runSubprocess } from './subprocess.ts';

/**
 * Runs the user's own command on an output: in a scratch directory of its own, with the output on
 * standard input and in the file that `OUTPUT_FILE` and `{file}` name. Undefined when it exits with 0.
 */
export async function commandProblem(
  command: string | readonly string[],
  options: {
    output: string;
    taskType: string;
    timeoutSeconds: number;
    onCancel?: (callback: () => void) => () => void;
  },
): Promise<string | undefined> {
  const { output, taskType, timeoutSeconds, onCancel } = options;
  const directory = await mkdtemp(join(tmpdir(), 'orchestrator-check-'));
  try {
    const { code } = withoutFence(output);
    const file = join(directory, `output${extensionOf(output, taskType)}`);
    await writeFile(file, code, { mode: 0o600 });
    const result = await runSubprocess({
      command: argumentsOf(command, file),
      directory,
      input: code,
      timeoutMs: timeoutSeconds * 1000,
      environment: { OUTPUT_FILE: file },
      ...(onCancel === undefined ? {} : { onCancel }),
    });
    if (result.status === 'not-found') return 'the command could not be started';
    if (result.status === 'timed-out') return `the command took longer than ${timeoutSeconds} s`;
    if (result.code === 0) return undefined;
    const said = result.output.trim();
    return `the command ended with ${result.code ?? 'a signal'}${said === '' ? '' : `: ${said}`}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function argumentsOf(command: string | readonly string[], file: string): [string, ...string[]] {
  // A single text is the user's own shell command; a list is run as it stands.
  if (typeof command === 'string')
    return ['/bin/sh', '-c', command.replaceAll('{file}', '"$OUTPUT_FILE"')];
  const [program = '', ...args] = command.map((argument) => argument.replaceAll('{file}', file));
  return [program, ...args];
}
