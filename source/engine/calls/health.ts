import type { ModelCallError, ModelCallErrorCode, ModelOffer } from '../../domain/model-api.ts';
import type { Tuning } from '../constants.ts';
import type { Say } from '../say.ts';
import { createBreakers } from './breaker.ts';
import { createProviderGate, type ProviderGate } from './provider-gate.ts';
import type { Scope } from './scope.ts';

/** Which models can be called now: breakers, rate limits, and what is out for the rest of the run. */
export type Health = {
  /** Waits for a place at the model's provider; returns how to leave it. */
  enter(offer: ModelOffer, starting: Scope): Promise<(() => void) | 'cancelled' | 'unhealthy'>;
  /** Says that a call begins; false where it must not. */
  begin(offer: ModelOffer): boolean;
  succeeded(offer: ModelOffer): void;
  failed(offer: ModelOffer, error: ModelCallError): void;
  isHealthy: (model: string) => boolean;
  recoversInMs: (model: string) => number | undefined;
};

/** Failures that say something about the other side rather than about the request. */
const faults: ReadonlySet<ModelCallErrorCode> = new Set([
  'overloaded',
  'network',
  'timed-out',
  'invalid-response',
]);

export function createHealth(options: {
  offers: ReadonlyMap<string, ModelOffer>;
  tuning: Tuning;
  callsPerProvider: number;
  now: () => number;
  say: Say;
}): Health {
  const { offers, tuning, now, say } = options;
  const breakers = createBreakers({
    failures: tuning.breakerFailures,
    cooldownMs: tuning.breakerCooldownMs,
    now,
  });
  const gates = new Map<string, ProviderGate>();
  const outModels = new Set<string>();
  const outProviders = new Set<string>();

  function gateOf(provider: string): ProviderGate {
    let gate = gates.get(provider);
    if (gate === undefined) {
      gate = createProviderGate({
        limit: options.callsPerProvider,
        patienceMs: tuning.patienceMs,
        now,
      });
      gates.set(provider, gate);
    }
    return gate;
  }

  const isOut = ({ id, provider }: ModelOffer): boolean =>
    outModels.has(id) || outProviders.has(provider);

  function leaveOut(offer: ModelOffer, error: ModelCallError): void {
    if (isOut(offer)) return;
    const { id, provider } = offer;
    if (error.code === 'unknown-model') {
      outModels.add(id);
      say({
        type: 'notice',
        message: `${id} is left out of this run: ${error.message}`,
      });
      return;
    }
    outProviders.add(provider);
    say({ type: 'notice', message: `${provider} is left out of this run: ${error.message}` });
  }

  return {
    async enter(offer, starting) {
      if (isOut(offer) || !breakers.allows(offer.id)) return 'unhealthy';
      const entry = await gateOf(offer.provider).enter(starting);
      return entry === 'paused' ? 'unhealthy' : entry;
    },
    begin(offer) {
      if (isOut(offer) || !breakers.allows(offer.id)) return false;
      breakers.begin(offer.id);
      return true;
    },
    succeeded(offer) {
      breakers.succeeded(offer.id);
      gateOf(offer.provider).succeeded();
    },
    failed(offer, error) {
      const { id, provider } = offer;
      if (faults.has(error.code)) {
        if (!breakers.failed(id)) return;
        const seconds = Math.ceil(tuning.breakerCooldownMs / 1000);
        const message = `${id} failed ${tuning.breakerFailures} times in a row (${error.code}): it is left alone for ${seconds} s.`;
        say({ type: 'notice', message });
        return;
      }
      breakers.undecided(id);
      if (error.code === 'rate-limited') {
        const gate = gateOf(provider);
        const before = gate.limit();
        gate.rateLimited(error.retryAfterMs ?? tuning.backoffBaseMs);
        if (gate.limit() >= before) return;
        const message = `${provider} limits the rate: at most ${gate.limit()} calls to it at once now.`;
        say({ type: 'notice', message });
      } else if (error.code === 'unknown-model') leaveOut(offer, error);
      else if (error.code === 'unauthorized' || error.code === 'out-of-credit') {
        leaveOut(offer, error);
      }
    },
    isHealthy(model) {
      const offer = offers.get(model);
      if (offer === undefined || isOut(offer) || !breakers.allows(model)) return false;
      return gateOf(offer.provider).pausedMs() <= tuning.patienceMs;
    },
    recoversInMs(model) {
      const offer = offers.get(model);
      if (offer === undefined || isOut(offer)) return undefined;
      return Math.max(breakers.waitMs(model), gateOf(offer.provider).pausedMs());
    },
  };
}
