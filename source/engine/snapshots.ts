import type { ModelOffer } from '../domain/model-api.ts';
import type { ProfileSnapshot } from '../domain/profile.ts';
import type { RunContext } from './context.ts';

/** The call that a model is priced by where no real one has a known cost. */
const usualCall = { inputTokens: 1000, cachedInputTokens: 0, outputTokens: 500 };

/** Dollars of a usual call at the model's list price. */
export const listPriceUsd = ({ costUsd }: ModelOffer): number => costUsd(usualCall);

/**
 * What the run observed, to be kept. Where no attempt has a known cost, the list price stands for it: no
 * cost at all would make a model that only breaks off the cheapest.
 */
export function snapshotsOf({
  observed,
  offers,
}: Pick<RunContext, 'observed' | 'offers'>): ProfileSnapshot[] {
  return observed.snapshots().map((snapshot) => {
    const { profile, model } = snapshot;
    if (Number.isFinite(profile.avgCostUsd)) return snapshot;
    const offer = offers.get(model);
    const avgCostUsd = offer === undefined ? 0 : listPriceUsd(offer);
    return { ...snapshot, profile: { ...profile, avgCostUsd } };
  });
}
