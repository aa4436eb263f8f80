import type { ModelOffer, TokenUsage } from './model-api.ts';

/** The call that a model is priced by where no real one has a known cost. */
const typicalCall: TokenUsage = { inputTokens: 1000, cachedInputTokens: 0, outputTokens: 500 };

/** Dollars of a typical call (1,000 tokens in, 500 out) at the model's list price. */
export function listPriceUsd({ costUsd }: Pick<ModelOffer, 'costUsd'>): number {
  return costUsd(typicalCall);
}
