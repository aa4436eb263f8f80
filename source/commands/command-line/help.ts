import { commands, commandNames, type CommandName } from './commands.ts';
import type { CommandSpecification } from './specification.ts';

/** `outputDir` → `--output-dir`. */
export function flagName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

export function overviewHelp(): string {
  const list = commandNames.map((name) => `  ${name.padEnd(10)}  ${commands[name].summary}`);
  return [
    'Routes your work to the language models that do it best, and learns from every run.',
    '',
    'Usage',
    '  orchestrator COMMAND [flags]',
    '',
    'Commands',
    ...list,
    '',
    'Start here',
    '  orchestrator demo                 see it work, without any key',
    '  orchestrator COMMAND --help       flags and examples of a command',
    '',
  ].join('\n');
}

export function commandHelp(name: CommandName): string {
  const { summary, usage, flags, examples }: CommandSpecification = commands[name];
  const rows = Object.entries(flags).map(([key, { value, about }]) => ({
    left: value === undefined ? flagName(key) : `${flagName(key)} ${value}`,
    about,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return [
    `${summary}.`,
    '',
    'Usage',
    `  orchestrator ${name} ${usage}`,
    ...(rows.length === 0 ? [] : ['', 'Flags']),
    ...rows.map(({ left, about }) => `  ${left.padEnd(width)}  ${about}`),
    '',
    'Examples',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}
