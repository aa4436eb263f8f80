import { defined } from '../domain/defined.ts';
import { mergedMoments, type Moments, noScores, withScore } from '../domain/moments.ts';
import type { CellHistory } from '../domain/profile.ts';
import { changeMinimum, establishedChange, type ScoreSlice } from './change.ts';
import type { AttemptObservation } from './model.ts';

/** Everything seen of one (model, task type), past and present, as the posterior wants it. */
export type CellScores = {
  observe(observation: AttemptObservation): void;
  /** Scores since the last established change. */
  readonly scores: Moments;
  /** Variance of single scores, where the history has it. */
  readonly scoreVariance?: number;
};

/** Attempts of a run that are looked at together when a change is looked for. */
const sliceSize = 10;

/**
 * The past counts as its first slice, and every ten attempts of the run are one more: a long run notices
 * a change by the same test that restarts histories between runs.
 */
export function createCellScores(history: CellHistory | undefined): CellScores {
  const past = history === undefined ? noScores : momentsOfHistory(history);
  let slices: ScoreSlice[] = [{ from: 0, scores: past }];
  let newest = noScores;
  let all = past;

  function close(): void {
    slices.push({ from: slices.length, scores: newest });
    newest = noScores;
    if (all.n < 2 * changeMinimum) return;
    const restart = establishedChange(slices);
    if (restart === undefined) return;
    slices = slices
      .filter(({ from }) => from >= restart)
      .map(({ scores }, index) => ({ from: index, scores }));
    all = slices.reduce((sum, { scores }) => mergedMoments(sum, scores), noScores);
  }

  return {
    get scores() {
      return all;
    },
    ...defined({ scoreVariance: history?.scoreVariance }),
    observe({ score, failed }) {
      // A failed attempt counts as a score of 0: routing wants usable answers.
      const counted = failed ? 0 : score;
      if (counted === undefined) return;
      newest = withScore(newest, counted);
      all = withScore(all, counted);
      if (newest.n >= sliceSize) close();
    },
  };
}

function momentsOfHistory({
  profile,
  effectiveCalls,
  effectiveAttempts = effectiveCalls,
  sampleSize = effectiveAttempts,
  scoreVariance,
}: CellHistory): Moments {
  if (effectiveAttempts <= 0) return noScores;
  const mean = (effectiveCalls / effectiveAttempts) * profile.qualityScore;
  const variance = scoreVariance ?? mean * (1 - mean);
  return {
    n: sampleSize,
    sum: sampleSize * mean,
    sumOfSquares: sampleSize * (variance + mean ** 2),
  };
}
