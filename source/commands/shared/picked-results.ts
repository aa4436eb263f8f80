import { canBeAskedAbout, isAskedAbout, usualAskShare } from '../../domain/asking.ts';
import type { RunState } from '../../domain/run-state.ts';
import type { TaskState } from '../../domain/task-state.ts';
import type { CommandContext } from '../command-line/specification.ts';

/** The probability with which a user with this setting is asked about a result; 0: never. */
export const askProbability = (share: number | undefined): number => share ?? usualAskShare;

/** The results of a run that are asked about, as picked at random with this probability. */
export const pickedResults = (state: RunState, probability: number): TaskState[] =>
  [...state.tasks.values()].filter(
    (task) => canBeAskedAbout(task) && isAskedAbout(state.projectId, task.id, probability),
  );

/** Whether a person reads what is asked, and can answer. */
export const isAnswered = ({
  stdin,
  stdout,
  environment,
}: Pick<CommandContext, 'stdin' | 'stdout' | 'environment'>): boolean =>
  stdin.isTTY && stdout.isTTY && !isSet(environment['CI']);

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && !['', '0', 'false'].includes(variable.toLowerCase());
}
