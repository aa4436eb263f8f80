import type { RunEventOf } from '../../domain/run-event.ts';
import type { AttemptObservation } from '../../routing/index.ts';

/**
 * What routing learns of an attempt. Where it failed, and what its calls cost is only what may have been
 * charged, its cost is unknown: money that was set aside is no price.
 */
export function observationOf(
  attempt: Omit<
    RunEventOf<'attempt-finished'>,
    'type' | 'projectId' | 'at' | 'taskId' | 'iteration'
  >,
): AttemptObservation {
  const { costUsd, possibleCostUsd = 0, ...rest } = attempt;
  return attempt.failed && possibleCostUsd > 0 ? rest : { ...rest, costUsd };
}
