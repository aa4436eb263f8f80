import { listPriceUsd } from '../domain/list-price.ts';
import type { ProfileSnapshot } from '../domain/profile.ts';
import type { RunContext } from './context.ts';

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
