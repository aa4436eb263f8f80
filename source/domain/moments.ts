/** What is kept of a sample of scores: enough for its mean, its variance, and every test on them. */
export type Moments = {
  /** How many scores; a sum of weights where they are weighted by age. */
  n: number;
  sum: number;
  sumOfSquares: number;
};

export const noScores: Moments = { n: 0, sum: 0, sumOfSquares: 0 };

/** `moments` with one more score, which counts `weight` times. */
export function withScore(moments: Moments, score: number, weight = 1): Moments {
  return {
    n: moments.n + weight,
    sum: moments.sum + weight * score,
    sumOfSquares: moments.sumOfSquares + weight * score * score,
  };
}

export function momentsOf(scores: Iterable<number>): Moments {
  let moments = noScores;
  for (const score of scores) moments = withScore(moments, score);
  return moments;
}

export function mergedMoments(left: Moments, right: Moments): Moments {
  return {
    n: left.n + right.n,
    sum: left.sum + right.sum,
    sumOfSquares: left.sumOfSquares + right.sumOfSquares,
  };
}

/** The same sample with every score moved. */
export function shiftedMoments({ n, sum, sumOfSquares }: Moments, by: number): Moments {
  return { n, sum: sum + n * by, sumOfSquares: sumOfSquares + 2 * by * sum + n * by ** 2 };
}

/** The same sample with a variance that is smaller by so much, but not below 0. */
export function narrowedMoments(moments: Moments, variance: number): Moments {
  const less = Math.min(variance, populationVariance(moments));
  return { ...moments, sumOfSquares: moments.sumOfSquares - moments.n * less };
}

/** Mean of the sample; 0 of an empty one. */
export function meanOf({ n, sum }: Moments): number {
  return n > 0 ? sum / n : 0;
}

/** Variance with n in the denominator, never negative; 0 of an empty sample. */
export function populationVariance({ n, sum, sumOfSquares }: Moments): number {
  return n > 0 ? Math.max(0, sumOfSquares / n - (sum / n) ** 2) : 0;
}

/** Unbiased variance, n − 1 in the denominator; 0 of fewer than two scores. */
export function sampleVariance(moments: Moments): number {
  const { n } = moments;
  return n > 1 ? (populationVariance(moments) * n) / (n - 1) : 0;
}
