import { defined } from '../../domain/defined.ts';
import { lastOfEnlarged } from '../calls/call-with-room.ts';
import { readAnswer } from '../calls/read-answer.ts';
import { callKey, type RecordedAnswer } from '../resume-state.ts';
import { toNano } from '../../domain/nano-dollars.ts';
import type { ValidatorSpec } from '../validators/index.ts';
import type { Attempt } from './attempt.ts';
import { checked } from './check-options.ts';
import { restored } from './long-material.ts';
import { cutProblem } from './make-attempt.ts';
import type { TaskWork } from './task-work.ts';

/** An attempt that an earlier part of the run finished, as it was; undefined where there is none. */
export async function restoreAttempt(
  work: TaskWork,
  specs: readonly ValidatorSpec[],
  iteration: number,
): Promise<Attempt | undefined> {
  const { resume } = work.context;
  const { id } = work.task;
  const event = resume.attempt(id, iteration);
  if (event === undefined) return undefined;
  const { model, score, latencyMs, failed, policyViolation, reviewer, error } = event;
  const recorded = (phase: string) =>
    lastOfEnlarged(callKey(id, phase, iteration), (step) => resume.answer(step));
  const answer = failed ? undefined : await read(work, recorded('generate') ?? recorded('revise'));
  const review = (await read(work, recorded('critique')))?.text;
  const phase = recorded('generate') === undefined ? 'revise' : 'generate';
  const output = answer === undefined ? undefined : await restored(work, answer.text, phase);
  const { problems, ...tested } =
    output === undefined ? { problems: [] } : await checked(work, specs, output);
  return {
    iteration,
    model,
    validatorsPassed: event.validatorsPassed,
    problems: answer?.cut === undefined ? problems : [...problems, cutProblem],
    cost: toNano(event.costUsd),
    possibleCost: toNano(event.possibleCostUsd ?? 0),
    latencyMs,
    policyViolation,
    ...defined({ output }),
    ...tested,
    ...(answer?.cut === undefined ? {} : { cut: true }),
    ...(score === undefined || output === undefined ? {} : { score }),
    ...defined({ reviewer, review, error }),
    ...(output !== undefined && reviewer === undefined ? { reviewSpared: true } : {}),
  };
}

/** As it was read then: without the reasoning around it. */
async function read({ signals, task, context }: TaskWork, recorded: RecordedAnswer | undefined) {
  const asked = `${task.prompt}\n${context.options.criteria}`;
  return recorded === undefined
    ? undefined
    : readAnswer({ prompt: { system: '', prompt: asked }, signals }, recorded);
}
