import type { Moments } from '../../domain/moments.ts';
import { logEvidenceAbove } from '../statistics/index.ts';
import { type CellSamples, type CostSample, type Judged, scoresIn } from './cell.ts';
import { isFirmlyCheaper } from './money.ts';
import { type Belief, beliefsOf, probabilityNotWorse } from './posterior.ts';

/**
 * Evidence from which something is firm, among all that is compared at once. By Ville's inequality alone it would
 * ever be exceeded without a reason in one history of eleven; bets that are spread out lose so much that in a year
 * of daily looks it happens in one of thirty to forty, at the margin itself (`npm run bench -- trust`).
 */
export const firmEvidence = 11;

/** How much worse an alternative may be and still count as not worse. */
export const margin = 0.05;
/** Share of a task type's money from which a model is worth replacing. */
const leastShare = 0.05;
/** Tasks that both models must have. */
const leastTasks = 20;

/** A cell that can be compared, with all its scores and its cost. */
export type Contestant = { cell: CellSamples; scores: Moments; own: CostSample };

export type Candidate = Contestant & {
  /** Whether its own attempts are firmly cheaper. */
  isCheaper: boolean;
  /** Whether the two were judged by judges that can be compared. */
  isComparable: boolean;
  /** Evidence that it is not worse by the margin; 0, like what follows, where it is not compared. */
  evidence: number;
  /** Probability of that. */
  probability: number;
  /** How unsure the difference is because of who judged: a variance. */
  variance: number;
};

/** A model that takes money, and what might do its work. */
export type Contest = {
  incumbent: Contestant;
  /** The cheapest first. */
  candidates: Candidate[];
  /** Models that the incumbent itself was, or would be, advised instead of: the margin holds against them as well. */
  before: () => Contestant[];
  /** Dollars that critics and judges were paid per task of its type. */
  reviewUsd: number;
};

/** Every incumbent of every task type with those that may be compared with it. */
export function contestsIn(
  cells: readonly CellSamples[],
  judged: Judged,
  /** Whether a cell may be advised. */
  isFit: (cell: CellSamples) => boolean,
): Contest[] {
  const beliefs = beliefsOf(cells);
  return [...Map.groupBy(cells, ({ taskType }) => taskType).values()].flatMap((ofType) => {
    const contestants = ofType.flatMap(contestantOf);
    const fit = contestants.filter(({ cell }) => isFit(cell));
    const tasks = ofType.reduce((sum, cell) => sum + cell.tasks, 0);
    const reviewsUsd = ofType.reduce((sum, cell) => sum + cell.reviewsUsd, 0);
    const paid = ofType.reduce((sum, cell) => sum + cell.answersUsd + cell.reviewsUsd, 0);
    const takes = ({ answersUsd, tasksCostUsd }: CellSamples): boolean =>
      Math.max(answersUsd, tasksCostUsd) >= leastShare * paid;
    return contestants
      .filter(({ cell, own }) => cell.tasks > 0 && own.meanUsd > 0 && takes(cell))
      .map((incumbent): Contest => {
        const others = contestants.filter((one) => one !== incumbent);
        return {
          incumbent,
          reviewUsd: tasks > 0 ? reviewsUsd / tasks : 0,
          candidates: fit
            .filter((one) => one !== incumbent)
            .map((one) => candidateFor(incumbent, one, judged, beliefs))
            .toSorted(
              (a, b) => a.own.meanUsd - b.own.meanUsd || (a.cell.model < b.cell.model ? -1 : 1),
            ),
          before: () =>
            others.filter(
              (one) =>
                isFirmlyCheaper(incumbent.own, one.own) && isNotWorse(incumbent, one, judged),
            ),
        };
      });
  });
}

/** Whether one is firmly not worse than another by the margin, taken by themselves. */
export function isNotWorse(one: Contestant, other: Contestant, judged: Judged): boolean {
  const variance = judged.varianceBetween(one.cell, other.cell);
  const evidence = logEvidenceAbove(one.scores, other.scores, -margin, variance);
  return evidence >= Math.log(firmEvidence);
}

function contestantOf(cell: CellSamples): Contestant[] {
  const scores = scoresIn(cell);
  const { own } = cell;
  return own === undefined || scores.n < leastTasks ? [] : [{ cell, scores, own }];
}

function candidateFor(
  incumbent: Contestant,
  one: Contestant,
  judged: Judged,
  beliefs: ReadonlyMap<CellSamples, Belief>,
): Candidate {
  const isCheaper = isFirmlyCheaper(one.own, incumbent.own);
  if (!isCheaper) {
    return { ...one, isCheaper, isComparable: false, variance: 0, evidence: 0, probability: 0 };
  }
  const isComparable = judged.comparable(one.cell, incumbent.cell);
  const variance = judged.varianceBetween(one.cell, incumbent.cell);
  const [belief, other] = [beliefs.get(one.cell), beliefs.get(incumbent.cell)];
  return {
    ...one,
    isCheaper,
    isComparable,
    variance,
    evidence: isComparable
      ? Math.exp(logEvidenceAbove(one.scores, incumbent.scores, -margin, variance))
      : 0,
    probability:
      belief === undefined || other === undefined
        ? 0
        : probabilityNotWorse(belief, other, margin, variance),
  };
}
