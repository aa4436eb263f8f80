/** A candidate that nothing excludes. */
export type Contender = {
  /** Its place among the models of the book. */
  index: number;
  /** What is believed of its quality. */
  mean: number;
  /** How unsure that is; 0 where only the profile counts. */
  standardDeviation: number;
  /** What was drawn for its quality; the mean where nothing is drawn. */
  draw: number;
  /** Variance of single scores: how little one more attempt tells. */
  scoreVariance: number;
  /** Dollars per attempt; Infinity where unknown. */
  costUsd: number;
  /** Decides, the higher the better, where cost and quality are equal. */
  tieBreak: number;
  /** Whether it is, as far as is known, within the tolerance of the best; see {@link markGoodEnough}. */
  goodEnough: boolean;
};

/** Qualities this close are the same: differences of rounding must not beat a difference of price. */
const rounding = 1e-9;

/**
 * How sure it must be that a cheaper model is too far below the best before the dearer one is paid for:
 * in standard deviations of their difference, about 73% sure. The tolerance says that the user would rather
 * save, so doubt goes to the cheaper.
 */
const doubt = 0.6;

/** Finds the best by mean, the first of equals, and marks all that are within the tolerance of it. */
export function markGoodEnough(
  contenders: readonly Contender[],
  tolerance: number,
): Contender | undefined {
  let best: Contender | undefined;
  for (const contender of contenders) {
    if (best === undefined || contender.mean > best.mean) best = contender;
  }
  if (best === undefined) return undefined;
  for (const contender of contenders) {
    contender.goodEnough =
      contender === best ||
      contender.mean >= best.mean - tolerance - allowance(contender, best, tolerance) - rounding;
  }
  return best;
}

function allowance(contender: Contender, best: Contender, tolerance: number): number {
  // Without a tolerance nothing is to be saved, and where nothing is drawn nothing is in doubt.
  if (tolerance <= 0 || contender.standardDeviation <= 0) return 0;
  return doubt * Math.sqrt(contender.standardDeviation ** 2 + best.standardDeviation ** 2);
}

/** The cheapest of those that are good enough. */
export function chooseCheapest(contenders: readonly Contender[]): Contender | undefined {
  let chosen: Contender | undefined;
  for (const contender of contenders) {
    if (!contender.goodEnough) continue;
    if (chosen === undefined || isPreferred(contender, chosen)) chosen = contender;
  }
  return chosen;
}

function isPreferred(a: Contender, b: Contender): boolean {
  if (a.costUsd !== b.costUsd) return a.costUsd < b.costUsd;
  if (a.mean !== b.mean) return a.mean > b.mean;
  return a.tieBreak > b.tieBreak;
}

/** The chosen one, then what to fall back to: those good enough by price, the rest by quality. */
export function rankContenders(
  contenders: readonly Contender[],
  chosen: Contender | undefined,
): Contender[] {
  return contenders.toSorted((a, b) => {
    if (a === chosen || b === chosen) return a === chosen ? -1 : 1;
    if (a.goodEnough !== b.goodEnough) return a.goodEnough ? -1 : 1;
    return a.goodEnough && a.costUsd !== b.costUsd ? a.costUsd - b.costUsd : b.mean - a.mean;
  });
}
