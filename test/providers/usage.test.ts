import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { withReadableUsage } from '../../source/providers/readable-usage.ts';
import { tokenUsageOf } from '../../source/providers/usage.ts';

/** What the adapters make of the usage of a chat completion. */
function chat(raw: {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number };
  completion_tokens_details?: { reasoning_tokens?: number };
  prompt_cache_hit_tokens?: number;
}): LanguageModelV4Usage {
  const cacheRead = raw.prompt_tokens_details?.cached_tokens ?? 0;
  const reasoning = raw.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    inputTokens: {
      total: raw.prompt_tokens,
      noCache: raw.prompt_tokens - cacheRead,
      cacheRead,
      cacheWrite: undefined,
    },
    outputTokens: { total: raw.completion_tokens, text: raw.completion_tokens, reasoning },
    raw,
  };
}
const both = { prompt_tokens: 300, completion_tokens: 20 };

describe('the usage that a server reports', () => {
  it.each([
    ['in the total alone', { ...both, total_tokens: 720 }, 420, 400],
    [
      'in its details and the total',
      { ...both, total_tokens: 720, completion_tokens_details: { reasoning_tokens: 400 } },
      420,
      400,
    ],
    [
      'in its details beside the completion',
      { ...both, completion_tokens_details: { reasoning_tokens: 400 } },
      420,
      400,
    ],
    [
      'within the completion',
      {
        prompt_tokens: 300,
        completion_tokens: 420,
        total_tokens: 720,
        completion_tokens_details: { reasoning_tokens: 400 },
      },
      420,
      400,
    ],
    ['not at all', { ...both, total_tokens: 320 }, 20, undefined],
    ['not at all, with a total that is too small', { ...both, total_tokens: 1 }, 20, undefined],
  ])('with reasoning %s', (_name, raw, outputTokens, reasoningTokens) => {
    const usage = tokenUsageOf(chat(raw), 'Hello');
    expect(usage).toMatchObject({ inputTokens: 300, outputTokens });
    expect(usage?.reasoningTokens).toBe(reasoningTokens);
  });

  it('with input from the cache, in the words of each server', () => {
    const usage = (raw: Parameters<typeof chat>[0]) => tokenUsageOf(chat(raw), 'Hello');
    expect(
      usage({ ...both, prompt_tokens_details: { cached_tokens: 200, cache_write_tokens: 50 } }),
    ).toMatchObject({ inputTokens: 300, cachedInputTokens: 200, cacheWriteTokens: 50 });
    expect(usage({ ...both, prompt_cache_hit_tokens: 200 })).toMatchObject({
      cachedInputTokens: 200,
    });
    // Beside the prompt instead of within it; the total tells.
    expect(
      usage({ ...both, total_tokens: 1220, prompt_tokens_details: { cached_tokens: 900 } }),
    ).toMatchObject({ inputTokens: 1200, cachedInputTokens: 900, outputTokens: 20 });
  });

  it('as zeros is unknown', () => {
    expect(tokenUsageOf(chat({ prompt_tokens: 0, completion_tokens: 0 }), 'Hello')).toBeUndefined();
    expect(tokenUsageOf(chat({ prompt_tokens: 9, completion_tokens: 0 }), 'Hello')).toBeUndefined();
  });
});

describe('an answer whose usage the adapters could not read', () => {
  it.each([
    ['{"usage":{"input_tokens":"200","output_tokens":5}}', { input_tokens: -1, output_tokens: 5 }],
    ['{"usage":{"input_tokens":1e999,"output_tokens":5}}', { input_tokens: -1, output_tokens: 5 }],
    [
      '{"usage":{"input_tokens":2,"output_tokens_details":{"thinking_tokens":true}}}',
      { input_tokens: 2, output_tokens_details: { thinking_tokens: -1 } },
    ],
    ['{"usage":"many"}', undefined],
  ])('%s is mended', (text, usage) => {
    expect(withReadableUsage(text)).toEqual(usage === undefined ? {} : { usage });
  });

  it.each([
    '{"usage":{"input_tokens":200,"service_tier":"standard"}}',
    '{"usage":{"input_tokens":null}}',
    '{"usage":null}',
    String.raw`{"content":"{\"total_tokens\": \"a lot\"}","usage":{"input_tokens":3}}`,
    '<html>',
  ])('%s is left as it is', (text) => {
    expect(withReadableUsage(text)).toBeUndefined();
  });
});
