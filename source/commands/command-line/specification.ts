import type { ExitCode } from '../../domain/errors.ts';
import type { Clock } from '../../domain/runtime.ts';

/** One flag of a command, as help and parser need it. */
export type FlagSpecification = {
  type: 'string' | 'boolean';
  /** What stands for the value in the help, for example `FILE`. */
  value?: string;
  /** Whether it may be given several times. */
  isList?: boolean;
  about: string;
};

export type CommandSpecification = {
  /** One line for the list of commands. */
  summary: string;
  /** What comes after `orchestrator NAME` in the usage line. */
  usage: string;
  /** The name of the one positional argument, where the command takes one. */
  argument?: string;
  /** The name of a second one, after the first. */
  secondArgument?: string;
  /** Whether the command asks for its arguments in a terminal, so that all of them may be left out. */
  asks?: boolean;
  /** The same, where the command does without it too. */
  optionalSecondArgument?: string;
  /** What the argument may be, for completion; absent: a file, where its name says so. */
  choices?: readonly string[];
  /** The same as `argument`, where the command does without it too. */
  optionalArgument?: string;
  flags: Record<string, FlagSpecification>;
  /** Lines that a person can copy. */
  examples: string[];
  load: () => Promise<{ command: Command }>;
};

/** The environment of a command; the launcher passes the real one. */
export type CommandContext = {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  environment: NodeJS.ProcessEnv;
  workingDirectory: string;
  clock: Clock;
  /**
   * Says that the process must end soon after the command, even where a terminal takes no output: it is a
   * run with its time limit, or a screen that was left. Other commands wait for their reader.
   */
  endInTime?: () => void;
  /** Says that what is still under way must not keep the process: only what was printed is waited for. */
  leaveBehind?: () => void;
};

export type CommandInput = {
  argument?: string;
  secondArgument?: string;
  /** Only what was given; strings are not yet checked. */
  flags: FlagValues;
  context: CommandContext;
};

export type FlagValues = Readonly<Record<string, string | boolean | readonly string[]>>;

/** Runs until done and says how the process is to end. Rejects with an error meant for the user. */
export type Command = (input: CommandInput) => Promise<ExitCode>;
