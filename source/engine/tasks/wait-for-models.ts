import type { TaskWork } from './task-work.ts';

/**
 * Waits until the first of the models that are only resting (an open breaker, a rate limit) may be
 * called again; false at once where no model but the excluded will be.
 */
export async function waitForModels(
  work: TaskWork,
  excluded: (model: string) => boolean,
): Promise<boolean> {
  const { caller, offers, tuning } = work.context;
  const waits = [...offers.keys()]
    .filter((model) => !excluded(model))
    .flatMap((model) => caller.recoversInMs(model) ?? []);
  if (waits.length === 0) return false;
  // Those that could be called at once are not what is waited for: they are not able or not allowed.
  const resting = waits.filter((wait) => wait > 0);
  const shortest = Math.max(tuning.backoffBaseMs, resting.length === 0 ? 0 : Math.min(...resting));
  work.notice(`No model can be reached now: trying again in ${Math.ceil(shortest / 1000)} s.`);
  await work.scopes.starting.sleep(shortest + 1);
  return true;
}
