/** A candidate that nothing excludes. */
export type Contender = {
  /** Its place among the models of the book. */
  index: number;
  /** What is believed of its quality. */
  mean: number;
  /** What was drawn for its quality; the mean where nothing is drawn. */
  draw: number;
  /** Dollars per attempt; Infinity where unknown. */
  costUsd: number;
  /** Decides, the higher the better, where cost and quality are equal. */
  tieBreak: number;
};

/** Qualities this close are the same: differences of rounding must not beat a difference of price. */
const rounding = 1e-9;

/** The cheapest whose quality is within the tolerance of the best. */
export function chooseCheapest(
  contenders: readonly Contender[],
  tolerance: number,
  by: 'mean' | 'draw',
): Contender | undefined {
  let best = Number.NEGATIVE_INFINITY;
  for (const contender of contenders) best = Math.max(best, contender[by]);
  let chosen: Contender | undefined;
  for (const contender of contenders) {
    if (contender[by] < best - tolerance - rounding) continue;
    if (chosen === undefined || isPreferred(contender, chosen, by)) chosen = contender;
  }
  return chosen;
}

function isPreferred(a: Contender, b: Contender, by: 'mean' | 'draw'): boolean {
  if (a.costUsd !== b.costUsd) return a.costUsd < b.costUsd;
  if (a[by] !== b[by]) return a[by] > b[by];
  return a.tieBreak > b.tieBreak;
}

/** The chosen one, then what to fall back to: those within the tolerance by price, the rest by quality. */
export function rankContenders(
  contenders: readonly Contender[],
  chosen: Contender | undefined,
  tolerance: number,
): Contender[] {
  const best = Math.max(...contenders.map(({ mean }) => mean));
  const isNear = ({ mean }: Contender): boolean => mean >= best - tolerance - rounding;
  return contenders.toSorted((a, b) => {
    if (a === chosen || b === chosen) return a === chosen ? -1 : 1;
    const near = Number(isNear(b)) - Number(isNear(a));
    if (near !== 0) return near;
    return isNear(a) && a.costUsd !== b.costUsd ? a.costUsd - b.costUsd : b.mean - a.mean;
  });
}
