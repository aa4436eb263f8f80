import { stepOf } from '../replay.ts';
import { toNano } from '../money/nano-dollars.ts';
import { validate, type ValidatorSpec } from '../validators/index.ts';
import type { Attempt } from './attempt.ts';
import type { TaskWork } from './task-work.ts';

/** An attempt that an earlier part of the run finished, as it was; undefined where there is none. */
export async function recallAttempt(
  work: TaskWork,
  specs: readonly ValidatorSpec[],
  iteration: number,
): Promise<Attempt | undefined> {
  const { replay, options } = work.context;
  const { id, type } = work.task;
  const event = replay.attempt(id, iteration);
  if (event === undefined) return undefined;
  const { model, score, latencyMs, failed, policyViolation, reviewer, error } = event;
  const answer =
    replay.answer(stepOf(id, 'generate', iteration)) ??
    replay.answer(stepOf(id, 'revise', iteration));
  const review = replay.answer(stepOf(id, 'critique', iteration))?.text;
  const output = failed ? undefined : answer?.text;
  const problems =
    output === undefined
      ? []
      : await validate(specs, output, { taskType: type, secrets: options.secrets ?? [] });
  return {
    iteration,
    model,
    validatorsPassed: event.validatorsPassed,
    problems,
    cost: toNano(event.costUsd),
    latencyMs,
    policyViolation,
    ...(output === undefined ? {} : { output }),
    ...(score === undefined || output === undefined ? {} : { score }),
    ...(reviewer === undefined ? {} : { reviewer }),
    ...(review === undefined ? {} : { review }),
    ...(error === undefined ? {} : { error }),
  };
}
