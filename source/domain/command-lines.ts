import type { Insight } from './insight.ts';

/** A text as one word of a command line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The defaults of a comparison. */
const usual = { tasks: 100, budgetUsd: 2 };
/** By how much more than is expected a budget is, so that a comparison seldom ends for want of money. */
const budgetRoom = 1.5;

/** The command that lets both models answer the same tasks, with as many tasks and as much money as it is likely to take. */
export function compareCommand(
  { model, alternative, taskType }: { model: string; alternative: string; taskType: string },
  { tasks, costUsd }: { tasks: number; costUsd: number },
): string {
  const words = ['orchestrator', 'compare', model, alternative, '--type', taskType].map(shellWord);
  if (tasks > usual.tasks) words.push('--tasks', String(tasks));
  const budgetUsd = budgetRoom * costUsd;
  if (budgetUsd > usual.budgetUsd) words.push('--budget', String(Math.ceil(budgetUsd)));
  return words.join(' ');
}

/** The command in a message of advice. */
const command = /orchestrator compare .*$/;

export function commandIn(message: string): string | undefined {
  return command.exec(message)?.[0];
}

/** The same insight, whose commands name the history that it is of; what is worked out when asked for stays so. */
export function withCommandFlags(insight: Insight, flags: string): Insight {
  if (flags === '') return insight;
  const recommendations = insight.recommendations.map((one) => ({
    ...one,
    message: one.message.replace(command, (found) => `${found} ${flags}`),
  }));
  const derived: Insight = Object.create(
    Object.prototype,
    Object.getOwnPropertyDescriptors(insight),
  );
  return Object.defineProperty(derived, 'recommendations', { value: recommendations });
}
