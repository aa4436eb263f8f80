import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { TokenUsage } from '../domain/model-api.ts';

/**
 * Undefined unless both sides are known: half a usage would be priced as a whole one. A prompt has
 * tokens and so has a text, so zero for either is a server that does not count.
 */
export function tokenUsageOf(usage: LanguageModelV4Usage, text: string): TokenUsage | undefined {
  const { inputTokens, outputTokens } = usage;
  if (!isCount(inputTokens.total) || !isCount(outputTokens.total)) return undefined;
  if (inputTokens.total === 0 || (outputTokens.total === 0 && text !== '')) return undefined;
  const cached = isCount(inputTokens.cacheRead) ? inputTokens.cacheRead : 0;
  const written = isCount(inputTokens.cacheWrite) ? inputTokens.cacheWrite : 0;
  const reasoning = isCount(outputTokens.reasoning) ? outputTokens.reasoning : 0;
  return {
    inputTokens: inputTokens.total,
    cachedInputTokens: Math.min(cached, inputTokens.total),
    outputTokens: outputTokens.total,
    ...(written === 0 ? {} : { cacheWriteTokens: written }),
    ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
  };
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value >= 0;
