import { createInterface, type Interface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes, OrchestratorError } from '../../domain/errors.ts';
import { printText } from '../../dashboard/output/print.ts';
import { cleanText } from '../../dashboard/text/width.ts';
import type { CommandContext } from '../command-line/specification.ts';

/** Asks for one line on the terminal until it is acceptable; `accept` says what is wrong with an answer. */
export type Ask = (
  question: string,
  accept: (answer: string) => string | undefined,
) => Promise<string>;

/**
 * A conversation in the terminal; `left` is what is said of one that the user leaves.
 *
 * @throws OrchestratorError `interrupted` after Ctrl+C or Ctrl+D.
 */
export async function inDialog<Result>(
  { stdin, stderr }: Pick<CommandContext, 'stdin' | 'stderr'>,
  left: string,
  converse: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  // Questions go to stderr, so that stdout holds the result alone.
  const dialog = createInterface({ input: stdin, output: stderr, terminal: true });
  const ended = new AbortController();
  dialog.once('SIGINT', () => ended.abort());
  dialog.once('close', () => ended.abort());
  try {
    return await converse(async (question, accept) => {
      let problem: string | undefined;
      let answer: string;
      do {
        if (problem !== undefined) printText(stderr, `${problem}\n`);
        answer = await answerOf(dialog, question, ended.signal);
        problem = accept(answer);
      } while (problem !== undefined);
      return answer;
    });
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    throw new OrchestratorError('interrupted', left, {
      cause: error,
      exitCode: exitCodes.interrupted,
    });
  } finally {
    dialog.close();
  }
}

/** Asks a question that Enter answers with yes. */
export function confirm(
  context: CommandContext,
  question: string,
  remedy: string,
): Promise<boolean> {
  return inDialog(context, `Nothing was started: ${remedy}.`, async (ask) => {
    const answer = await ask(`${cleanText(question)} [Y/n] `, (said) =>
      /^(?:|y|yes|n|no)$/i.test(said) ? undefined : 'Answer y or n.',
    );
    return !/^n/i.test(answer);
  });
}

/** How long after a line another one is part of the same paste, in milliseconds. */
const pasteMs = 80;

/**
 * One answer: what is typed up to Enter, or all lines of a text that is pasted, as one. They must not answer
 * the questions that come next, the last of which starts a run that costs money.
 */
async function answerOf(dialog: Interface, question: string, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
  };
  const first = dialog.question(question, { signal });
  dialog.on('line', take);
  try {
    lines.unshift(await first);
    for (let known = 0; known < lines.length;) {
      known = lines.length;
      await pause(pasteMs, undefined, { signal });
    }
  } finally {
    dialog.off('line', take);
  }
  if (lines.length > 1 && dialog.line !== '') {
    // Of the last line there is no end yet.
    lines.push(dialog.line);
    dialog.write(null, { ctrl: true, name: 'u' });
  }
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
