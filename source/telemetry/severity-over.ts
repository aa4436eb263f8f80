import { type Moments, narrowedMoments, shiftedMoments } from '../domain/moments.ts';
import { estimateJudges, type JudgeEffects, type JudgementSums } from '../routing/index.ts';
import type { Cells } from './sums/fact-rows.ts';
import { addJudgement, addJudgements, noJudgements } from './sums/detail.ts';
import type { PeriodSums } from './sums/period.ts';
import { factorNow } from './sums/time.ts';

/** How far scores are moved because of who gave them, and of how many that is known. */
export type Shift = { by: number; judged: number };

/** What is to be taken out of the scores of a warm start, so that it does not matter who judged when. */
type SeverityOver = {
  /** What all days together say of the judges. */
  effects: JudgeEffects;
  /** The scores of a cell on a day, of which so many are `decided` by outcomes. */
  takenOutOf(scores: Moments, of: { day: number; cell: number; decided: number }): Moments;
  /** For the mean of a cell over the days from `since` on, weighted by age. */
  shift(cell: number, period: { since: number; now: number }): Shift;
};

const none: Shift = { by: 0, judged: 0 };

export function severityOver(
  days: readonly { day: number; sums: PeriodSums }[],
  cells: Cells,
): SeverityOver {
  const all = noJudgements();
  for (const { sums } of days) addJudgements(all, sums.judgements);
  const effects = estimateJudges(all.sums.values(), (model) => all.providers.get(model));
  if (!effects.identified) {
    return { effects, takenOutOf: (scores) => scores, shift: () => none };
  }
  const ofCells = days.map(({ day, sums }) => ({
    day,
    byCell: Map.groupBy(sums.judgements.sums.values(), ({ subject, taskType }) =>
      cells.numberOf(subject, taskType),
    ),
  }));
  const byDay = new Map(ofCells.map(({ day, byCell }) => [day, byCell]));
  return {
    effects,
    takenOutOf(scores, { day, cell, decided }) {
      const judgements = byDay.get(day)?.get(cell);
      if (judgements === undefined) return scores;
      const by =
        effects.shiftOf(judgements) *
        shareOf(judgedIn(judgements), scores.n) *
        undecided(decided, scores.n);
      const { model, taskType } = cells.of(cell);
      const byJudges = effects.varianceByJudges({ model, taskType });
      return narrowedMoments(shiftedMoments(scores, by), byJudges);
    },
    shift(cell, { since, now }) {
      const weighted = noJudgements();
      let judged = 0;
      for (const { day, byCell } of ofCells) {
        if (day < since) continue;
        const judgements = byCell.get(cell) ?? [];
        judged += judgedIn(judgements);
        for (const one of judgements) addJudgement(weighted, times(one, factorNow(day, now)));
      }
      return judged === 0 ? none : { by: effects.shiftOf([...weighted.sums.values()]), judged };
    },
  };
}

/**
 * A mean of so many scores, moved as far as it is known who gave them and no outcome `decided`; still a
 * score.
 */
export function shifted(mean: number, { by, judged }: Shift, n: number, decided: number): number {
  if (by === 0) return mean;
  return Math.min(1, Math.max(0, mean + by * shareOf(judged, n) * undecided(decided, n)));
}

export function judgedIn(judgements: readonly JudgementSums[]): number {
  return judgements.reduce((sum, { n }) => sum + n, 0);
}

/** The share of so many that no outcome decides. */
export function undecided(decided: number, n: number): number {
  return n > 0 ? Math.max(0, 1 - decided / n) : 0;
}

/** The share of so many scores whose judges are known. */
export function shareOf(judged: number, n: number): number {
  return n > 0 ? Math.min(1, judged / n) : 0;
}

function times(sums: JudgementSums, factor: number): JudgementSums {
  const { n, sum, sumOfSquares } = sums;
  return { ...sums, n: factor * n, sum: factor * sum, sumOfSquares: factor * sumOfSquares };
}
