import { defined } from '../../domain/defined.ts';
import { commandNames, commands } from '../command-line/commands.ts';
import { flagName } from '../command-line/help.ts';
import type { CommandSpecification } from '../command-line/specification.ts';

/** One command as shells complete it. */
export type CompletedCommand = {
  name: string;
  summary: string;
  flags: CompletedFlag[];
  /** What its argument may be; empty where it takes none, or a file. */
  choices: readonly string[];
  takesFile: boolean;
};

export type CompletedFlag = {
  /** With its dashes. */
  name: string;
  about: string;
  /** What stands for its value; absent of a switch. */
  value?: string;
  takesFile: boolean;
};

const isFile = (value: string | undefined): boolean => value === 'FILE' || value === 'DIR';

/** The one table of commands, as it is completed. */
export const completedCommands: readonly CompletedCommand[] = commandNames.map((name) => {
  const { summary, flags, argument, optionalArgument, choices }: CommandSpecification =
    commands[name];
  const help: CompletedFlag = { name: '--help', about: 'flags and examples', takesFile: false };
  return {
    name,
    summary,
    choices: choices ?? [],
    takesFile: choices === undefined && isFile(argument ?? optionalArgument),
    flags: [
      ...Object.entries(flags).map(([key, { about, value }]) => ({
        name: flagName(key),
        about,
        takesFile: isFile(value),
        ...defined({ value }),
      })),
      help,
    ],
  };
});

export const overallFlags = ['--help', '--version'];
