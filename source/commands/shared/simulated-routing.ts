import { defaultRoutingSettings } from '../../domain/policy.ts';

/** How the demo routes: as someone who wants the best answers; then there is something to save. */
export const simulatedRouting = { ...defaultRoutingSettings, qualityTolerance: 0.01 };
