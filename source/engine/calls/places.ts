import type { ModelCallError, ModelOffer } from '../../domain/model-api.ts';
import type { Tuning } from '../constants.ts';
import {
  createConcurrencyLimiter,
  type ConcurrencyLimiter,
  type Entry,
} from './concurrency-limiter.ts';
import { createPauses } from './pauses.ts';
import { sleep } from './signals.ts';

/** Places for calls: pauses that models asked for, and how many calls their providers get at once. */
export type Places = {
  /** Waits for a place at the model's provider, but not through a long pause. */
  enter(offer: ModelOffer, admission: AbortSignal): Promise<Entry>;
  succeeded(offer: ModelOffer): void;
  /** Leaves the model alone for at least that long. */
  pause(offer: ModelOffer, ms: number): void;
  /** Leaves the model alone, longer each time. */
  backOff(offer: ModelOffer): void;
  rateLimited(offer: ModelOffer, error: ModelCallError): void;
  /** Milliseconds for which the model or its provider is to be left alone. */
  pausedMs(offer: ModelOffer): number;
};

export type PlacesOptions = {
  offers: ReadonlyMap<string, ModelOffer>;
  tuning: Tuning;
  callsPerProvider: number;
  now: () => number;
};

export function createPlaces(options: PlacesOptions, notice: (message: string) => void): Places {
  const { offers, tuning, now } = options;
  const pauses = createPauses({
    now,
    firstMs: tuning.backoffBaseMs * 2,
    longestMs: tuning.backoffCapMs,
  });
  const limiterOf = createLimiters(options);

  async function enter(offer: ModelOffer, admission: AbortSignal): Promise<Entry> {
    for (;;) {
      if (admission.aborted) return 'aborted';
      const pause = pauses.remainingMs(offer.id);
      if (pause > tuning.maxRetryAfterMs) return 'paused';
      if (pause > 0) {
        await sleep(pause, admission);
        continue;
      }
      const entry = await limiterOf(offer.provider).enter(admission);
      // While it waited for a place, the model may have asked to be left alone.
      if (typeof entry !== 'function' || pauses.remainingMs(offer.id) === 0) return entry;
      entry();
    }
  }

  function rateLimited(offer: ModelOffer, error: ModelCallError): void {
    const { retryAfterMs = tuning.backoffBaseMs } = error;
    const pause = { asked: retryAfterMs, ofProvider: retryAfterMs };
    if (error.affects === 'model') pause.ofProvider = 0;
    // Limits of one model rarely say so: a long wait holds for the others once one of them met it too.
    else if (retryAfterMs > tuning.maxRetryAfterMs && !isSharedLimit(offer)) {
      pause.ofProvider = tuning.backoffBaseMs;
    }
    const isModelAlone = pause.ofProvider < pause.asked;
    if (isModelAlone || retryAfterMs > tuning.maxRetryAfterMs) pauses.pause(offer.id, pause.asked);
    if (pause.ofProvider === 0) return;
    const limiter = limiterOf(offer.provider);
    const before = limiter.limit();
    limiter.rateLimited(pause.ofProvider);
    if (limiter.limit() >= before) return;
    notice(
      `${offer.provider} limits the rate: at most ${limiter.limit()} calls to it at once now.`,
    );
  }

  /** Whether another model of its provider is in a long pause too, or there is no other. */
  function isSharedLimit({ id, provider }: ModelOffer): boolean {
    const others = [...offers.values()].filter(
      (other) => other.provider === provider && other.id !== id,
    );
    return (
      others.length === 0 ||
      others.some((other) => pauses.remainingMs(other.id) > tuning.maxRetryAfterMs)
    );
  }

  return {
    enter,
    rateLimited,
    succeeded({ id, provider }) {
      pauses.clear(id);
      limiterOf(provider).succeeded();
    },
    pause: ({ id }, ms) => pauses.pause(id, ms),
    backOff: ({ id }) => void pauses.backOff(id),
    pausedMs: ({ id, provider }) =>
      Math.max(pauses.remainingMs(id), limiterOf(provider).pausedMs()),
  };
}

function createLimiters(options: PlacesOptions): (provider: string) => ConcurrencyLimiter {
  const limiters = new Map<string, ConcurrencyLimiter>();
  return (provider) => {
    const known = limiters.get(provider);
    if (known !== undefined) return known;
    const limiter = createConcurrencyLimiter({
      limit: options.callsPerProvider,
      maxRetryAfterMs: options.tuning.maxRetryAfterMs,
      now: options.now,
    });
    limiters.set(provider, limiter);
    return limiter;
  };
}
