import {
  mergedMoments,
  type Moments,
  noScores,
  shiftedMoments,
  timesMoments,
} from '../../domain/moments.ts';
import {
  estimateJudges,
  type JudgeEffects,
  type JudgementSums,
  type Subject,
} from '../../routing/index.ts';
import type { Cells } from '../sums/fact-rows.ts';
import { addScores, addValue, scoresOf, type Sums, valueOf } from '../sums/fields.ts';
import { addJudgements, type Judgements, noJudgements } from '../sums/detail.ts';
import { emptyPeriod, type PeriodSums, remembered } from '../sums/period.ts';
import { judgedIn, shareOf, undecided } from '../severity-over.ts';
import type { View } from './view.ts';

/** What the judgements of a period say of its judges. */
export const judgesOf = remembered(({ judgements }: PeriodSums) => effectsOf(judgements));

function effectsOf({ sums, providers }: Judgements): JudgeEffects {
  return estimateJudges(sums.values(), (model) => providers.get(model));
}

/**
 * A view with the severity of its judges taken out of every score in it: what is shown, compared and
 * advised. The window before is on the same scale, so that a change of judge is no change of a model. The
 * same view where the judgements do not tell.
 */
export function withoutSeverity(view: View): View {
  const { whole, prior, cells, parts } = view;
  const within = judgesOf(whole);
  const across = effectsOfBoth(whole, prior);
  const wholeShift = (subject: Subject): number => within.shift(subject);
  const priorShift = (subject: Subject, judgements: readonly JudgementSums[]): number =>
    across.shiftOf(judgements) - across.shiftOf(ofSubject(whole, subject)) + within.shift(subject);
  return {
    ...view,
    whole: within.identified ? shifted(whole, cells, wholeShift) : whole,
    prior: across.identified ? shifted(prior, cells, priorShift) : prior,
    parts: within.identified
      ? parts.map((part) => ({
          ...part,
          sums: shifted(part.sums, cells, (_, judgements) => within.shiftOf(judgements)),
        }))
      : parts,
  };
}

/** The same models are taken to be the same in both, so that who judged them then and now can be compared. */
function effectsOfBoth(whole: PeriodSums, prior: PeriodSums): JudgeEffects {
  const both = noJudgements();
  addJudgements(both, whole.judgements);
  addJudgements(both, prior.judgements);
  return effectsOf(both);
}

const bySubject = remembered(({ judgements }: PeriodSums) =>
  Map.groupBy(judgements.sums.values(), ({ subject, taskType }) => `${taskType}\0${subject}`),
);

function ofSubject(period: PeriodSums, { model, taskType }: Subject): readonly JudgementSums[] {
  return bySubject(period).get(`${taskType}\0${model}`) ?? [];
}

/** A period whose scores are moved, cell by cell; what nobody judged stays as it is. */
function shifted(
  period: PeriodSums,
  cells: Cells,
  shiftOf: (subject: Subject, judgements: readonly JudgementSums[]) => number,
): PeriodSums {
  const moved = new Map<number, Sums>();
  for (const [number, sums] of period.cells) {
    const subject = cells.of(number);
    const judgements = ofSubject(period, subject);
    const shift = judgements.length === 0 ? 0 : shiftOf(subject, judgements);
    moved.set(number, shift === 0 ? sums : shiftScores(sums, shift, judgedIn(judgements)));
  }
  return {
    ...emptyPeriod(period.aged),
    firstAt: period.firstAt,
    lastAt: period.lastAt,
    cells: moved,
    // Taken apart only if somebody asks.
    get detail() {
      return period.detail;
    },
    get judgements() {
      return period.judgements;
    },
  };
}

/** Moves scores, of which so many were given by judges that are known. */
export function shiftScores(sums: Sums, shift: number, judged: number): Sums {
  const result = sums.slice();
  const tasks = valueOf(sums, 'tasks') - valueOf(sums, 'unscoredTasks');
  const judgedShift = shift * shareOf(judged, tasks);
  addToSampled(result, judgedShift);
  // What an outcome decides is not moved.
  const ofTask = judgedShift * undecided(valueOf(sums, 'outcomeTasks'), tasks);
  const scores = scoresOf(sums);
  addScores(result, mergedMoments(shiftedMoments(scores, ofTask), timesMoments(scores, -1)));
  const settled = valueOf(sums, 'scoredCalls');
  const live = valueOf(sums, 'liveScoredCalls');
  const calls = settled + live;
  const ofCall = shift * shareOf(judged, calls) * undecided(valueOf(sums, 'outcomeCalls'), calls);
  addValue(result, 'quality', settled * ofCall);
  addValue(result, 'liveQuality', live * ofCall);
  return result;
}

/** Moves what judges had said of tasks that the program asked about. */
function addToSampled(sums: Sums, by: number): void {
  const n = valueOf(sums, 'sampledTasks');
  if (n === 0 || by === 0) return;
  const weight = valueOf(sums, 'sampledWeight');
  addValue(
    sums,
    'sampledJudgedSquared',
    2 * by * valueOf(sums, 'sampledJudged') + weight * by ** 2,
  );
  addValue(sums, 'sampledProduct', by * valueOf(sums, 'sampledOutcome'));
  addValue(sums, 'sampledJudged', weight * by);
  addValue(sums, 'sampledShift', -n * by);
}

/** Of a model on one task type, or on all of them. */
export function judgedKey(model: string, taskType = ''): string {
  return `${taskType}\0${model}`;
}

/** All judgements of a period, as they were given, by {@link judgedKey}. */
export const judgementsOf = remembered(({ judgements }): ReadonlyMap<string, Moments> => {
  const all = new Map<string, Moments>();
  for (const { subject, taskType, n, sum, sumOfSquares } of judgements.sums.values()) {
    for (const key of [judgedKey(subject), judgedKey(subject, taskType)]) {
      all.set(key, mergedMoments(all.get(key) ?? noScores, { n, sum, sumOfSquares }));
    }
  }
  return all;
});
