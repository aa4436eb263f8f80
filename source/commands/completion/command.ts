import { didYouMean } from '../../domain/closest-name.ts';
import { exitCodes, UsageError } from '../../domain/errors.ts';
import { printText } from '../../dashboard/output/print.ts';
import type { Command } from '../command-line/specification.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const shells: ReadonlyMap<string, () => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** `orchestrator completion SHELL`: a script that the shell loads. */
export const command: Command = ({ argument = '', context }) => {
  const completion = shells.get(argument);
  if (completion === undefined) {
    const names = [...shells.keys()];
    throw new UsageError(
      `There is no completion for ${argument}${didYouMean(argument, names)}: use one of ${names.join(', ')}.`,
    );
  }
  printText(context.stdout, completion());
  return Promise.resolve(exitCodes.done);
};
