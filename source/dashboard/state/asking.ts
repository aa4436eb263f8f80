import { canBeAskedAbout, isAskedAbout } from '../../domain/asking.ts';
import { selectedTask } from './lists.ts';
import { openRunView, type AppState } from './state.ts';

/** The probability with which the user is asked whether the selected task's result is good; undefined where they are not. */
export function askedWith(state: AppState): number | undefined {
  const task = selectedTask(state);
  const projectId = openRunView(state)?.projectId;
  const { askShare = 0 } = state.moneyLimits;
  if (task === undefined || projectId === undefined || !canBeAskedAbout(task)) return undefined;
  return isAskedAbout(projectId, task.id, askShare) ? askShare : undefined;
}
