import type { RunEventOf } from '../../domain/run-event.ts';
import type { AttemptObservation, JudgeRecord } from '../../routing/index.ts';

type Observed = Omit<
  RunEventOf<'attempt-finished'>,
  'type' | 'projectId' | 'at' | 'taskId' | 'iteration'
>;

/**
 * What routing learns of an attempt. Where it failed, and what its calls cost is only what may have been
 * charged, its cost is unknown: money that was set aside is no price.
 */
export function observationOf(attempt: Observed): AttemptObservation {
  const { costUsd, possibleCostUsd = 0, ...rest } = attempt;
  return attempt.failed && possibleCostUsd > 0 ? rest : { ...rest, costUsd };
}

/** The same with a score as if all judges had given it: what is chosen by must not depend on who judged. */
export function comparable(
  { judges }: { judges: JudgeRecord },
  taskId: string,
  attempt: Observed & { iteration: number },
): AttemptObservation {
  const observation = observationOf(attempt);
  const { score } = observation;
  if (score === undefined) return observation;
  const shift = judges.shiftOf(answerKey(taskId, attempt.iteration));
  return { ...observation, score: Math.min(1, Math.max(0, score + shift)) };
}

/** Names an answer within its run, for the record of its judges. */
export function answerKey(taskId: string, iteration: number): string {
  return `${taskId}/${iteration}`;
}
