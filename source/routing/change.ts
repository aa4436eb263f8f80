import { type Moments, noScores, populationVariance } from '../domain/moments.ts';

/** Scores on each side of a change without which none is established. */
export const changeMinimum = 30;
/** Changes smaller than this are let pass: five points. */
const changeSize = 0.05;
/**
 * Chance, for a cell that never changed, that a look finds a change anywhere in it: over a year of daily looks
 * about one in eleven such cells restarts, at 0.01 one in four.
 */
const falseAlarm = 0.001;

export type ScoreSlice = {
  /** Unix seconds at which the slice begins; any other ordered measure does as well. */
  from: number;
  scores: Moments;
};

/**
 * Where the record of a cell restarts: the beginning of the slice at which its level last changed for
 * certain, or undefined. Slices are oldest first, of a day, an hour or a few attempts each.
 *
 * Every split with enough scores on both sides is tried, and the largest standardised difference is
 * held against the distribution of that maximum (Siegmund 1985, "Sequential Analysis", for the
 * likelihood ratio test of a change-point); behind a change the search goes on for a later one.
 */
export function establishedChange(slices: readonly ScoreSlice[]): number | undefined {
  let restart: number | undefined;
  let start = 0;
  for (;;) {
    const split = strongestSplit(slices, start);
    if (split === undefined) return restart;
    restart = slices[split]?.from;
    start = split;
  }
}

function strongestSplit(slices: readonly ScoreSlice[], start: number): number | undefined {
  // Plain sums: a warm start goes through every day of every cell.
  let [n, sum, sumOfSquares] = [0, 0, 0];
  for (let index = start; index < slices.length; index += 1) {
    const { scores } = slices[index] ?? none;
    n += scores.n;
    sum += scores.sum;
    sumOfSquares += scores.sumOfSquares;
  }
  const variance = populationVariance({ n, sum, sumOfSquares });
  if (n < 2 * changeMinimum || variance === 0) return undefined;
  let [nBefore, sumBefore] = [0, 0];
  let strongest = 0;
  let split: number | undefined;
  for (let index = start + 1; index < slices.length; index += 1) {
    const { scores } = slices[index - 1] ?? none;
    nBefore += scores.n;
    sumBefore += scores.sum;
    const after = n - nBefore;
    if (nBefore < changeMinimum || after < changeMinimum) continue;
    const difference = Math.abs((sum - sumBefore) / after - sumBefore / nBefore);
    if (difference < changeSize) continue;
    const z = difference / Math.sqrt(variance * (1 / nBefore + 1 / after));
    if (z > strongest) {
      strongest = z;
      split = index;
    }
  }
  return chanceOfMaximum(strongest, changeMinimum / n) < falseAlarm ? split : undefined;
}

const none: Pick<ScoreSlice, 'scores'> = { scores: noScores };

/** Chance that the largest of the standardised differences over all splits exceeds `z` without a change. */
function chanceOfMaximum(z: number, edge: number): number {
  if (z < 1) return 1;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return density * ((z - 1 / z) * 2 * Math.log((1 - edge) / edge) + 4 / z);
}
