import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { makeOwnFolder } from '../../files/own-file.ts';
import { cleanEnvironment } from '../children/environment.ts';
import { launch } from '../children/launch.ts';
import { inspect } from '../inspection/index.ts';
import { extensionFor } from './file-extension.ts';

export type CommandOptions = {
  output: string;
  taskType: string;
  timeoutSeconds: number;
  /** `real`: the command finds the user's own files; else an empty folder in their place. */
  home?: 'scratch' | 'real' | undefined;
  /** Where scratch folders are made: the user's own, not one that others share. */
  scratchDirectory?: string;
  signal?: AbortSignal;
  /** For tests; this system's own otherwise. */
  platform?: NodeJS.Platform;
  /** Called where the command could not be run for reasons of ours. */
  onSkipped?: (message: string) => void;
  /** Hears what it found of the output; see {@link ownFailures}. */
  onTested?: (passed: boolean) => void;
};

/** Exit codes of a shell that could not run what it was asked to: no word on the output. */
const ownFailures: ReadonlySet<number | null> = new Set([126, 127]);

/** What is kept of what a command writes, in characters. */
const keptOutput = 4000;

/**
 * Runs the user's own command on an output: in a scratch folder that is also its HOME, with the output on
 * standard input and in the file that `OUTPUT_FILE` and `{file}` name. Undefined when it exits with 0.
 */
export async function commandProblem(
  command: string | readonly string[],
  options: CommandOptions,
): Promise<string | undefined> {
  const { output, taskType, timeoutSeconds, signal, onSkipped, onTested } = options;
  const { scratchDirectory = join(homedir(), '.orchestrator_cache', 'scratch') } = options;
  if ((options.platform ?? process.platform) === 'win32') {
    // Neither a shell nor process groups: it could not be kept that nothing of a command is left.
    onSkipped?.(
      'A check by command was left out, because commands run on Linux and macOS alone: run this in WSL, or check with another kind of validator.',
    );
    return undefined;
  }
  const payload = await inspect('payload', { text: output }, options);
  if (!payload.ok && payload.reason === 'stopped') return undefined;
  const { language, code } = payload.ok ? payload.value : { language: '', code: output };
  if (!makeOwnFolder(scratchDirectory)) {
    onSkipped?.(
      `A check by command was left out, because ${scratchDirectory} is not a folder of your own: remove it, or choose another cache folder with ORCHESTRATOR_CACHE_DIR.`,
    );
    return undefined;
  }
  const directory = join(scratchDirectory, `check-${randomUUID()}`);
  const name = `output${extensionFor({ language, code }, taskType)}`;
  const path = join(directory, name);
  const [program, ...args] = argumentsOf(command, path);
  const home = options.home === 'real' ? homedir() : directory;
  const environment = {
    ...cleanEnvironment(process.env),
    HOME: home,
    TMPDIR: directory,
    OUTPUT_FILE: path,
  };
  const file = { name, content: code };
  const timeoutMs = timeoutSeconds * 1000;
  const result = await launch(
    { kind: 'run', program, args, directory, file, timeoutMs, environment },
    signal,
  );
  switch (result.status) {
    case 'stopped': {
      return undefined;
    }
    case 'not-found': {
      return 'the command could not be started';
    }
    case 'timed-out': {
      onTested?.(false);
      return `the command took longer than ${timeoutSeconds} s`;
    }
    case 'failed': {
      return result.message;
    }
    case 'exited': {
      if (!ownFailures.has(result.code)) onTested?.(result.code === 0);
      if (result.code === 0) return undefined;
      const said = result.output.slice(-keptOutput).trim();
      return `the command ended with ${result.code ?? 'a signal'}${said === '' ? '' : `: ${said}`}`;
    }
  }
}

function argumentsOf(command: string | readonly string[], file: string): [string, ...string[]] {
  // A single text is the user's own shell command; a list is run as it stands.
  if (typeof command === 'string')
    return ['/bin/sh', '-c', command.replaceAll('{file}', '"$OUTPUT_FILE"')];
  const [program = '', ...args] = command.map((argument) => argument.replaceAll('{file}', file));
  return [program, ...args];
}
