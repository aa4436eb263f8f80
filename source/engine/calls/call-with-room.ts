import type { ModelOffer } from '../../domain/model-api.ts';
import type { RunContext } from '../context.ts';
import type { ReasoningRoom } from './reasoning-room.ts';
import type { CallAnswer, CallFailure, CallRequest, CallResult } from './call.ts';

/** What an answer that is cut off is worth: a larger limit, so often at most. */
const mostEnlargements = 2;

/** More output than this is asked of no model. */
const largestLimit = 65_536;

/** The steps of one call with different limits are this far apart; see {@link callKey}. */
const stepsApart = 100;

/**
 * As the caller's `call`, and asks again with more room where an answer was cut off, as far as the
 * model's window and the budget allow: twice the limit for an answer, four times where reasoning had
 * used it up. Of several answers the last one counts, with what all of them cost. A model that is known
 * to reason has room for it from the start.
 */
export async function callWithRoom(
  context: Pick<RunContext, 'caller' | 'offers' | 'ledger' | 'bounds' | 'room'>,
  request: CallRequest,
  options: {
    /** Called for every answer that was cut off. */
    onCut: (message: string) => void;
    /** An earlier answer to nearly the same was cut off: the largest limit is given at once. */
    wasCut?: boolean;
  },
): Promise<CallResult> {
  const { caller, room } = context;
  const offer = context.offers.get(request.model);
  if (offer === undefined) return caller.call(request);
  const used = { cost: 0, possibleCost: 0, latencyMs: 0 };
  let before: CallAnswer | undefined;
  const { onCut, wasCut = false } = options;
  const usual = request.maxOutputTokens;
  const wanted = usual * (wasCut ? 2 ** mostEnlargements : 1) + room.of(offer.id);
  let limit = Math.max(usual, fitting(context, { offer, request, wanted }));
  for (let level = wasCut ? mostEnlargements : 0; ; level += 1) {
    const result = await caller.call({
      ...request,
      step: enlarged(request.step, level),
      maxOutputTokens: limit,
    });
    used.cost += result.cost;
    used.possibleCost += result.possibleCost;
    used.latencyMs += result.latencyMs;
    // Room for reasoning that the model does not take is not worth failing for.
    if (isRefusedRoom(result, { limit, request }) && before === undefined) {
      room.refused(offer.id);
      limit = usual;
      level -= 1;
      continue;
    }
    // A limit that the model or the budget does not allow leaves what there was.
    if (!result.ok && before !== undefined && result.reason !== 'aborted') {
      return { ...before, ...used };
    }
    if (result.ok && wasPromptCut(result)) return { ...toCutPrompt(result), ...used };
    if (result.ok) noteReasoning(room, result, limit);
    if (!result.ok || !wouldGoOn(result)) {
      return { ...result, ...used };
    }
    const wanted = result.cut === 'reasoning' ? Math.max(limit * 4, limit + 2048) : limit * 2;
    const next = fitting(context, { offer, request, wanted });
    const more = level < mostEnlargements && next > limit;
    onCut(cutMessage(result, { limit, ...(more ? { next } : {}) }));
    if (!more) return { ...(isLonger(before, result) ? before : result), ...used };
    before = result;
    limit = next;
  }
}

/** It ended at its limit, and not by itself, and not after all that was needed. */
const wouldGoOn = ({ cut, score, finishReason }: CallAnswer): boolean =>
  cut !== undefined && score === undefined && finishReason !== 'stop';

/** An answer without an end is still more than reasoning without an answer. */
const isLonger = (before: CallAnswer | undefined, now: CallAnswer): before is CallAnswer =>
  before?.cut === 'answer' && now.cut === 'reasoning';

function isRefusedRoom(
  result: CallResult,
  { limit, request }: { limit: number; request: CallRequest },
): boolean {
  return !result.ok && result.reason === 'bad-request' && limit > request.maxOutputTokens;
}

/** No model has a smaller window: a server that says it read less does not count what it read. */
const smallestWindow = 1024;

const wasPromptCut = ({ cutPrompt }: CallAnswer): boolean =>
  cutPrompt !== undefined && cutPrompt.readTokens >= smallestWindow;

/** What a model says to the rest of a prompt is no answer to the prompt. */
function toCutPrompt({ model, cost, possibleCost, latencyMs, cutPrompt }: CallAnswer): CallFailure {
  const { readTokens = 0, promptTokens = 0 } = cutPrompt ?? {};
  return {
    ok: false,
    reason: 'bad-request',
    blame: 'user',
    message: `its server read only ${readTokens} of at least ${promptTokens} tokens of the prompt: enlarge its context window, or set contextTokens of ${model} in the configuration`,
    model,
    cost,
    possibleCost,
    latencyMs,
  };
}

function noteReasoning(room: ReasoningRoom, answer: CallAnswer, limit: number): void {
  const { model, cut, reasoningTokens = 0 } = answer;
  const tokens = cut === 'reasoning' ? limit : reasoningTokens;
  if (tokens > 0) room.saw(model, tokens);
}

/** The answer to a call that an earlier part of the run made, with the largest limit it was given. */
export function lastOfEnlarged<Answer>(
  step: string,
  answerOf: (step: string) => Answer | undefined,
): Answer | undefined {
  for (let level = mostEnlargements; level >= 0; level -= 1) {
    const answer = answerOf(enlarged(step, level));
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function enlarged(step: string, level: number): string {
  const place = step.lastIndexOf('/') + 1;
  return `${step.slice(0, place)}${Number(step.slice(place)) + level * stepsApart}`;
}

/** The largest limit up to `wanted` that the window and half of the money that is left allow. */
function fitting(
  { ledger, bounds }: Pick<RunContext, 'ledger' | 'bounds'>,
  { offer, request, wanted }: { offer: ModelOffer; request: CallRequest; wanted: number },
): number {
  const window = offer.contextTokens ?? Number.POSITIVE_INFINITY;
  const limit = Math.floor(Math.min(wanted, window / 2, largestLimit));
  const cost = bounds.largest(offer, { ...request.prompt, maxOutputTokens: limit });
  return cost <= ledger.remaining() / 2 ? limit : request.maxOutputTokens;
}

function cutMessage(
  { model, cut }: CallAnswer,
  { limit, next }: { limit: number; next?: number },
): string {
  const what =
    cut === 'reasoning'
      ? `${model} used up its limit of ${limit} output tokens by reasoning, before it came to an answer`
      : `The answer of ${model} was cut off at its limit of ${limit} output tokens`;
  return next === undefined ? `${what}.` : `${what}: it is asked again with up to ${next}.`;
}
