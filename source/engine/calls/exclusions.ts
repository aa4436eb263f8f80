import type { ModelCallError, ModelOffer } from '../../domain/model-api.ts';

/** Models and providers that are left out for the rest of the run, for what only the user can change. */
export type Exclusions = {
  isOut: (offer: ModelOffer) => boolean;
  /** Leaves out what the failure affects; the sentence to say, where anything is new in that. */
  add(offer: ModelOffer, error: ModelCallError): string | undefined;
  /** Leaves out the whole provider. */
  addProvider(offer: ModelOffer, error: ModelCallError): string | undefined;
};

/** The names, of models and of providers, that answered in this run. */
type Answered = { models: ReadonlySet<string>; providers: ReadonlySet<string> };

/**
 * Refusals without a reason that we know: this many models of one provider mean the provider, this many
 * requests to one model mean the model, while none of it answers.
 */
const refusalsAtMost = 3;

export function createExclusions(answered: Answered): Exclusions {
  const models = new Set<string>();
  const providers = new Set<string>();
  const refusedModels = new Map<string, Set<string>>();
  const refusedRequests = new Map<string, number>();
  const isOut = ({ id, provider }: ModelOffer): boolean =>
    models.has(id) || providers.has(provider);

  function meansProvider({ id, provider }: ModelOffer, { code, affects }: ModelCallError): boolean {
    if (affects === 'provider') return true;
    if (code !== 'unauthorized' && code !== 'bad-request') return false;
    const ids = refusedModels.get(provider) ?? new Set();
    refusedModels.set(provider, ids.add(id));
    return ids.size >= refusalsAtMost && !answered.providers.has(provider);
  }

  function meansModel({ id }: ModelOffer, { affects }: ModelCallError): boolean {
    if (affects !== 'request') return true;
    const requests = (refusedRequests.get(id) ?? 0) + 1;
    refusedRequests.set(id, requests);
    return requests >= refusalsAtMost;
  }

  return {
    isOut,
    add(offer, error) {
      if (isOut(offer)) return undefined;
      // One that answered before is set up rightly: it refuses this request alone.
      if (error.affects === 'request' && answered.models.has(offer.id)) return undefined;
      if (meansProvider(offer, error)) return this.addProvider(offer, error);
      if (!meansModel(offer, error)) return undefined;
      models.add(offer.id);
      return `${offer.id} is left out of this run: ${error.message}`;
    },
    addProvider(offer, error) {
      if (isOut(offer)) return undefined;
      providers.add(offer.provider);
      return `${offer.provider} is left out of this run: ${error.message}`;
    },
  };
}
