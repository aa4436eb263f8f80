import type { ModelCallError, ModelOffer } from '../../domain/model-api.ts';

/** Models and providers that are left out for the rest of the run, for what only the user can change. */
export type Exclusions = {
  isOut: (offer: ModelOffer) => boolean;
  /** Leaves out what the failure affects; the sentence to say, where anything is new in that. */
  add(offer: ModelOffer, error: ModelCallError): string | undefined;
};

/**
 * This many models of one provider that refuse access without naming a reason, while none of it
 * answers, mean the provider.
 */
const refusalsOfProvider = 3;

export function createExclusions(hasAnswered: (provider: string) => boolean): Exclusions {
  const models = new Set<string>();
  const providers = new Set<string>();
  const refused = new Map<string, Set<string>>();
  const isOut = ({ id, provider }: ModelOffer): boolean =>
    models.has(id) || providers.has(provider);

  function meansProvider({ id, provider }: ModelOffer, { code, affects }: ModelCallError): boolean {
    if (affects === 'provider') return true;
    if (code !== 'unauthorized') return false;
    const ids = refused.get(provider) ?? new Set();
    refused.set(provider, ids.add(id));
    return ids.size >= refusalsOfProvider && !hasAnswered(provider);
  }

  return {
    isOut,
    add(offer, error) {
      if (isOut(offer)) return undefined;
      const isProvider = meansProvider(offer, error);
      if (isProvider) providers.add(offer.provider);
      else models.add(offer.id);
      return `${isProvider ? offer.provider : offer.id} is left out of this run: ${error.message}`;
    },
  };
}
