import type { ModelOffer } from '../../domain/model-api.ts';
import { defined } from '../../domain/defined.ts';
import type { Random } from '../../domain/runtime.ts';
import type { Tuning } from '../constants.ts';
import { tokensOfCutPrompt } from '../money/believable-usage.ts';
import type { RecordedAnswer, ResumeState } from '../resume-state.ts';
import { backoffMs } from './backoff.ts';
import type { CallFailure, CallRequest, CallResult, Caller, CutPrompt } from './call.ts';
import { createHealth } from './health.ts';
import { failure, tryOnce, type Retry, type Sender } from './try-once.ts';
import { readAnswer } from './read-answer.ts';
import { sleep } from './signals.ts';
import { createUsageWatch } from './usage-watch.ts';

export type CallerOptions = Omit<Sender, 'health' | 'watchUsage' | 'nextCallId'> & {
  offers: ReadonlyMap<string, ModelOffer>;
  resume: ResumeState;
  /** The highest number of a call that an earlier part of the run made; 0 where there was none. */
  lastCallId: number;
  random: Random;
  /** Calls at once per provider when all is well. */
  callsPerProvider: number;
};

/** Tries of one request so far. */
type Tries = { faults: number; limits: number };

export function createCaller(options: CallerOptions): Caller {
  const { resume, tuning } = options;
  const health = createHealth(options);
  const sender: Sender = {
    ...options,
    health,
    watchUsage: createUsageWatch(options),
    nextCallId: callIdsAfter(options.lastCallId),
  };

  async function call(request: CallRequest): Promise<CallResult> {
    const recorded = resume.answer(request.step);
    if (recorded !== undefined) return recall(request, recorded);
    const offer = options.offers.get(request.model);
    if (offer === undefined) return failure(request, 'unknown-model', 'the model is not offered');
    const used = { cost: 0, possibleCost: 0, latencyMs: 0 };
    const tries: Tries = { faults: 0, limits: 0 };
    let lastFault: CallFailure | undefined;
    for (;;) {
      const { retry, ...result } = await tryOnce(sender, request, offer);
      used.cost += result.cost;
      used.possibleCost += result.possibleCost;
      used.latencyMs += result.latencyMs;
      if (result.ok) return { ...result, ...used };
      // Its breaker opened during the pause: what this call itself met is the reason.
      if (result.reason === 'unhealthy' && lastFault !== undefined)
        return { ...lastFault, ...used };
      if (retry === undefined) return { ...result, ...used };
      lastFault = result;
      if (retry.rateLimited) tries.limits += 1;
      else tries.faults += 1;
      if (!mayTryAgain(tries, retry, tuning)) return { ...result, ...used };
      await sleep(pauseMs(tries, retry, options), request.signals.admission);
    }
  }

  return { call, isHealthy: health.isHealthy, recoversInMs: health.recoversInMs };
}

async function recall(request: CallRequest, recorded: RecordedAnswer): Promise<CallResult> {
  const read = await readAnswer(request, recorded);
  return {
    ok: true,
    ...recorded,
    ...read,
    ...defined({ cutPrompt: cutPromptOf(request, recorded) }),
  };
}

/** As it was seen when the answer came. */
function cutPromptOf({ prompt }: CallRequest, { usage }: RecordedAnswer): CutPrompt | undefined {
  if (usage === undefined) return undefined;
  const promptTokens = tokensOfCutPrompt(usage.inputTokens, [prompt.system, prompt.prompt]);
  return promptTokens === undefined ? undefined : { promptTokens, readTokens: usage.inputTokens };
}

function callIdsAfter(last: number): () => string {
  let number = last;
  return () => {
    number += 1;
    return String(number);
  };
}

function mayTryAgain({ faults, limits }: Tries, { retryAfterMs = 0 }: Retry, tuning: Tuning) {
  return (
    faults < tuning.triesPerCall &&
    limits < tuning.triesWhenRateLimited &&
    retryAfterMs <= tuning.maxRetryAfterMs
  );
}

function pauseMs(
  { faults, limits }: Tries,
  { retryAfterMs }: Retry,
  { tuning, random }: Pick<CallerOptions, 'tuning' | 'random'>,
): number {
  return backoffMs({
    next: faults + limits + 1,
    baseMs: tuning.backoffBaseMs,
    capMs: tuning.backoffCapMs,
    random,
    ...defined({ retryAfterMs }),
  });
}
