import { calcPrice } from '@pydantic/genai-prices';
import { array, assert, double, oneof, constantFrom, nat, property, record } from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenUsage } from '../../source/domain/model-api.ts';
import { catalogue } from '../../source/providers/catalogue.ts';
import { adapterOf } from '../../source/providers/adapters.ts';
import { presets } from '../../source/providers/presets.ts';
import { loadPriceList, statedPrice, type PriceList } from '../../source/providers/prices.ts';

/** 1 November 2026, noon. */
const now = Date.UTC(2026, 10, 1, 12) / 1000;

let list: PriceList;
let clock = now;

beforeAll(async () => {
  list = await loadPriceList(() => clock);
});

beforeEach(() => {
  clock = now;
});

const usage = (
  inputTokens: number,
  outputTokens: number,
  more: Partial<TokenUsage> = {},
): TokenUsage => ({ inputTokens, outputTokens, cachedInputTokens: 0, ...more });

async function deepseekInputAt(milliseconds: number): Promise<number | undefined> {
  const then = await loadPriceList(() => milliseconds / 1000);
  return then.find({ id: 'deepseek-v4-pro', pricesId: 'deepseek' })?.perMillion.input;
}

describe('the price list', () => {
  it('knows every model of the catalogue', () => {
    const unknown = catalogue.filter(({ id, provider }) => {
      const preset = presets[provider];
      const pricesId = preset?.pricesId ?? (preset && adapterOf(preset.kind).pricesId);
      return pricesId === undefined || list.find({ id, pricesId }) === undefined;
    });
    expect(unknown).toEqual([]);
  });

  it('keeps what an id was matched with', () => {
    const price = list.find({ id: 'claude-haiku-4-5-20251001', pricesId: 'anthropic' });
    expect(price).toMatchObject({
      pricedAs: 'claude-haiku-4-5',
      perMillion: { input: 1, output: 5 },
    });
  });

  it.each([
    ['claude-sonnet-5-5', 'anthropic'],
    ['claude-sonnet-5.5', 'anthropic'],
    ['claude-sonnet-5-max', 'anthropic'],
    ['claude-opus-5-5[1m]', 'anthropic'],
    ['gpt-4o:free', 'openai'],
    ['gpt-4o@latest', 'openai'],
    ['gpt-7-mini', 'openai'],
    ['gemini-2.5-pro-ultra', 'google'],
    ['deepseek-v4-pro-max', 'deepseek'],
    ['kimi-k2.6-turbo', 'moonshotai'],
  ])('gives %s no price of the model that it is named after', (id, pricesId) => {
    expect(list.find({ id, pricesId })).toBeUndefined();
  });

  it.each([
    ['claude-sonnet-4-5-20250929', 'anthropic', 'claude-sonnet-4-5'],
    ['claude-haiku-4-5@20251001', 'anthropic', 'claude-haiku-4-5'],
    ['gpt-5.4-mini-2026-03-17', 'openai', 'gpt-5.4-mini'],
    ['gemini-3.5-flash-001', 'google', 'gemini-3.5-flash'],
    ['GPT-4o', 'openai', 'gpt-4o'],
  ])('gives %s, a dated name, its own', (id, pricesId, pricedAs) => {
    expect(list.find({ id, pricesId })).toMatchObject({ pricedAs });
  });

  it('knows what a call can cost whose price rises while it goes on', () => {
    const price = list.find({ id: 'deepseek-v4-pro', pricesId: 'deepseek' });
    const tokens = usage(1_000_000, 1_000_000);
    // The expensive hours begin at one.
    clock = Date.UTC(2026, 10, 2, 0, 58) / 1000;
    const reserved = price?.maxUsd?.(tokens) ?? 0;
    expect(price?.costUsd(tokens)).toBeLessThan(reserved);
    clock += 180;
    expect(price?.costUsd(tokens)).toBe(reserved);
  });

  it('does not know what it does not know', () => {
    expect(list.find({ id: 'gpt-x', pricesId: 'openai' })).toBeUndefined();
    expect(list.find({ id: 'gpt-5', baseUrl: 'http://127.0.0.1:11434/v1' })).toBeUndefined();
    expect(list.find({ id: 'gpt-5' })).toBeUndefined();
  });

  it('finds a provider by its address', () => {
    const price = list.find({ id: 'kimi-k2.5', baseUrl: 'https://api.moonshot.ai/v1' });
    expect(price?.pricedAs).toBe('kimi-k2.5');
  });

  it('charges less for cached input, and more for what is written to the cache', () => {
    const price = list.find({ id: 'claude-haiku-4-5', pricesId: 'anthropic' });
    expect(price?.costUsd(usage(1_000_000, 0))).toBeCloseTo(1, 9);
    expect(price?.costUsd(usage(1_000_000, 0, { cachedInputTokens: 400_000 }))).toBeCloseTo(
      0.64,
      9,
    );
    expect(price?.costUsd(usage(1_000_000, 0, { cacheWriteTokens: 400_000 }))).toBeCloseTo(1.1, 9);
  });

  it('charges the tier that a long input falls in', () => {
    const price = list.find({ id: 'gemini-2.5-pro', pricesId: 'google' });
    expect(price?.costUsd(usage(100_000, 1000))).toBeCloseTo(0.125 + 0.01, 9);
    expect(price?.costUsd(usage(300_000, 1000))).toBeCloseTo(0.75 + 0.015, 9);
  });

  it('charges by the time of the call', async () => {
    expect(await deepseekInputAt(Date.UTC(2026, 7, 1, 12))).toBe(0.435);
    expect(await deepseekInputAt(Date.UTC(2026, 7, 20, 12))).toBe(0.66);
  });
});

