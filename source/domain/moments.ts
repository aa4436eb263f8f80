/** What is kept of a sample of scores: enough for its mean, its variance, and every test on them. */
export type Moments = {
  /** How many scores; a sum of weights where they are weighted by age. */
  n: number;
  sum: number;
  sumOfSquares: number;
  /** Sums of the third and fourth powers; absent where they are not known of every score. */
  higher?: { cubes: number; fourths: number };
};

export const noScores: Moments = {
  n: 0,
  sum: 0,
  sumOfSquares: 0,
  higher: { cubes: 0, fourths: 0 },
};

/** `moments` with one more score, which counts `weight` times. */
export function withScore(moments: Moments, score: number, weight = 1): Moments {
  const square = score * score;
  const { higher } = moments;
  return {
    n: moments.n + weight,
    sum: moments.sum + weight * score,
    sumOfSquares: moments.sumOfSquares + weight * square,
    ...(higher && {
      higher: {
        cubes: higher.cubes + weight * square * score,
        fourths: higher.fourths + weight * square * square,
      },
    }),
  };
}

export function momentsOf(scores: Iterable<number>): Moments {
  let moments = noScores;
  for (const score of scores) moments = withScore(moments, score);
  return moments;
}

export function mergedMoments(left: Moments, right: Moments): Moments {
  const n = left.n + right.n;
  const sum = left.sum + right.sum;
  const sumOfSquares = left.sumOfSquares + right.sumOfSquares;
  if (left.higher === undefined || right.higher === undefined) return { n, sum, sumOfSquares };
  const cubes = left.higher.cubes + right.higher.cubes;
  const fourths = left.higher.fourths + right.higher.fourths;
  return { n, sum, sumOfSquares, higher: { cubes, fourths } };
}

/** `moments` so many times; below 0 what {@link mergedMoments} takes away again. */
export function timesMoments({ n, sum, sumOfSquares, higher }: Moments, factor: number): Moments {
  return {
    n: factor * n,
    sum: factor * sum,
    sumOfSquares: factor * sumOfSquares,
    ...(higher && {
      higher: { cubes: factor * higher.cubes, fourths: factor * higher.fourths },
    }),
  };
}

/** The same sample with every score moved. */
export function shiftedMoments({ n, sum, sumOfSquares, higher }: Moments, by: number): Moments {
  const square = by * by;
  return {
    n,
    sum: sum + n * by,
    sumOfSquares: sumOfSquares + 2 * by * sum + n * square,
    ...(higher && {
      higher: {
        cubes: higher.cubes + 3 * by * sumOfSquares + 3 * square * sum + n * by * square,
        fourths:
          higher.fourths +
          4 * by * higher.cubes +
          6 * square * sumOfSquares +
          4 * by * square * sum +
          n * square * square,
      },
    }),
  };
}

/** The same sample contracted around its mean, so that its variance is smaller by so much, but not below 0. */
export function narrowedMoments(moments: Moments, variance: number): Moments {
  const seen = populationVariance(moments);
  if (!(variance > 0 && seen > 0)) return moments;
  const mean = meanOf(moments);
  const factor = Math.sqrt(1 - Math.min(variance, seen) / seen);
  const { n, sumOfSquares, higher } = shiftedMoments(moments, -mean);
  return shiftedMoments(
    {
      n,
      sum: 0,
      sumOfSquares: factor ** 2 * sumOfSquares,
      ...(higher && {
        higher: { cubes: factor ** 3 * higher.cubes, fourths: factor ** 4 * higher.fourths },
      }),
    },
    mean,
  );
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
