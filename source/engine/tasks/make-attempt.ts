import {
  generatePrompt,
  revisePrompt,
  type PriorWork,
  type Prompt,
  type TaskBrief,
} from '../../domain/prompts.ts';
import { noAnswerReason, type ModelOffer } from '../../domain/model-api.ts';
import { defined } from '../../domain/defined.ts';
import { callWithRoom } from '../calls/call-with-room.ts';
import type { CallFailureReason, CallRequest, ReadAnswer } from '../calls/call.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { callKey } from '../resume-state.ts';
import type { ValidatorSpec } from '../validators/index.ts';
import type { Attempt } from './attempt.ts';
import { comparable, observationOf } from './observation.ts';
import { fitPriorWork, outputLimit } from './prior-work.ts';
import { critique } from './critique.ts';
import { judge } from './judge.ts';
import type { Missing } from './review.ts';
import { checked } from './check-options.ts';
import { prepareMaterial, restored } from './long-material.ts';
import type { TaskWork } from './task-work.ts';

/** What an attempt starts from. */
export type AttemptPlan = {
  brief: TaskBrief;
  specs: readonly ValidatorSpec[];
  priorWork: readonly PriorWork[];
  iteration: number;
  model: string;
  /** The attempt to improve; absent: a first answer. */
  previous?: Attempt & { output: string };
  /** Share of the usual output limit to ask for, where the budget is short. */
  outputShare: number;
  /** The judges, without a critique, so that answers can be compared. Absent: chosen by role. */
  judges?: readonly string[];
  /** Of the choice of the model, see {@link Choice}; for a first answer. */
  propensity?: () => number | undefined;
};

export type AttemptOutcome =
  | {
      kind: 'attempt';
      attempt: Attempt;
      /** Why it has no score. */
      missing?: Missing;
      /** Whether the same model may do better a while later. */
      passing: boolean;
    }
  /** Nothing was learned of the model: out of money, stopped, rate-limited or not reachable. */
  | { kind: 'none'; reason: CallFailureReason; message: string };

/** One generation or revision, checked, criticised and judged. */
export async function makeAttempt(work: TaskWork, plan: AttemptPlan): Promise<AttemptOutcome> {
  const { context, task } = work;
  const { iteration, model, previous, brief } = plan;
  const offer = context.offers.get(model);
  if (offer === undefined) return { kind: 'none', reason: 'unknown-model', message: model };
  const phase = previous === undefined ? 'generate' : 'revise';
  const request = requestOf(offer, task.type, plan);
  const call: CallRequest = {
    step: callKey(task.id, phase, iteration),
    role: previous === undefined ? 'generator' : 'reviser',
    taskId: task.id,
    taskType: task.type,
    attempt: iteration,
    model,
    ...request,
    ...(previous === undefined ? defined({ propensity: plan.propensity }) : {}),
    signals: work.signals,
    onStart: () => work.begin(phase, model, iteration),
  };
  const result = await callWithRoom(context, call, {
    onCut: (message) => work.notice(message),
    wasCut: previous?.cut === true,
  });
  const { cost, possibleCost, latencyMs } = result;
  const base = { iteration, model: result.model, cost, possibleCost, latencyMs };
  if (!result.ok) {
    const { reason, message, blame } = result;
    if (blame !== 'model') return { kind: 'none', reason, message };
    const attempt = { ...base, ...failed, error: `${reason}: ${message}` };
    return finish(work, attempt, { passing: reason !== 'bad-request' });
  }
  // An answer that was not inspected before the end is no evidence about the model.
  if (work.signals.execution.aborted)
    return { kind: 'none', reason: 'aborted', message: 'stopped' };
  const noAnswer = noAnswerReason(result.finishReason);
  if (noAnswer !== undefined) return finish(work, { ...base, ...failed, error: noAnswer });
  if (result.text.trim() === '') {
    return finish(work, { ...base, ...failed, error: emptyAnswer(result) });
  }
  const output = await restored(work, result.text, phase);
  await prepareMaterial(work, output);
  const cut = result.cut !== undefined;
  const answer = { answer: output, model: result.model, iteration, cut, costUsd: toUsd(cost) };
  work.begin('validate', result.model, iteration);
  const { problems, ...tested } = await checked(work, plan.specs, output);
  if (work.signals.execution.aborted)
    return { kind: 'none', reason: 'aborted', message: 'stopped' };
  const critic =
    plan.judges === undefined
      ? await critique(work, brief, answer, { isNeeded: false })
      : 'no-model';
  if (critic === 'stopped') return { kind: 'none', reason: 'aborted', message: 'stopped' };
  const review = typeof critic === 'object' ? critic : {};
  const reviewSpared = critic === 'spared';
  if (typeof critic === 'object') await prepareMaterial(work, critic.review);
  const judgement = await judge(work, brief, { ...answer, ...review, problems }, plan.judges);
  if (judgement === 'stopped') return { kind: 'none', reason: 'aborted', message: 'stopped' };
  if (judgement === 'no-budget') return { kind: 'none', reason: 'no-budget', message: 'no judge' };
  const scored =
    typeof judgement === 'object' ? { score: judgement.score, judges: judgement.judges } : {};
  if (typeof judgement === 'object') work.span.evaluated({ ...judgement, attempt: iteration });
  return finish(
    work,
    {
      ...base,
      output,
      validatorsPassed: problems.length === 0,
      problems: [...problems, ...(cut ? [cutProblem] : [])],
      ...(cut ? { cut } : {}),
      policyViolation: false,
      ...tested,
      ...review,
      ...(reviewSpared ? { reviewSpared } : {}),
      ...scored,
    },
    typeof judgement === 'object' ? {} : { missing: judgement },
  );
}

