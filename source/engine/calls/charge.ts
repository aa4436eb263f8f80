import { ModelCallError, type ModelOffer, type ModelResponse } from '../../domain/model-api.ts';
import { toNano, type NanoDollars } from '../money/nano-dollars.ts';

export type Charge = {
  /** What the budget is charged. */
  cost: NanoDollars;
  /** What of it may be learned as a price: the rest was set aside, since the cost is unknown. */
  learned: NanoDollars;
  /** The actual cost is unknown. */
  estimated: boolean;
  /** The server went beyond the output limit that it was given. */
  runaway: boolean;
};

/** Servers may count a closing token or two of their own. */
const toleratedTokens = 16;

/** More bytes per token than any text under an honoured limit has. */
const bytesPerTokenAtMost = 64;
/** What is assumed of a text that is known to have broken its limit. */
const usualBytesPerToken = 4;

/** What an answered call cost, and whether it kept to what was reserved. */
export function chargeOfAnswer(
  offer: ModelOffer,
  response: ModelResponse,
  reserved: { amount: NanoDollars; inputTokens: number; maxOutputTokens: number },
): Charge {
  const { usage, text } = response;
  if (usage === undefined) {
    const bytes = Buffer.byteLength(text);
    const learned = Math.min(reserved.amount, likelyCost(offer, reserved.inputTokens, bytes));
    if (bytes <= reserved.maxOutputTokens * bytesPerTokenAtMost) {
      return { cost: reserved.amount, learned, estimated: true, runaway: false };
    }
    const outputTokens = Math.ceil(bytes / usualBytesPerToken);
    const { inputTokens } = reserved;
    const cost = toNano(offer.costUsd({ inputTokens, cachedInputTokens: 0, outputTokens }));
    return {
      cost: Math.max(cost, reserved.amount),
      learned,
      estimated: true,
      runaway: cost > 0,
    };
  }
  const cost = toNano(offer.costUsd(usage));
  if (!Number.isFinite(cost)) {
    return { cost: reserved.amount, learned: 0, estimated: true, runaway: false };
  }
  const beyondLimit = usage.outputTokens > reserved.maxOutputTokens + toleratedTokens;
  // A free model may talk as long as it likes.
  return {
    cost,
    learned: cost,
    estimated: false,
    runaway: cost > 0 && (beyondLimit || cost > reserved.amount),
  };
}

/** What a failed call cost: all that was reserved where the provider may charge for it. */
export function chargeOfFailure(error: unknown, reserved: NanoDollars): Charge {
  const mayHaveCost = error instanceof ModelCallError ? error.mayHaveCost : true;
  return {
    cost: mayHaveCost ? reserved : 0,
    learned: 0,
    estimated: mayHaveCost && reserved > 0,
    runaway: false,
  };
}

/** What texts of this length usually cost. */
function likelyCost(offer: ModelOffer, inputBytes: number, outputBytes: number): NanoDollars {
  const inputTokens = Math.ceil(inputBytes / usualBytesPerToken);
  const outputTokens = Math.ceil(outputBytes / usualBytesPerToken);
  return toNano(offer.costUsd({ inputTokens, cachedInputTokens: 0, outputTokens }));
}
