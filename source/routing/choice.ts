/** A candidate that nothing excludes. */
export type Candidate = {
  /** Its place among the models of the profiles. */
  index: number;
  /** Posterior mean of its quality. */
  mean: number;
  /** Posterior standard deviation; 0 where only the profile counts. */
  standardDeviation: number;
  /** The sample of its quality; the mean where nothing is sampled. */
  sample: number;
  /** Variance of single scores: the noise of one more attempt. */
  scoreVariance: number;
  /** Attempts on this task type, and on all of them, weighted by age. */
  attempts: number;
  attemptsOfModel: number;
  /** Dollars per attempt; Infinity where unknown. */
  costUsd: number;
  /** Decides, the higher the better, where cost and quality are equal. */
  tieBreak: number;
  /** Whether it is, as far as is known, within the tolerance of the best; see {@link markGoodEnough}. */
  goodEnough: boolean;
};

/** Qualities this close are the same: differences of rounding must not beat a difference of price. */
const rounding = 1e-9;

/** Without a tolerance estimates this close, a fifth of a point, are the same: ties go to the cheaper. */
const tie = 0.002;

/** Finds the best by mean, the first of equals, and marks all that are within the tolerance of it. */
export function markGoodEnough(
  candidates: readonly Candidate[],
  tolerance: number,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (best === undefined || candidate.mean > best.mean) best = candidate;
  }
  if (best === undefined) return undefined;
  for (const candidate of candidates) {
    candidate.goodEnough =
      candidate === best ||
      candidate.mean >= best.mean - Math.max(tolerance, tieOf(candidate)) - rounding;
  }
  return best;
}

function tieOf({ standardDeviation }: Candidate): number {
  // Where nothing is sampled nothing is uncertain.
  return standardDeviation > 0 ? tie : 0;
}

/** The cheapest of those that are good enough. */
export function chooseCheapest(candidates: readonly Candidate[]): Candidate | undefined {
  let chosen: Candidate | undefined;
  for (const candidate of candidates) {
    if (!candidate.goodEnough) continue;
    if (chosen === undefined || isPreferred(candidate, chosen)) chosen = candidate;
  }
  return chosen;
}

function isPreferred(a: Candidate, b: Candidate): boolean {
  if (a.costUsd !== b.costUsd) return a.costUsd < b.costUsd;
  if (a.mean !== b.mean) return a.mean > b.mean;
  return a.tieBreak > b.tieBreak;
}

/** The chosen one, then what to fall back to: those good enough by price, the rest by quality. */
export function rankCandidates(
  candidates: readonly Candidate[],
  chosen: Candidate | undefined,
): Candidate[] {
  return candidates.toSorted((a, b) => {
    if (a === chosen || b === chosen) return a === chosen ? -1 : 1;
    if (a.goodEnough !== b.goodEnough) return a.goodEnough ? -1 : 1;
    return a.goodEnough && a.costUsd !== b.costUsd ? a.costUsd - b.costUsd : b.mean - a.mean;
  });
}
