import type { ModelCallError, ModelOffer } from '../../domain/model-api.ts';
import type { Emit } from '../emit.ts';
import { createBreakers } from './breaker.ts';
import { createExclusions } from './exclusions.ts';
import { createPlaces, type PlacesOptions } from './places.ts';

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

type HealthOptions = PlacesOptions & { emit: Emit };

export function createHealth(options: HealthOptions): Health {
  const { offers, tuning, now, emit } = options;
  const breakers = createBreakers({
    failures: tuning.breakerFailures,
    cooldownMs: tuning.breakerCooldownMs,
    now,
  });
  const answered = { models: new Set<string>(), providers: new Set<string>() };
  const exclusions = createExclusions(answered);
  const unreachableSince = new Map<string, number>();
  const notice = (message: string): void => void emit({ type: 'notice', message });
  const places = createPlaces(options, notice);
  const mayBegin = (offer: ModelOffer): boolean =>
    !exclusions.isOut(offer) && breakers.allows(offer.id);

  /** A server that was never there is not one that is loading: it is left out after a while. */
  function unreached(offer: ModelOffer, error: ModelCallError): void {
    const since = unreachableSince.get(offer.provider) ?? now();
    unreachableSince.set(offer.provider, since);
    places.backOff(offer);
    if (answered.providers.has(offer.provider) || now() - since < tuning.unreachableMs) return;
    const message = exclusions.addProvider(offer, error);
    if (message !== undefined) notice(message);
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
      const entry = await places.enter(offer, admission);
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
      places.succeeded(offer);
    },
    failed(offer, error) {
      const { code, blame, affects, isRetryable, retryAfterMs } = error;
      if (code !== 'network') unreachableSince.delete(offer.provider);
      if (retryAfterMs !== undefined && code !== 'rate-limited') places.pause(offer, retryAfterMs);
      if (blame === 'model' && affects === 'model') {
        broke(offer, error);
        return;
      }
      breakers.ignored(offer.id);
      // A provider that answered before is configured rightly: the network is what changed.
      const isPassing = code === 'misconfigured' && answered.providers.has(offer.provider);
      if (code === 'rate-limited') places.rateLimited(offer, error);
      else if (code === 'network' && blame === 'nobody') unreached(offer, error);
      else if (isPassing || (blame === 'nobody' && isRetryable)) places.backOff(offer);
      else if (blame === 'user') {
        const message = exclusions.add(offer, error);
        if (message !== undefined) notice(message);
      }
    },
    isHealthy(model) {
      const offer = offers.get(model);
      return (
        offer !== undefined && mayBegin(offer) && places.pausedMs(offer) <= tuning.maxRetryAfterMs
      );
    },
    recoversInMs(model) {
      const offer = offers.get(model);
      if (offer === undefined || exclusions.isOut(offer)) return undefined;
      return Math.max(breakers.waitMs(model), places.pausedMs(offer));
    },
  };
}
