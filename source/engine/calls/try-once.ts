import { abortReason } from '../../domain/abort.ts';
import { defined } from '../../domain/defined.ts';
import {
  ModelCallError,
  type ModelClient,
  type ModelOffer,
  type ModelResponse,
} from '../../domain/model-api.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { phaseOfRole, type CallIdentity } from '../../domain/run-event.ts';
import { yieldFor } from '../../domain/yield-for.ts';
import type { Tuning } from '../constants.ts';
import type { CostBounds } from '../money/cost-bounds.ts';
import type { BudgetLedger, Reservation } from '../money/budget-ledger.ts';
import type { Emit } from '../emit.ts';
import { traceCall } from '../tracing/index.ts';
import type { CallFailure, CallRequest, CallResult } from './call.ts';
import { chargeOfAnswer, chargeOfFailure, type Charge } from './charge.ts';
import type { Health } from './health.ts';
import { send } from './send.ts';
import { readAnswer } from './read-answer.ts';
import type { UsageWatch } from './usage-watch.ts';

/** What sending a request takes. */
export type Sender = {
  client: ModelClient;
  ledger: BudgetLedger;
  bounds: CostBounds;
  emit: Emit;
  tuning: Tuning;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  /** The start of a call could not be kept, so nothing was sent: the run must stop. */
  onUnrecorded(): void;
  health: Health;
  watchUsage: UsageWatch;
  nextCallId: () => string;
};

/** Whether and when the same request may be sent again. */
export type Retry = { rateLimited: boolean; retryAfterMs?: number };
export type Try = CallResult & { retry?: Retry };

/**
 * One request: a place at the provider, money put aside, its start kept, then sent and settled. Whoever
 * fails at one of these gives back what the earlier ones took.
 */
export async function tryOnce(
  sender: Sender,
  request: CallRequest,
  offer: ModelOffer,
): Promise<Try> {
  const { health, ledger, bounds } = sender;
  const { model, prompt, maxOutputTokens, signals, role } = request;
  const leave = await health.enter(offer, signals.admission);
  if (leave === 'aborted') return stopped(request);
  if (leave === 'unhealthy') return failure(request, 'unhealthy', `${model} is not reachable now`);
  try {
    await yieldFor(prompt.prompt);
    const amount = bounds.largest(offer, { ...prompt, maxOutputTokens });
    const reservation = await ledger.reserve(phaseOfRole[role], amount, signals.admission);
    if (signals.admission.aborted) {
      reservation?.release();
      return stopped(request);
    }
    if (reservation === undefined) {
      return failure(request, 'no-budget', `${model} could cost more than the budget has left`);
    }
    // While this call waited for money, others may have found out that the model is down.
    if (!health.begin(offer)) {
      reservation.release();
      return failure(request, 'unhealthy', `${model} is not reachable now`);
    }
    const identity = identityOf(request, offer, sender.nextCallId());
    if (!sender.emit({ type: 'call-started', ...identity, reservedUsd: toUsd(amount) })) {
      reservation.release();
      const reason = 'the journal cannot be written';
      health.failed(offer, new ModelCallError('aborted', reason));
      sender.onUnrecorded();
      return failure(request, 'aborted', reason);
    }
    request.onStart?.();
    await yieldFor(prompt.prompt);
    return await exchange(sender, { request, offer, identity, reservation });
  } finally {
    leave();
  }
}

type Exchange = {
  request: CallRequest;
  offer: ModelOffer;
  identity: CallIdentity;
  reservation: Reservation;
  propensity?: number | undefined;
};

async function exchange(sender: Sender, exchanged: Exchange): Promise<Try> {
  const { request, offer } = exchanged;
  const startedAt = sender.now();
  const span = traceCall(request, offer);
  try {
    const sent = send(sender.client, modelRequest(request), {
      timeoutMs: sender.tuning.callTimeoutMs,
      execution: request.signals.execution,
    });
    exchanged.propensity = request.propensity?.();
    const response = await sent;
    const latencyMs = sender.now() - startedAt;
    await yieldFor(response.text);
    const answered = await answer(sender, exchanged, response, latencyMs);
    span.answered(response, toUsd(answered.cost + answered.possibleCost), latencyMs);
    return answered;
  } catch (error) {
    if (!(error instanceof ModelCallError)) throw error;
    const latencyMs = sender.now() - startedAt;
    span.failed(error, latencyMs);
    return failed(sender, exchanged, error, latencyMs);
  } finally {
    // What it cost is in the run's account by now.
    exchanged.reservation.release();
  }
}

async function answer(
  { health, emit, watchUsage }: Sender,
  { request, offer, identity, reservation, propensity }: Exchange,
  response: ModelResponse,
  latencyMs: number,
): Promise<Try> {
  const { cutPrompt, ...used } = watchUsage(offer, request, response);
  const charge = chargeOfAnswer(offer, { reserved: reservation.amount, ...used });
  health.succeeded(offer);
  const usage = used.verdict?.plausible === true ? used.verdict.usage : undefined;
  const { text, finishReason, servedModel, responseId } = response;
  await yieldFor(request.prompt.prompt);
  const read = await readAnswer(request, { text, finishReason, ...defined({ usage }) });
  emit({
    type: 'call-finished',
    ...identity,
    ...costOf(charge),
    latencyMs,
    outcome: 'ok',
    ...defined({ score: read.score, servedModel, responseId, usage, propensity }),
    answer: { text, finishReason },
  });
  await yieldFor(text);
  const { model } = request;
  return { ok: true, model, ...read, ...defined({ cutPrompt }), ...shares(charge), latencyMs };
}

function failed(
  { health, emit }: Sender,
  { request, offer, identity, reservation, propensity }: Exchange,
  error: ModelCallError,
  latencyMs: number,
): Try {
  const charge = chargeOfFailure(error, reservation.amount);
  health.failed(offer, error);
  emit({
    type: 'call-finished',
    ...identity,
    ...costOf(charge),
    latencyMs,
    outcome: error.code,
    ...defined({ propensity }),
  });
  return {
    ...failure(request, error.code, error.message),
    blame: error.blame,
    ...shares(charge),
    latencyMs,
    ...(error.isRetryable ? { retry: retryOf(error) } : {}),
  };
}

const costOf = ({ cost, estimated }: Charge) => ({ costUsd: toUsd(cost), estimated });

/** What is known to have been spent, and what was only set aside. */
const shares = ({ cost, learned }: Charge) => ({ cost: learned, possibleCost: cost - learned });

function identityOf(request: CallRequest, { provider }: ModelOffer, callId: string): CallIdentity {
  const { role, model, step, taskId, taskType, attempt, subjectModel } = request;
  return {
    callId,
    role,
    provider,
    model,
    step,
    ...defined({ taskId, taskType, attempt, subjectModel }),
  };
}

function retryOf({ code, retryAfterMs }: ModelCallError): Retry {
  return {
    rateLimited: code === 'rate-limited',
    ...defined({ retryAfterMs }),
  };
}

function modelRequest({ model, prompt, maxOutputTokens, json, temperature }: CallRequest) {
  return {
    model,
    system: prompt.system,
    prompt: prompt.prompt,
    maxOutputTokens,
    ...defined({ json, temperature }),
  };
}

export function failure(
  { model }: CallRequest,
  reason: CallFailure['reason'],
  message: string,
): CallFailure {
  const nothing = { cost: 0, possibleCost: 0, latencyMs: 0 };
  return { ok: false, reason, message, blame: 'nobody', model, ...nothing };
}

const stopped = (request: CallRequest): CallFailure =>
  failure(request, 'aborted', abortReason(request.signals.admission) ?? 'stopped');
