import {
  mergedMoments,
  meanOf,
  type Moments,
  noScores,
  populationVariance,
} from '../domain/moments.ts';

/** Scores on each side of a change without which none is established. */
export const changeMinimum = 30;
/** Changes smaller than this are let pass: five points. */
export const changeSize = 0.05;
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
  let all = noScores;
  for (let index = start; index < slices.length; index += 1) {
    all = mergedMoments(all, slices[index]?.scores ?? noScores);
  }
  const variance = populationVariance(all);
  if (all.n < 2 * changeMinimum || variance === 0) return undefined;
  let before = noScores;
  let strongest = 0;
  let split: number | undefined;
  for (let index = start + 1; index < slices.length; index += 1) {
    before = mergedMoments(before, slices[index - 1]?.scores ?? noScores);
    const after = all.n - before.n;
    if (before.n < changeMinimum || after < changeMinimum) continue;
    const difference = Math.abs((all.sum - before.sum) / after - meanOf(before));
    if (difference < changeSize) continue;
    const z = difference / Math.sqrt(variance * (1 / before.n + 1 / after));
    if (z > strongest) {
      strongest = z;
      split = index;
    }
  }
  return chanceOfMaximum(strongest, changeMinimum / all.n) < falseAlarm ? split : undefined;
}

/** Chance that the largest of the standardised differences over all splits exceeds `z` without a change. */
function chanceOfMaximum(z: number, edge: number): number {
  if (z < 1) return 1;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return density * ((z - 1 / z) * 2 * Math.log((1 - edge) / edge) + 4 / z);
}
