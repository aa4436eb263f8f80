/** Scores that two judges gave to the same answers, added up. */
export type PairSums = { n: number; x: number; y: number; xx: number; yy: number; xy: number };

/** How closely the scores of judges follow one another, of so many answers beyond what means take. */
export type Agreement = { n: number; correlation: number };

/** How closely scores of judges that are of use may follow one another, as long as nothing is known. */
const usefulCorrelations = [0.35, 0.5, 0.7, 0.9];
/** The same, of how closely those of other judges do. */
const ofOthers = [1, 0.8, 0.6];
const leastCorrelation = 0.45;
/** Pairs below which nothing is said. */
const leastPairs = 6;
const enoughPairs = 12;

/** Undefined where there are too few pairs, or where the others see no difference between answers. */
export function agreementOf(pairs: Iterable<PairSums>): Agreement | undefined {
  const pooled = { n: 1, xx: 0, yy: 0, xy: 0 };
  for (const { n, x, y, xx, yy, xy } of pairs) {
    if (n < 2) continue;
    // Around the means of either, so that severity does not matter.
    pooled.n += n - 1;
    pooled.xx += xx - (x * x) / n;
    pooled.yy += yy - (y * y) / n;
    pooled.xy += xy - (x * y) / n;
  }
  if (pooled.n < leastPairs || pooled.yy <= 1e-9) return undefined;
  const correlation = pooled.xx <= 1e-9 ? 0 : pooled.xy / Math.sqrt(pooled.xx * pooled.yy);
  return { n: pooled.n, correlation };
}

/**
 * How probable it is that a judge is uninformative, from the answers that others judged as well: `prior`
 * before, then by how improbable it would be for one that is of use that its scores follow theirs so little.
 * `among`: how closely those of the others follow one another.
 */
export function uselessness(
  own: Agreement | undefined,
  among: Agreement | undefined,
  prior: number,
): number {
  if (own === undefined) return prior;
  const seen = fisher(own.correlation);
  const likelihood = (expected: number): number =>
    Math.exp((-(own.n - 3) * (seen - expected) ** 2) / 2);
  const isTold =
    among !== undefined && among.n >= enoughPairs && among.correlation >= leastCorrelation;
  const expected = isTold ? ofOthers.map((share) => share * among.correlation) : usefulCorrelations;
  // One that follows even more closely than any of them is of use all the same.
  const useful =
    seen > fisher(Math.max(...expected))
      ? 1
      : expected.reduce((sum, one) => sum + likelihood(fisher(one)), 0) / expected.length;
  // Scores that run against the others' are no better than none.
  const useless = seen < 0 ? 1 : likelihood(0);
  return (prior * useless) / (prior * useless + (1 - prior) * useful);
}

function fisher(correlation: number): number {
  return Math.atanh(Math.min(0.999, Math.max(-0.999, correlation)));
}
