import {
  ModelCallError,
  type ModelClient,
  type ModelOffer,
  type ModelResponse,
} from '../../domain/model-api.ts';
import type { Random } from '../../domain/runtime.ts';
import type { Tuning } from '../constants.ts';
import type { Say } from '../say.ts';
import type { Ledger } from '../money/ledger.ts';
import { inputTokenBound, largestCost } from '../money/largest-cost.ts';
import { toUsd } from '../money/nano-dollars.ts';
import type { Replay } from '../replay.ts';
import { traceCall } from '../tracing.ts';
import { backoffMs } from './backoff.ts';
import type { CallFailure, CallRequest, CallResult, Caller } from './call.ts';
import { chargeOfAnswer, chargeOfFailure, type Charge } from './charge.ts';
import { createHealth } from './health.ts';
import { send } from './send.ts';
import { withoutThoughts } from './thoughts.ts';

export function createCaller(options: {
  offers: ReadonlyMap<string, ModelOffer>;
  client: ModelClient;
  ledger: Ledger;
  replay: Replay;
  say: Say;
  random: Random;
  tuning: Tuning;
  /** Calls at once per provider when all is well. */
  callsPerProvider: number;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  /** A server went beyond the output limit: the run must stop. */
  onRunaway(message: string): void;
}): Caller {
  const { client, ledger, replay, say, random, tuning, now } = options;
  const health = createHealth(options);

  async function call(request: CallRequest): Promise<CallResult> {
    const recorded = replay.answer(request.step);
    if (recorded !== undefined) {
      return { ok: true, ...recorded, text: withoutThoughts(recorded.text) };
    }
    const offer = options.offers.get(request.model);
    if (offer === undefined) return failure(request, 'unknown-model', 'the model is not offered');
    const interruptedCost = chargeInterrupted(request, offer);
    let cost = interruptedCost;
    let latencyMs = 0;
    let lastFault: CallFailure | undefined;
    for (let faults = 0, limits = 0; ;) {
      const result = await tryOnce(request, offer);
      cost += result.cost;
      latencyMs += result.latencyMs;
      const total = { ...result, cost, latencyMs };
      if (result.ok) return total;
      // Its breaker opened during the pause: what this call itself met is the reason.
      if (result.reason === 'unhealthy' && lastFault !== undefined) {
        return { ...lastFault, cost, latencyMs };
      }
      const { retry } = result;
      if (retry === undefined) return total;
      lastFault = result;
      if (retry.rateLimited) limits += 1;
      else faults += 1;
      const patient = (retry.retryAfterMs ?? 0) <= tuning.patienceMs;
      if (faults >= tuning.triesPerCall || limits >= tuning.triesWhenRateLimited || !patient) {
        return total;
      }
      const pause = backoffMs({
        next: faults + limits + 1,
        baseMs: tuning.backoffBaseMs,
        capMs: tuning.backoffCapMs,
        random,
        ...(retry.retryAfterMs === undefined ? {} : { retryAfterMs: retry.retryAfterMs }),
      });
      await request.scopes.starting.sleep(pause);
    }
  }

  /** What was in flight when an earlier part of this run was killed may have been charged for. */
  function chargeInterrupted(request: CallRequest, offer: ModelOffer): number {
    if (!replay.takeInterrupted(request.step)) return 0;
    const prompt = { ...request.prompt, maxOutputTokens: request.maxOutputTokens };
    const cost = largestCost(offer, prompt);
    ledger.charge(request.phase, cost);
    tell(request, { cost, estimated: true, runaway: false }, 0, { error: 'aborted' });
    return cost;
  }

  async function tryOnce(request: CallRequest, offer: ModelOffer): Promise<Try> {
    const { model, prompt, maxOutputTokens, scopes, phase } = request;
    const leave = await health.enter(offer, scopes.starting);
    if (leave === 'cancelled') return failure(request, 'aborted', reasonOf(scopes));
    if (leave === 'unhealthy')
      return failure(request, 'unhealthy', `${model} is not reachable now`);
    try {
      const amount = largestCost(offer, { ...prompt, maxOutputTokens });
      const reservation = await ledger.reserve(phase, amount, scopes.starting);
      if (scopes.starting.cancelled) {
        reservation?.settle(0);
        return failure(request, 'aborted', reasonOf(scopes));
      }
      if (reservation === undefined) {
        return failure(request, 'no-budget', `${model} could cost more than the budget has left`);
      }
      // While this call waited for money, others may have found out that the model is down.
      if (!health.begin(offer)) {
        reservation.settle(0);
        return failure(request, 'unhealthy', `${model} is not reachable now`);
      }
      request.onStart?.();
      const startedAt = now();
      const span = traceCall(request, offer.provider);
      try {
        const response = await send(client, modelRequest(request), {
          timeoutMs: tuning.callTimeoutMs,
          running: scopes.running,
        });
        const latencyMs = now() - startedAt;
        const charge = chargeOfAnswer(offer, response, {
          amount,
          inputTokens: inputTokenBound(prompt),
          maxOutputTokens,
        });
        reservation.settle(charge.cost);
        health.succeeded(offer);
        span.answered(response, toUsd(charge.cost));
        tell(request, charge, latencyMs, { response });
        if (charge.runaway) options.onRunaway(runawayMessage(model));
        const { finishReason } = response;
        const text = withoutThoughts(response.text);
        return { ok: true, model, text, finishReason, cost: charge.cost, latencyMs };
      } catch (error) {
        if (!(error instanceof ModelCallError)) throw error;
        const latencyMs = now() - startedAt;
        const charge = chargeOfFailure(error, amount);
        reservation.settle(charge.cost);
        health.failed(offer, error);
        span.failed(error);
        tell(request, charge, latencyMs, { error: error.code });
        return {
          ...failure(request, error.code, error.message),
          cost: charge.cost,
          latencyMs,
          ...(error.isRetryable ? { retry: retryOf(error) } : {}),
        };
      }
    } finally {
      leave();
    }
  }

  function tell(
    { step, phase, model, taskId }: CallRequest,
    { cost, estimated }: Charge,
    latencyMs: number,
    outcome: { response?: ModelResponse; error?: ModelCallError['code'] },
  ): void {
    const { response, error } = outcome;
    say({
      type: 'call-finished',
      phase,
      model,
      costUsd: toUsd(cost),
      latencyMs,
      estimated,
      step,
      ...(taskId === undefined ? {} : { taskId }),
      ...(error === undefined ? {} : { error }),
      ...(response?.usage === undefined ? {} : { usage: response.usage }),
      ...(response === undefined
        ? {}
        : { answer: { text: response.text, finishReason: response.finishReason } }),
    });
  }

  return { call, isHealthy: health.isHealthy, recoversInMs: health.recoversInMs };
}

type Retry = { rateLimited: boolean; retryAfterMs?: number };
type Try = CallResult & { retry?: Retry };

function retryOf({ code, retryAfterMs }: ModelCallError): Retry {
  return {
    rateLimited: code === 'rate-limited',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function modelRequest({ model, prompt, maxOutputTokens, json, temperature }: CallRequest) {
  return {
    model,
    system: prompt.system,
    prompt: prompt.prompt,
    maxOutputTokens,
    ...(json === undefined ? {} : { json }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function failure({ model }: CallRequest, reason: CallFailure['reason'], message: string) {
  return { ok: false, reason, message, model, cost: 0, latencyMs: 0 } as const;
}

const reasonOf = ({ starting }: CallRequest['scopes']): string => starting.reason ?? 'stopped';

function runawayMessage(model: string): string {
  return `The server of ${model} ignored its output limit, so the budget could not be kept: block ${model} under policy: in the configuration, then continue.`;
}
