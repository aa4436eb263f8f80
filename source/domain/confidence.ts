/** How much a number rests on: COLD < 10 attempts, WARM 10–49, HOT ≥ 50. */
export type Confidence = 'COLD' | 'WARM' | 'HOT';

/** Attempts from which history counts at all. */
export const warmAttempts = 10;
/** Attempts from which history counts alone. */
const hotAttempts = 50;

export function confidenceOf(attempts: number): Confidence {
  if (attempts >= hotAttempts) return 'HOT';
  return attempts >= warmAttempts ? 'WARM' : 'COLD';
}

/** Weight of history against the default when the two are blended, in [0, 1]. */
export const historyWeights: Record<Confidence, number> = { COLD: 0, WARM: 0.4, HOT: 1 };
