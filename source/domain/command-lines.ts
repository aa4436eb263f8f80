import { withFields } from './defined.ts';
import type { Insight, Recommendation } from './insight.ts';

/** A text as one word of a command line; some shells replace a word that begins with "=". */
export function shellWord(text: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;
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
  const names = [model, alternative].map(shellWord);
  const flags = ['--type', shellWord(taskType)];
  if (tasks > usual.tasks) flags.push('--tasks', String(tasks));
  const budgetUsd = budgetRoom * costUsd;
  if (budgetUsd > usual.budgetUsd) flags.push('--budget', String(Math.ceil(budgetUsd)));
  const words = looksLikeFlag(model, alternative)
    ? [...flags, '--', ...names]
    : [...names, ...flags];
  return ['orchestrator', 'compare', ...words].join(' ');
}

/** A model may be called `--config=FILE`. */
const looksLikeFlag = (...names: readonly string[]): boolean =>
  names.some((name) => name.startsWith('-'));

/**
 * The command at the end of a message of advice. Looked for as it was written, by the names in it: models may be
 * called whatever looks like a command, and what is copied is pasted into a shell.
 */
export function commandIn(
  advice: Pick<Recommendation, 'model' | 'alternative' | 'taskType' | 'message' | 'evidence'>,
): string | undefined {
  const { model, alternative, taskType, message, evidence } = advice;
  if (alternative === undefined) return undefined;
  const { moreNeeded: tasks = 0, moreCostUsd: costUsd = 0 } = evidence;
  const limits = looksLikeFlag(model, alternative) ? { tasks, costUsd } : { tasks: 0, costUsd: 0 };
  const beginning = compareCommand({ model, alternative, taskType }, limits);
  const at = message.lastIndexOf(beginning);
  return at === -1 ? undefined : message.slice(at);
}

/** The same insight, whose commands name the history that it is of; what is worked out when asked for stays so. */
export function withCommandFlags(insight: Insight, flags: string): Insight {
  if (flags === '') return insight;
  const recommendations = insight.recommendations.map((one) => {
    const command = commandIn(one);
    if (command === undefined) return one;
    const before = one.message.slice(0, -command.length);
    const [own = '', names] = command.split(' -- ', 2);
    const isLast = names === undefined || !looksLikeFlag(one.model, one.alternative ?? '');
    return {
      ...one,
      message: isLast
        ? `${one.message} ${flags}`
        : `${before}${own} ${flags}${command.slice(own.length)}`,
    };
  });
  return withFields(insight, { recommendations });
}
