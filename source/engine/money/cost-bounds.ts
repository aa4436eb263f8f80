import type { ModelOffer } from '../../domain/model-api.ts';
import { toNanoCeiling, type NanoDollars } from '../../domain/nano-dollars.ts';

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

/** What a model's server was seen to count beyond what was sent and asked for, in tokens. */
export type Excess = { input: number; output: number };

/** The most that calls can cost, each model as its server was seen to count. */
export type CostBounds = {
  largest: (
    offer: ModelOffer,
    request: { system?: string; prompt: string; maxOutputTokens: number },
  ) => NanoDollars;
  /** Takes note of what a server counted in excess, and returns what of it was news. */
  learn(model: string, excess: Excess): Excess;
};

/**
 * A call that goes beyond its bound is charged what it cost; those after it are reserved accordingly. So a
 * gateway that adds to every prompt costs a run one call beyond its budget at most.
 */
export function createCostBounds(): CostBounds {
  const seen = new Map<string, Excess>();
  return {
    largest(offer, request) {
      const excess = seen.get(offer.id);
      const inputTokens = inputTokenBound(request) + (excess?.input ?? 0);
      const outputTokens = request.maxOutputTokens + (excess?.output ?? 0);
      return mostExpensive(offer, inputTokens, outputTokens);
    },
    learn(model, { input, output }) {
      const known = seen.get(model) ?? { input: 0, output: 0 };
      seen.set(model, {
        input: Math.max(known.input, input),
        output: Math.max(known.output, output),
      });
      return {
        input: input > known.input ? input : 0,
        output: output > known.output ? output : 0,
      };
    },
  };
}

/** Reading from a provider's cache, and writing to it, may cost more than plain input. */
function mostExpensive(offer: ModelOffer, inputTokens: number, outputTokens: number): NanoDollars {
  const plain = { inputTokens, cachedInputTokens: 0, outputTokens };
  const most = Math.max(
    ...[
      plain,
      { ...plain, cacheWriteTokens: inputTokens },
      { ...plain, cachedInputTokens: inputTokens },
    ].map((usage) => (offer.maxUsd ?? offer.costUsd)(usage)),
  );
  return toNanoCeiling(most);
}
