import type { ModelOffer } from '../../domain/model-api.ts';
import { toNanoCeiling, type NanoDollars } from './nano-dollars.ts';

/** Tokens that a provider's chat template and request wrapping may add to the texts. */
const wrappingTokens = 256;

/**
 * At most this many input tokens: tokenizers work on bytes, or fall back to them, so no text has more
 * tokens than UTF-8 bytes.
 */
export function inputTokenBound(request: { system?: string; prompt: string }): number {
  return (
    Buffer.byteLength(request.prompt) + Buffer.byteLength(request.system ?? '') + wrappingTokens
  );
}

/** The most that a call can cost as long as the server honours the output limit. */
export function largestCost(
  offer: ModelOffer,
  request: { system?: string; prompt: string; maxOutputTokens: number },
): NanoDollars {
  const inputTokens = inputTokenBound(request);
  const usage = { inputTokens, cachedInputTokens: 0, outputTokens: request.maxOutputTokens };
  // Writing to a provider's cache may be dearer than plain input.
  const written = { ...usage, cacheWriteTokens: inputTokens };
  return toNanoCeiling(Math.max(offer.costUsd(usage), offer.costUsd(written)));
}
