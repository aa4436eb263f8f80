import { sleep, type CallSignals } from '../calls/signals.ts';
import type { RunContext } from '../context.ts';
import type { TaskWork } from './task-work.ts';

/** Times that one task, or the plan, waits for models to come back: a server may load for minutes. */
export const waitsAtMost = 40;

/** As {@link waitForRecovery}, for a task. */
export function waitForModels(
  work: TaskWork,
  excluded: (model: string) => boolean,
): Promise<boolean> {
  return waitForRecovery(work.context, {
    signals: work.signals,
    excluded,
    notice: (message) => work.notice(message),
  });
}

/**
 * Waits until the first of the models that are only cooling down (an open breaker, a rate limit, a server
 * that is loading or not up yet) may be called again; false at once where no model but the excluded
 * will be within the time limit of the run.
 */
export async function waitForRecovery(
  { caller, offers, tuning, options }: RunContext,
  wait: {
    signals: CallSignals;
    excluded: (model: string) => boolean;
    notice: (message: string) => void;
  },
): Promise<boolean> {
  const waits = [...offers.keys()]
    .filter((model) => !wait.excluded(model))
    .flatMap((model) => caller.recoversInMs(model) ?? []);
  if (waits.length === 0) return false;
  // Those that could be called at once are not what is waited for: they are not able or not allowed.
  const coolingDown = waits.filter((ms) => ms > 0);
  const shortest = Math.max(
    tuning.backoffBaseMs,
    coolingDown.length === 0 ? 0 : Math.min(...coolingDown),
  );
  if (shortest > options.timeLimitSeconds * 1000) return false;
  wait.notice(`No model can be reached now: trying again in ${Math.ceil(shortest / 1000)} s.`);
  await sleep(shortest + 1, wait.signals.admission);
  return true;
}
