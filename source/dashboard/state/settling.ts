import { commandIn } from '../../domain/command-lines.ts';
import type { Recommendation } from '../../domain/insight.ts';
import { recommendationId } from './lists.ts';
import { topView, type AppState } from './state.ts';

/** What would settle an advice that is not firm, and what that is likely to cost. */
export type Settling = { command: string; tasks: number; costUsd: number };

/** Of the advice whose evidence is shown; undefined where no comparison would settle it. */
export function settlingOf(state: AppState): Settling | undefined {
  const view = topView(state);
  if (view?.kind !== 'evidence') return undefined;
  const advice = state.insight?.recommendations.find(
    (one) => recommendationId(one) === view.recommendation,
  );
  return advice && settling(advice);
}

export function settling(advice: Recommendation): Settling | undefined {
  const { moreNeeded: tasks, moreCostUsd: costUsd = 0 } = advice.evidence;
  if (tasks === undefined) return undefined;
  const command = commandIn(advice.message);
  return command === undefined ? undefined : { command, tasks, costUsd };
}
