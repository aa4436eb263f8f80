import { defined } from '../../domain/defined.ts';
import meow from 'meow';
import { didYouMean } from '../../domain/closest-name.ts';
import { messageOf, UsageError } from '../../domain/errors.ts';
import { ownValue } from '../../domain/own-value.ts';
import { commandNames, commands, type CommandName } from './commands.ts';
import { flagName } from './help.ts';
import type { CommandSpecification, FlagSpecification, FlagValues } from './specification.ts';

export type ParsedCommand = {
  argument?: string;
  secondArgument?: string;
  flags: FlagValues;
  help: boolean;
};

/**
 * What was given to a command, checked against its specification.
 *
 * meow is asked to let unknown flags through, since its own answer to them ends the process without
 * naming a remedy.
 *
 * @throws UsageError on unknown, repeated or valueless flags and on surplus or missing arguments.
 */
export function parseCommand(name: CommandName, argv: readonly string[]): ParsedCommand {
  const specification: CommandSpecification = commands[name];
  const remedy = `see orchestrator ${name} --help`;
  const { input, flags } = readArguments(specification, argv, remedy);
  const { help = false, ...given } = flags;
  if (help) return { flags: {}, help: true };

  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || key === '--') continue;
    const flag = ownValue(specification.flags, key);
    if (flag === undefined) {
      const dashes = key.length === 1 ? `-${key}` : flagName(key);
      const meant = didYouMean(dashes, Object.keys(specification.flags).map(flagName));
      throw new UsageError(`There is no flag ${dashes} here${meant || elsewhere(key)}: ${remedy}.`);
    }
    if (flag.type === 'boolean') {
      if (value === true) values[key] = true;
      continue;
    }
    if (Array.isArray(value)) {
      // meow leaves out of a list what has no value.
      if (lacksValue(flagName(key), argv)) checkedText(key, flag, undefined, remedy);
      if (value.length > 0) values[key] = value.map((one) => checkedText(key, flag, one, remedy));
      continue;
    }
    values[key] = checkedText(key, flag, value, remedy);
  }
  return { ...argumentOf(name, specification, input), flags: values, help: false };
}

/** The commands that have a flag, as the end of a sentence. */
function elsewhere(key: string): string {
  const names = commandNames.filter((name) => Object.hasOwn(commands[name].flags, key));
  return names.length === 0 ? '' : ` (it is one of orchestrator ${names.join(', ')})`;
}

function checkedText(
  key: string,
  { value: shown = 'VALUE' }: FlagSpecification,
  value: unknown,
  remedy: string,
): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(
    `${flagName(key)} needs a value: write ${flagName(key)} ${shown}, or ${remedy}.`,
  );
}

const lacksValue = (flag: string, argv: readonly string[]): boolean =>
  argv.some((word, index) => word === flag && (argv[index + 1] ?? '-').startsWith('-'));

function readArguments(
  specification: CommandSpecification,
  argv: readonly string[],
  remedy: string,
) {
  const flags = Object.fromEntries(
    Object.entries(specification.flags).map(([key, { type, isList = false }]) => [
      key,
      isList ? { type, isMultiple: true } : { type },
    ]),
  );
  try {
    return meow({
      importMeta: import.meta,
      pkg: { name: 'orchestrator' },
      argv: withDashes(specification, argv),
      flags: { ...flags, help: { type: 'boolean', shortFlag: 'h' } },
      autoHelp: false,
      autoVersion: false,
      booleanDefault: undefined,
    });
  } catch (error) {
    throw new UsageError(`${messageOf(error).replace(/\.$/, '')}: ${remedy}.`, { cause: error });
  }
}

/** A dash alone, as the value of a flag that takes one: meow would take it for an argument. */
function withDashes({ flags }: CommandSpecification, argv: readonly string[]): string[] {
  const valued = new Set(
    Object.entries(flags).flatMap(([key, { type }]) => (type === 'string' ? flagName(key) : [])),
  );
  const joined: string[] = [];
  for (const [index, word] of argv.entries()) {
    if (word === '-' && valued.has(argv[index - 1] ?? '')) joined.push(`${joined.pop()}=-`);
    else joined.push(word);
  }
  return joined;
}

function argumentOf(
  name: CommandName,
  {
    argument: required,
    secondArgument,
    optionalArgument,
    optionalSecondArgument,
    asks = false,
  }: CommandSpecification,
  input: readonly string[],
): { argument?: string; secondArgument?: string } {
  const [first, second, third] = input;
  const argument = required ?? optionalArgument;
  if (argument === undefined) {
    if (first === undefined) return {};
    throw new UsageError(
      `orchestrator ${name} takes no argument, and "${first}" is one: see orchestrator ${name} --help.`,
    );
  }
  if (first === undefined) {
    if (required === undefined || asks) return {};
    throw new UsageError(
      `orchestrator ${name} needs ${argument}: see orchestrator ${name} --help.`,
    );
  }
  if (secondArgument !== undefined) {
    if (second === undefined) {
      throw new UsageError(
        `orchestrator ${name} needs ${secondArgument} after ${argument}: see orchestrator ${name} --help.`,
      );
    }
    if (third === undefined) return { argument: first, secondArgument: second };
    throw new UsageError(
      `orchestrator ${name} takes ${argument} and ${secondArgument}, and "${third}" is a third: quote what has spaces.`,
    );
  }
  if (optionalSecondArgument !== undefined && third === undefined) {
    return { argument: first, ...defined({ secondArgument: second }) };
  }
  if (second !== undefined) {
    throw new UsageError(
      `orchestrator ${name} takes one ${argument}, and "${second}" is a second: quote it if it has spaces.`,
    );
  }
  return { argument: first };
}
