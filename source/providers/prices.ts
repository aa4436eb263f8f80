import type { PriceCalculationResult } from '@pydantic/genai-prices';
import { defined } from '../domain/defined.ts';
import type { TokenUsage } from '../domain/model-api.ts';
import type { Clock } from '../domain/runtime.ts';
import { isPriceOf } from './price-match.ts';
import type { TokenPrice } from './settings.ts';

/** What a model costs, and how that is known. */
export type KnownPrice = {
  /** Exact dollars of a call: cached input, tiers and times of day count. */
  costUsd: (usage: TokenUsage) => number;
  /** The most that a call begun now can cost: prices may change with the hour while it goes on. */
  maxUsd?: (usage: TokenUsage) => number;
  /** Dollars per million tokens at the lowest tier, for people. */
  perMillion: TokenPrice;
  /** The entry of the price list that the id matched; absent for a price the user stated. */
  pricedAs?: string;
  /** Tokens of input and output together, where the price list knows them. */
  contextTokens?: number;
};

const million = 1_000_000;

/** The price that the user states. */
export function statedPrice(price: TokenPrice): KnownPrice {
  const { input, output, cachedInput = input } = price;
  return {
    perMillion: price,
    costUsd: (usage) => {
      const { fresh, cached, written, generated } = counted(usage);
      return ((fresh + written) * input + cached * cachedInput + generated * output) / million;
    },
  };
}

export type PriceList = {
  /** Undefined for a model that the list does not know: that is unknown, not free. */
  find(model: { id: string; pricesId?: string; baseUrl?: string }): KnownPrice | undefined;
};

/** Loads the price list; its data is large, so only where a price is looked up. */
export async function loadPriceList(clock: Clock): Promise<PriceList> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
  return {
    find({ id, pricesId, baseUrl }) {
      const provider =
        pricesId === undefined
          ? baseUrl && findProvider({ providerApiUrl: baseUrl })
          : findProvider({ providerId: pricesId });
      if (!provider) return undefined;
      const found = priced(() =>
        calcPrice(oneToken, id, {
          provider,
          timestamp: new Date(clock() * 1000),
        }),
      );
      if (found === null || !isPriceOf(id, found.model)) return undefined;
      const perMillion = perMillionOf(found.model_price);
      if (perMillion === undefined) return undefined;
      const contextTokens = found.model.context_window;
      const narrowed = { ...found.provider, models: [found.model] };
      /** Prices change on the minute at most, and a look-up takes longer than all arithmetic. */
      const ratesIn = (aheadSeconds: number): (() => Rates) => {
        let current = { minute: Number.NaN, rates: found.model_price };
        return () => {
          const minute = Math.floor((clock() + aheadSeconds) / 60);
          if (minute !== current.minute) {
            const timestamp = new Date(minute * 60_000);
            const price = priced(() => calcPrice(oneToken, id, { provider: narrowed, timestamp }));
            current = { minute, rates: price?.model_price ?? current.rates };
          }
          return current.rates;
        };
      };
      const ratesNow = ratesIn(0);
      const ratesAtEnd = ratesIn(maxCallSeconds);
      return {
        perMillion,
        pricedAs: found.model.id,
        ...defined({ contextTokens }),
        costUsd: (usage) => costAt(ratesNow(), usage),
        maxUsd: (usage) => Math.max(costAt(ratesNow(), usage), costAt(ratesAtEnd(), usage)),
      };
    },
  };
}

/** No call lasts longer. */
const maxCallSeconds = 600;

type Rates = NonNullable<PriceCalculationResult>['model_price'];

const oneToken = { input_tokens: 1, output_tokens: 1 };

/**
 * The price list's own arithmetic: the length of the whole input decides the tier of every rate, and
 * cached input without a rate of its own costs what fresh input does.
 */
function costAt(rates: Rates, usage: TokenUsage): number {
  const { fresh, cached, written, generated } = counted(usage);
  const length = fresh + cached + written;
  const rate = (key: string): number | undefined => {
    const value = rates[key];
    return typeof value === 'object'
      ? (value.tiers.findLast(({ start }) => length > start)?.price ?? value.base)
      : value;
  };
  const input = rate('input_mtok') ?? 0;
  return (
    (fresh * input +
      cached * (rate('cache_read_mtok') ?? input) +
      written * (rate('cache_write_mtok') ?? input) +
      generated * (rate('output_mtok') ?? 0)) /
    million
  );
}

/** The list refuses what it cannot price by throwing, too. */
function priced(calculate: () => PriceCalculationResult): PriceCalculationResult {
  try {
    const result = calculate();
    return result !== null && Number.isFinite(result.total_price) && result.total_price >= 0
      ? result
      : null;
  } catch {
    return null;
  }
}

/** Undefined for models that are not paid by tokens of text. */
function perMillionOf(price: Rates): TokenPrice | undefined {
  const base = (key: string): number | undefined => {
    const value = price[key];
    return typeof value === 'object' ? value.base : value;
  };
  const input = base('input_mtok');
  const output = base('output_mtok');
  const cachedInput = base('cache_read_mtok');
  if (input === undefined || output === undefined) return undefined;
  return { input, output, ...defined({ cachedInput }) };
}

/** Usage in parts that add up and are never negative or NaN, whatever a server reports. */
function counted(usage: TokenUsage) {
  const input = atLeastZero(usage.inputTokens);
  const cached = Math.min(atLeastZero(usage.cachedInputTokens), input);
  const written = Math.min(atLeastZero(usage.cacheWriteTokens ?? 0), input - cached);
  return {
    fresh: input - cached - written,
    cached,
    written,
    generated: atLeastZero(usage.outputTokens),
  };
}

const atLeastZero = (count: number): number =>
  Number.isFinite(count) && count > 0 ? Math.ceil(count) : 0;
