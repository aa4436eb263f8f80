import { commandIn } from '../../domain/command-lines.ts';
import type { Recommendation } from '../../domain/insight.ts';
import { adviceIn, recommendationId, selectedId } from './lists.ts';
import { topView, type AppState } from './state.ts';

/** What would settle an advice that is not firm, and what that is likely to cost. */
export type Settling = { command: string; tasks: number; costUsd: number };

/** Of the advice that is open or selected in its tab; undefined where no comparison would settle it. */
export function settlingOf(state: AppState): Settling | undefined {
  const shown = shownAdvice(state);
  const advice = adviceIn(state).find((one) => recommendationId(one) === shown);
  return advice && settling(advice);
}

function shownAdvice(state: AppState): string | undefined {
  const view = topView(state);
  if (view !== undefined) return view.kind === 'evidence' ? view.recommendation : undefined;
  return state.tab === 'recommendations' ? selectedId(state, 'recommendations') : undefined;
}

export function settling(advice: Recommendation): Settling | undefined {
  const { moreNeeded: tasks, moreCostUsd: costUsd = 0 } = advice.evidence;
  if (tasks === undefined) return undefined;
  const command = commandIn(advice);
  return command === undefined ? undefined : { command, tasks, costUsd };
}
