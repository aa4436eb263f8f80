import type { ModelCallError, ModelOffer } from '../../domain/model-api.ts';
import type { Tuning } from '../constants.ts';
import type { Emit } from '../emit.ts';
import { createBreakers } from './breaker.ts';
import { createExclusions } from './exclusions.ts';
import { createPauses } from './pauses.ts';
import {
  createConcurrencyLimiter,
  type Entry,
  type ConcurrencyLimiter,
} from './concurrency-limiter.ts';
import { sleep } from './signals.ts';

/** Which models can be called now: breakers, rate limits, and what is out for the rest of the run. */
export type Health = {
  /** Waits for a place at the model's provider; returns how to leave it. */
  enter(offer: ModelOffer, admission: AbortSignal): Promise<(() => void) | 'aborted' | 'unhealthy'>;
  /** Says that a call begins; false where it must not. */
  begin(offer: ModelOffer): boolean;
  succeeded(offer: ModelOffer): void;
  failed(offer: ModelOffer, error: ModelCallError): void;
  isHealthy: (model: string) => boolean;
  recoversInMs: (model: string) => number | undefined;
};

export type HealthOptions = {
  offers: ReadonlyMap<string, ModelOffer>;
  tuning: Tuning;
  callsPerProvider: number;
  now: () => number;
  emit: Emit;
};

export function createHealth(options: HealthOptions): Health {
  const { offers, tuning, now, emit } = options;
  const breakers = createBreakers({
    failures: tuning.breakerFailures,
    cooldownMs: tuning.breakerCooldownMs,
    now,
  });
  const pauses = createPauses({
    now,
    firstMs: tuning.backoffBaseMs * 2,
    longestMs: tuning.backoffCapMs,
  });
  const answered = { models: new Set<string>(), providers: new Set<string>() };
  const exclusions = createExclusions(answered);
  const unreachableSince = new Map<string, number>();
  const limiterOf = createLimiters(options);
  const notice = (message: string): void => void emit({ type: 'notice', message });
  const mayBegin = (offer: ModelOffer): boolean =>
    !exclusions.isOut(offer) && breakers.allows(offer.id);
  const pausedMs = ({ id, provider }: ModelOffer): number =>
    Math.max(pauses.remainingMs(id), limiterOf(provider).pausedMs());

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

  /** A server that was never there is not one that is loading: it is left out after a while. */
  function unreached(offer: ModelOffer, error: ModelCallError): void {
    const since = unreachableSince.get(offer.provider) ?? now();
    unreachableSince.set(offer.provider, since);
    pauses.backOff(offer.id);
    if (answered.providers.has(offer.provider) || now() - since < tuning.unreachableMs) return;
    const said = exclusions.addProvider(offer, error);
    if (said !== undefined) notice(said);
  }

  function broke({ id }: ModelOffer, { code }: ModelCallError): void {
    if (!breakers.failed(id)) return;
    const seconds = Math.ceil(tuning.breakerCooldownMs / 1000);
    notice(
      `${id} failed ${tuning.breakerFailures} times in a row (${code}): it is left alone for ${seconds} s.`,
    );
  }

  return {
    async enter(offer, admission) {
      if (!mayBegin(offer)) return 'unhealthy';
      const entry = await enter(offer, admission);
      return entry === 'paused' ? 'unhealthy' : entry;
    },
    begin(offer) {
      if (!mayBegin(offer)) return false;
      breakers.begin(offer.id);
      return true;
    },
    succeeded(offer) {
      answered.models.add(offer.id);
      answered.providers.add(offer.provider);
      breakers.succeeded(offer.id);
      pauses.clear(offer.id);
      limiterOf(offer.provider).succeeded();
    },
    failed(offer, error) {
      const { code, blame, affects, isRetryable, retryAfterMs } = error;
      if (code !== 'network') unreachableSince.delete(offer.provider);
      if (retryAfterMs !== undefined && code !== 'rate-limited')
        pauses.pause(offer.id, retryAfterMs);
      if (blame === 'model' && affects === 'model') {
        broke(offer, error);
        return;
      }
      breakers.ignored(offer.id);
      // A provider that answered before is configured rightly: the network is what changed.
      const isPassing = code === 'misconfigured' && answered.providers.has(offer.provider);
      if (code === 'rate-limited') rateLimited(offer, error);
      else if (code === 'network' && blame === 'nobody') unreached(offer, error);
      else if (isPassing || (blame === 'nobody' && isRetryable)) pauses.backOff(offer.id);
      else if (blame === 'user') {
        const message = exclusions.add(offer, error);
        if (message !== undefined) notice(message);
      }
    },
    isHealthy(model) {
      const offer = offers.get(model);
      return offer !== undefined && mayBegin(offer) && pausedMs(offer) <= tuning.maxRetryAfterMs;
    },
    recoversInMs(model) {
      const offer = offers.get(model);
      if (offer === undefined || exclusions.isOut(offer)) return undefined;
      return Math.max(breakers.waitMs(model), pausedMs(offer));
    },
  };
}

function createLimiters(options: HealthOptions): (provider: string) => ConcurrencyLimiter {
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
