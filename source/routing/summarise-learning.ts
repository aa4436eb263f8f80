import type { Policy, RoutingSettings } from '../domain/policy.ts';
import type { CellHistory } from '../domain/profile.ts';
import type { TaskType } from '../domain/task-type.ts';
import type { RoutableModel } from './model.ts';
import { createProfileStore } from './profile-store.ts';
import { routeTask } from './route-task.ts';

export type LearningSummary = {
  /** Tasks of the run that the router was asked about. */
  routes: number;
  /** Those for which the history chooses another model than a cold start would. */
  changed: number;
  /** Dollars per attempt that the warm choices save over all tasks; negative when they cost more. */
  savedUsd: number;
  /** One sentence for people. */
  message: string;
};

/**
 * What the history changed in a run: the same router, without exploration, asked once with the history
 * and once without. Both choices are priced by what the history knows, since a cold start's own idea of
 * a price is the catalogue's.
 */
export function summariseLearning({
  models,
  history,
  taskTypes,
  settings,
  policy,
}: {
  models: readonly RoutableModel[];
  history: readonly CellHistory[];
  /** The type of each task of the run, repeated as often as it came. */
  taskTypes: readonly TaskType[];
  settings: RoutingSettings;
  policy: Policy;
}): LearningSummary {
  const warm = createProfileStore({ models, history });
  const cold = createProfileStore({ models, history: [] });
  const greedy: RoutingSettings = { ...settings, strategy: 'greedy' };
  const choices = new Map<TaskType, { changed: boolean; savedUsd: number }>();
  let changed = 0;
  let savedUsd = 0;
  for (const taskType of taskTypes) {
    let choice = choices.get(taskType);
    if (choice === undefined) {
      const ask = { taskType, settings: greedy, policy, random: () => 0.5 };
      const now = routeTask({ ...ask, profiles: warm }).chosen;
      const then = routeTask({ ...ask, profiles: cold }).chosen;
      const costOf = (model: string): number => warm.profile(model, taskType).avgCostUsd;
      const differs = now !== undefined && then !== undefined && now !== then;
      choice = { changed: differs, savedUsd: differs ? costOf(then) - costOf(now) : 0 };
      choices.set(taskType, choice);
    }
    if (choice.changed) changed += 1;
    if (Number.isFinite(choice.savedUsd)) savedUsd += choice.savedUsd;
  }
  const routes = taskTypes.length;
  return { routes, changed, savedUsd, message: sentenceOf(routes, changed, savedUsd) };
}

function sentenceOf(routes: number, changed: number, savedUsd: number): string {
  if (changed === 0) return `history changed none of ${routes} routes`;
  const said = `history changed ${changed} of ${routes} routes`;
  const amount = Math.abs(savedUsd);
  if (amount < 0.000_05) return `${said}, at about the same price as a cold start`;
  const dollars = `$${amount < 0.1 ? Number(amount.toPrecision(2)) : amount.toFixed(2)}`;
  return savedUsd > 0
    ? `${said}; about ${dollars} less than a cold start`
    : `${said}; about ${dollars} more than a cold start, for better quality`;
}
