import process from 'node:process';
import packageJson from '../../package.json' with { type: 'json' };
import { didYouMean } from '../domain/closest-name.ts';
import { exitCodes, UsageError, type ExitCode } from '../domain/errors.ts';
import { commandNames, commands, isCommandName } from './command-line/commands.ts';
import { commandHelp, overviewHelp } from './command-line/help.ts';
import type {
  CommandContext,
  CommandSpecification,
  FlagValues,
} from './command-line/specification.ts';
import { printText } from '../dashboard/output/print.ts';
import { describeError } from './shared/describe-error.ts';
import { watchOutputs } from './shared/outputs.ts';

/**
 * Parses the command line and runs the command it names. The exit code is set, never forced, so that
 * everything pending still reaches disk and terminal.
 */
export async function main(argv: readonly string[]): Promise<void> {
  let mustEnd = false;
  let leavesBehind = false;
  const context: CommandContext = {
    // Opened when it is first asked for: it takes milliseconds, and few commands read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    workingDirectory: currentFolder(),
    clock: () => Date.now() / 1000,
    endInTime() {
      mustEnd = true;
    },
    leaveBehind() {
      leavesBehind = true;
    },
  };
  const outputs = watchOutputs(context);
  const exitCode = await dispatch(argv, context);
  process.exitCode = outputs.failed() ? exitCodes.failed : exitCode;
  // A terminal that takes nothing would keep the process for ever.
  if (mustEnd && !(await outputs.areOut())) process.exit();
  if (leavesBehind) {
    await outputs.arePiped();
    process.exit();
  }
}

/** Where the folder that the shell stands in was removed, files are looked for at the root, and not found. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.chdir('/');
    return '/';
  }
}

/** Runs one command line in a given context. Never rejects: errors are reported on stderr. */
export async function dispatch(
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const { stdout, stderr, environment } = context;
  try {
    const [name, ...rest] = argv;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      const [topic] = rest;
      if (topic !== undefined && !isCommandName(topic)) throw unknownName(topic);
      printText(stdout, topic === undefined ? overviewHelp() : commandHelp(topic));
      return exitCodes.done;
    }
    if (name === '--version' || name === '-v') {
      printText(stdout, `${packageJson.version}\n`);
      return exitCodes.done;
    }
    if (!isCommandName(name)) throw unknownName(name);
    const { parseCommand } = await import('./command-line/parse.ts');
    const { help, ...parsed } = parseCommand(name, rest);
    if (help) {
      printText(stdout, commandHelp(name));
      return exitCodes.done;
    }
    const specification: CommandSpecification = commands[name];
    const { command } = await specification.load();
    return await command({
      ...parsed,
      context: await contextFor(name, specification, parsed.flags, context),
    });
  } catch (error) {
    const { text, exitCode } = describeError(error, environment);
    printText(stderr, text);
    return exitCode;
  }
}

function unknownName(name: string): UsageError {
  const remedy = `one of ${commandNames.join(', ')}, or see orchestrator --help`;
  return new UsageError(
    name.startsWith('-')
      ? `${JSON.stringify(name)} stands where a command is expected: begin with ${remedy}.`
      : `There is no command ${JSON.stringify(name)}${didYouMean(name, commandNames)}: use ${remedy}.`,
  );
}

/** Commands with a history find the one that the configuration names. */
async function contextFor(
  name: string,
  { flags: known }: CommandSpecification,
  flags: FlagValues,
  context: CommandContext,
): Promise<CommandContext> {
  // `doctor` looks at what the configuration says by itself, mistakes included.
  if (!('db' in known || name === 'run') || name === 'doctor') return context;
  const { withHistorySetting } = await import('./shared/history-setting.ts');
  // The others load the configuration themselves.
  return withHistorySetting(context, flags, { tellsOfTrust: name === 'dashboard' });
}
