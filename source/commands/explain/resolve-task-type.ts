import { didYouMean } from '../../domain/closest-name.ts';
import { UsageError } from '../../domain/errors.ts';
import { builtInTaskTypes, taskTypeLabel, type TaskType } from '../../domain/task-type.ts';

/**
 * The task type that a person named, by its full name or by the short one of the screens.
 *
 * @throws UsageError where neither the design nor the history knows it.
 */
export function resolveTaskType(named: string, inHistory: readonly TaskType[]): TaskType {
  const known = [...new Set([...builtInTaskTypes, ...inHistory])];
  const found =
    known.find((type) => type === named) ?? known.find((type) => taskTypeLabel(type) === named);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no task type ${JSON.stringify(named)}${didYouMean(named, known)}: use one of ${known.join(', ')}.`,
  );
}
