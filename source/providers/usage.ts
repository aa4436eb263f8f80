import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { isRecord } from '../domain/is-record.ts';
import type { TokenUsage } from '../domain/model-api.ts';

/**
 * What a server says that it used, whether or not that can be true: the engine, which knows the texts,
 * decides. Undefined unless both sides are known: half a usage would be priced as a whole one. A prompt
 * has tokens and so has a text, so zero for either is a server that does not count.
 */
export function tokenUsageOf(usage: LanguageModelV4Usage, text: string): TokenUsage | undefined {
  const input = usage.inputTokens.total;
  const output = usage.outputTokens.total;
  if (input === undefined || output === undefined) return undefined;
  if (input === 0 || (output === 0 && text !== '')) return undefined;
  const raw = new RawUsage(usage.raw);
  const cached = usage.inputTokens.cacheRead || raw.cached();
  const written = usage.inputTokens.cacheWrite || raw.written();
  const reasoning = usage.outputTokens.reasoning ?? 0;
  const beside = raw.total() - input - output;
  // What goes through a gateway of another interface may leave what was cached out of the input.
  const cachedApart = cached > 0 && beside === cached + written;
  // xAI, and Gemini behind OpenAI's interface, count reasoning in the total alone.
  const hidden = cachedApart ? 0 : Math.max(0, beside, reasoning > output ? reasoning : 0);
  const reasoningTokens = Math.max(reasoning, hidden);
  return {
    inputTokens: cachedApart ? input + beside : input,
    cachedInputTokens: cached,
    outputTokens: output + hidden,
    ...(written === 0 ? {} : { cacheWriteTokens: written }),
    ...(reasoningTokens === 0 ? {} : { reasoningTokens }),
  };
}

/** What servers say in words of their own, which the adapters pass over. */
class RawUsage {
  readonly #raw: Readonly<Record<string, unknown>>;

  constructor(raw: unknown) {
    this.#raw = isRecord(raw) ? raw : {};
  }

  /** 0 where there is none, or none that says anything. */
  total(): number {
    return this.#first('total_tokens', 'totalTokenCount');
  }

  cached(): number {
    return this.#first('cached_tokens', 'prompt_cache_hit_tokens', 'cache_read_input_tokens');
  }

  written(): number {
    const details = this.#raw['prompt_tokens_details'];
    const detailed = new RawUsage(isRecord(details) ? details : {});
    return (
      detailed.#first('cache_write_tokens', 'cache_creation_tokens') ||
      this.#first('cache_creation_input_tokens')
    );
  }

  #first(...names: string[]): number {
    const counts = names.map((name) => this.#raw[name]);
    return counts.find((count) => typeof count === 'number') ?? 0;
  }
}
