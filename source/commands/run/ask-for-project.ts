import type { CommandContext } from '../command-line/specification.ts';
import { inDialog } from '../shared/dialog.ts';
import { defaultLimits } from './run-request.ts';

export type Answers = { project: string; criteria: string; budgetUsd: number };

const defaultBudgetUsd = defaultLimits.budgetUsd;

/** Asks for what `orchestrator run` needs to know, where it was called without flags in a terminal. */
export function askForProject(context: CommandContext): Promise<Answers> {
  const left = 'Nothing was started: give --project and --criteria to run without questions.';
  return inDialog(context, left, async (ask) => {
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
  });
}
