import type { ModelCallError, ModelOffer } from '../../domain/model-api.ts';
import type { Exchanged, UsageVerdict } from '../money/believable-usage.ts';
import { toNano, type NanoDollars } from '../../domain/nano-dollars.ts';

export type Charge = {
  /** What the budget is charged. */
  cost: NanoDollars;
  /** What of it may be learned as a price: the rest was set aside, since the cost is unknown. */
  learned: NanoDollars;
  /** The actual cost is unknown. */
  estimated: boolean;
};

/** More bytes per token than any ordinary text under an honoured limit has. */
const mostBytesPerToken = 16;
/** What is assumed of a text whose tokens were not counted. */
const usualBytesPerToken = 4;

/**
 * What an answered call cost. Where that is unknown, the budget is charged all that was reserved, or
 * what the answer must have cost where it is longer than was reserved for.
 */
export function chargeOfAnswer(
  offer: ModelOffer,
  known: { reserved: NanoDollars; verdict: UsageVerdict | undefined; exchanged: Exchanged },
): Charge {
  const { reserved, verdict, exchanged } = known;
  if (verdict?.plausible === true) {
    const cost = toNano(offer.costUsd(verdict.usage));
    if (Number.isFinite(cost)) return { cost, learned: cost, estimated: false };
  }
  const { promptBytes, inputTokens, answerBytes, maxOutputTokens } = exchanged;
  const costOf = (input: number, output: number): NanoDollars => {
    const cost = offer.costUsd({
      inputTokens: input,
      cachedInputTokens: 0,
      outputTokens: Math.ceil(output),
    });
    return Number.isFinite(cost) ? toNano(cost) : 0;
  };
  const usualOutput = answerBytes / usualBytesPerToken;
  const usual = costOf(Math.ceil(promptBytes / usualBytesPerToken), usualOutput);
  const brokeLimit = answerBytes > maxOutputTokens * mostBytesPerToken;
  const cost = brokeLimit ? Math.max(reserved, costOf(inputTokens, usualOutput)) : reserved;
  return { cost, learned: Math.min(cost, usual), estimated: cost > 0 };
}

/** What a failed call cost: all that was reserved where the provider may charge for it. */
export function chargeOfFailure(error: ModelCallError, reserved: NanoDollars): Charge {
  const cost = error.mayHaveCost ? reserved : 0;
  return { cost, learned: 0, estimated: cost > 0 };
}
