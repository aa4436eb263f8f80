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
};

/** Qualities this close are the same: differences of rounding must not beat a difference of price. */
const rounding = 1e-9;

/**
 * How sure it must be that a cheaper model is too far below the best before the dearer one is paid for:
 * in standard deviations of their difference, about three to one. The tolerance says that the user would rather
 * save, so doubt goes to the cheaper.
 */
const doubt = 0.7;

/** The best by mean; the first of equals. */
export function bestOf(contenders: readonly Contender[]): Contender | undefined {
  let best: Contender | undefined;
  for (const contender of contenders) {
    if (best === undefined || contender.mean > best.mean) best = contender;
  }
  return best;
}

/** Whether `contender` is, as far as is known, within the tolerance of the best. */
export function isGoodEnough(contender: Contender, best: Contender, tolerance: number): boolean {
  if (contender === best) return true;
  const allowance =
    tolerance > 0 && contender.standardDeviation > 0
      ? doubt * Math.hypot(contender.standardDeviation, best.standardDeviation)
      : 0;
  return contender.mean >= best.mean - tolerance - allowance - rounding;
}

/** The cheapest that is good enough, by what is believed alone. */
export function chooseCheapest(
  contenders: readonly Contender[],
  tolerance: number,
): Contender | undefined {
  const best = bestOf(contenders);
  if (best === undefined) return undefined;
  let chosen = best;
  for (const contender of contenders) {
    if (isGoodEnough(contender, best, tolerance) && isPreferred(contender, chosen)) {
      chosen = contender;
    }
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
  tolerance: number,
): Contender[] {
  const best = bestOf(contenders);
  if (best === undefined) return [];
  const near = new Set(contenders.filter((each) => isGoodEnough(each, best, tolerance)));
  return contenders.toSorted((a, b) => {
    if (a === chosen || b === chosen) return a === chosen ? -1 : 1;
    if (near.has(a) !== near.has(b)) return near.has(a) ? -1 : 1;
    return near.has(a) && a.costUsd !== b.costUsd ? a.costUsd - b.costUsd : b.mean - a.mean;
  });
}
