/** Scores that two judges gave to the same answers, added up. */
export type PairSums = { n: number; x: number; y: number; xx: number; yy: number; xy: number };

/** How closely scores of judges that are of use may follow one another. */
const usefulCorrelations = [0.35, 0.5, 0.7, 0.9];
/** Pairs below which nothing is said. */
const leastPairs = 6;

/**
 * How probable it is that a judge tells nothing apart, from the answers that others judged as well: `prior`
 * before, then by how improbable it would be for one that is of use that its scores follow theirs so little.
 */
export function uselessness(pairs: readonly PairSums[], prior: number): number {
  const pooled = { n: 1, xx: 0, yy: 0, xy: 0 };
  for (const { n, x, y, xx, yy, xy } of pairs) {
    if (n < 2) continue;
    // Around the means of either, so that severity does not matter.
    pooled.n += n - 1;
    pooled.xx += xx - (x * x) / n;
    pooled.yy += yy - (y * y) / n;
    pooled.xy += xy - (x * y) / n;
  }
  // Where the others see no difference there is none to be told.
  if (pooled.n < leastPairs || pooled.yy <= 1e-9) return prior;
  const correlation = pooled.xx <= 1e-9 ? 0 : pooled.xy / Math.sqrt(pooled.xx * pooled.yy);
  const seen = Math.atanh(Math.min(0.999, Math.max(-0.999, correlation)));
  const likelihood = (expected: number): number =>
    Math.exp((-(pooled.n - 3) * (seen - expected) ** 2) / 2);
  const useful =
    usefulCorrelations.reduce((sum, one) => sum + likelihood(Math.atanh(one)), 0) /
    usefulCorrelations.length;
  // Scores that run against the others' are no better than none.
  const useless = seen < 0 ? 1 : likelihood(0);
  return (prior * useless) / (prior * useless + (1 - prior) * useful);
}