it('comes to what the price list computes, for every model of the catalogue and any usage', () => {
  const priced = [
    ...catalogue.map(({ id, provider }) => {
      const preset = presets[provider];
      return {
        id,
        pricesId: preset?.pricesId ?? (preset && adapterOf(preset.kind).pricesId) ?? '',
      };
    }),
    { id: 'gemini-2.5-pro', pricesId: 'google' },
    { id: 'claude-sonnet-4-5', pricesId: 'anthropic' },
    { id: 'deepseek-chat', pricesId: 'deepseek' },
    { id: 'grok-4.5', pricesId: 'x-ai' },
  ];
  const tokens = oneof(nat(2000), nat(1_500_000), constantFrom(200_000, 271_999, 272_000, 512_001));
  assert(
    property(
      tokens,
      tokens,
      tokens,
      nat(100_000),
      nat(86_400),
      (fresh, cached, written, out, at) => {
        clock = now + at;
        for (const { id, pricesId } of priced) {
          const expected = calcPrice(
            {
              input_tokens: fresh + cached + written,
              cache_read_tokens: cached,
              cache_write_tokens: written,
              output_tokens: out,
            },
            id,
            { providerId: pricesId, timestamp: new Date(clock * 1000) },
          );
          const actual = list.find({ id, pricesId })?.costUsd({
            inputTokens: fresh + cached + written,
            cachedInputTokens: cached,
            cacheWriteTokens: written,
            outputTokens: out,
          });
          expect(actual).toBeCloseTo(expected?.total_price ?? -1, 9);
        }
      },
    ),
    { numRuns: 40 },
  );
});

describe('a stated price', () => {
  it('is in dollars per million tokens', () => {
    expect(statedPrice({ input: 2, output: 8 }).costUsd(usage(1000, 500))).toBeCloseTo(0.006, 12);
  });

  it('counts cached input at its own price, or at that of input', () => {
    const cached = usage(1000, 0, { cachedInputTokens: 600 });
    expect(statedPrice({ input: 2, output: 8 }).costUsd(cached)).toBeCloseTo(0.002, 12);
    expect(statedPrice({ input: 2, output: 8, cachedInput: 0.5 }).costUsd(cached)).toBeCloseTo(
      0.0011,
      12,
    );
  });
});

it('is never NaN or negative, whatever a server reports', () => {
  const count = oneof(double(), constantFrom(-1, 0, 1, Number.NaN, Infinity, 1e12));
  const prices = [
    statedPrice({ input: 1, output: 2 }),
    list.find({ id: 'gpt-6-sol', pricesId: 'openai' }),
    list.find({ id: 'deepseek-v4-flash', pricesId: 'deepseek' }),
  ];
  const reported = record({
    inputTokens: count,
    cachedInputTokens: count,
    cacheWriteTokens: count,
    outputTokens: count,
  });
  assert(
    property(array(reported, { minLength: 1, maxLength: 3 }), (usages) => {
      const costs = usages.flatMap((each) => prices.map((price) => price?.costUsd(each) ?? -1));
      return costs.every((cost) => cost >= 0);
    }),
  );
});