export const cutProblem =
  'The answer was cut off at its length limit: say the same in fewer words, so that it is complete.';

function emptyAnswer({ cut, finishReason }: ReadAnswer): string {
  if (cut === undefined) return 'the answer is empty';
  return finishReason === 'length'
    ? 'its reasoning used up the output limit before there was an answer'
    : 'it broke off in its reasoning, before there was an answer';
}

const failed = { validatorsPassed: false, problems: [], policyViolation: false };

/** What a call for an attempt is asked with. */
export function requestOf(
  offer: ModelOffer,
  taskType: string,
  plan: Pick<AttemptPlan, 'brief' | 'priorWork' | 'previous' | 'outputShare'>,
): { prompt: Prompt; maxOutputTokens: number } {
  const wanted = Math.ceil(standardOf(taskType).outputTokens * plan.outputShare);
  const maxOutputTokens = outputLimit(offer, wanted);
  const otherBytes =
    Buffer.byteLength(plan.brief.instructions) +
    Buffer.byteLength(plan.brief.criteria) +
    Buffer.byteLength(plan.previous?.output ?? '') +
    Buffer.byteLength(plan.previous?.review ?? '') +
    promptFrameBytes;
  const priorWork = fitPriorWork(plan.priorWork, {
    offer,
    outputTokens: maxOutputTokens,
    otherBytes,
  });
  return { prompt: promptOf(plan, priorWork), maxOutputTokens };
}

/** What our own wording around a task takes at most. */
const promptFrameBytes = 3000;

function promptOf(
  { brief, previous }: Pick<AttemptPlan, 'brief' | 'previous'>,
  priorWork: readonly PriorWork[],
): Prompt {
  if (previous === undefined) return generatePrompt(brief, { priorWork });
  const { output, review, problems } = previous;
  return revisePrompt(brief, {
    answer: output,
    problems,
    priorWork,
    ...defined({ review }),
  });
}

/** Says that the attempt is over, and lets routing learn from it. */
function finish(
  work: TaskWork,
  made: Attempt,
  more: { missing?: Missing; passing?: boolean } = {},
): AttemptOutcome {
  const { context, task } = work;
  const { policy } = context.options;
  const { maxLatencyMs = Infinity, maxTaskCostUsd = Infinity } = policy;
  const attempt = {
    ...made,
    policyViolation: made.latencyMs > maxLatencyMs || toUsd(work.cost()) > maxTaskCostUsd,
  };
  const { iteration, model, latencyMs, score, reviewer, error, validatorsPassed } = attempt;
  const event = {
    taskType: task.type,
    model,
    costUsd: toUsd(attempt.cost),
    ...(attempt.possibleCost === 0 ? {} : { possibleCostUsd: toUsd(attempt.possibleCost) }),
    latencyMs,
    failed: attempt.output === undefined,
    policyViolation: attempt.policyViolation,
    validatorsPassed,
    ...defined({ score }),
  };
  const observation = observationOf(event);
  context.profiles.observe(comparable(context, task.id, { ...event, iteration }));
  context.observed.observe(observation);
  context.emit({
    type: 'attempt-finished',
    taskId: task.id,
    iteration,
    ...event,
    ...(attempt.problems.length === 0 ? {} : { problems: [...attempt.problems] }),
    ...defined({ reviewer, error }),
  });
  return { kind: 'attempt', attempt, passing: false, ...more };
}
