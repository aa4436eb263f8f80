import { createInterface } from 'node:readline/promises';
import { exitCodes, OrchestratorError } from '../../domain/errors.ts';
import type { CommandContext } from '../command-line/specification.ts';
import { printText } from '../../dashboard/output/print.ts';

export type Answers = { project: string; criteria: string; budgetUsd: number };

const defaultBudgetUsd = 8;

/**
 * Asks for what `orchestrator run` needs to know, where it was called without flags in a terminal.
 *
 * @throws OrchestratorError `interrupted` after Ctrl+C or Ctrl+D: nothing was started.
 */
export async function askForProject({ stdin, stderr }: CommandContext): Promise<Answers> {
  // Questions go to stderr, so that stdout holds the result alone.
  const dialog = createInterface({ input: stdin, output: stderr, terminal: true });
  const ended = new AbortController();
  dialog.once('SIGINT', () => ended.abort());
  dialog.once('close', () => ended.abort());
  const ask = async (question: string, accept: (answer: string) => string | undefined) => {
    let problem: string | undefined;
    let answer: string;
    do {
      if (problem !== undefined) printText(stderr, `${problem}\n`);
      answer = (await dialog.question(question, { signal: ended.signal })).trim();
      problem = accept(answer);
    } while (problem !== undefined);
    return answer;
  };
  try {
    const project = await ask('Project (what to do): ', (answer) =>
      answer === '' ? 'Say in a sentence what the project is.' : undefined,
    );
    const criteria = await ask('Criteria (what a good result is): ', (answer) =>
      answer === '' ? 'Say what would make you accept the result.' : undefined,
    );
    const budget = await ask(`Budget in dollars [${defaultBudgetUsd}]: `, (answer) =>
      answer === '' || Number(answer) > 0 ? undefined : 'Give a number above 0, for example 2.50.',
    );
    return { project, criteria, budgetUsd: budget === '' ? defaultBudgetUsd : Number(budget) };
  } catch (error) {
    if (!ended.signal.aborted) throw error;
    throw new OrchestratorError(
      'interrupted',
      'Nothing was started: give --project and --criteria to run without questions.',
      { cause: error, exitCode: exitCodes.interrupted },
    );
  } finally {
    dialog.close();
  }
}
