import { mergedMoments, type Moments, noScores } from '../../domain/moments.ts';
import type { TaskType } from '../../domain/task-type.ts';

/** Scores of some days; `day`: Unix seconds at which they begin. */
export type DayScores = { day: number; scores: Moments };

/** What the history holds of one (model, task type), as tests need it. */
export type CellSamples = {
  model: string;
  taskType: TaskType;
  /**
   * Scores as of judges that are all alike, and a 0 for every failure that another model made good; oldest first,
   * as far back as evidence reaches, those of before the window in one.
   */
  days: readonly DayScores[];
  /** The same as judges gave them, where that is something else: a change of judges shows in these alone. */
  asGiven?: readonly DayScores[];
  /** Attempts in the window, those that ended in an error, and those that failed a check. */
  attempts: number;
  failures: number;
  validatorFailures: number;
  /** Attempts that routing counts. */
  recentAttempts: number;
  /** Tasks in the window whose best attempt was this model's, and all that they cost, reviews included. */
  tasks: number;
  tasksCostUsd: number;
  /** What its own attempts cost per task; undefined where there is no task to pay for. */
  own?: CostSample;
  /** What it was paid in the window for answers, and for reviews of others' answers. */
  answersUsd: number;
  reviewsUsd: number;
};

/** Dollars per task: the mean, the variance of that mean relative to its square, and of how many tasks. */
export type CostSample = { tasks: number; meanUsd: number; relativeVariance: number };

const known = new WeakMap<readonly DayScores[], Moments>();

/** All scores as far back as evidence reaches; every test asks for them. */
export function scoresIn({ days }: Pick<CellSamples, 'days'>): Moments {
  let all = known.get(days);
  if (all === undefined) {
    all = days.reduce((sum, { scores }) => mergedMoments(sum, scores), noScores);
    known.set(days, all);
  }
  return all;
}

/** The first day of which scores of any of them count; nothing of cells without scores. */
export function scoredSince(...cells: readonly Pick<CellSamples, 'days'>[]): { from?: number } {
  const starts = cells.flatMap(({ days }) => days[0]?.day ?? []);
  return starts.length === 0 ? {} : { from: Math.min(...starts) };
}

/** Whose judgements, or answers, a cell's were between two times, by name with their numbers. */
export type Mix = { judges: ReadonlyMap<string, number>; served: ReadonlyMap<string, number> };

/** What is known of who judged; where nothing is, all judges are taken to be one. */
export type Judged = {
  /** How unsure the difference of two cells of a task type is because of who judged them: a variance. */
  varianceBetween(a: CellSamples, b: CellSamples): number;
  /** Whether two were ever judged by the same, or by judges that can be compared. */
  comparable(a: CellSamples, b: CellSamples): boolean;
  /** Who judged a cell from the first time up to the second, and what its provider served. */
  mixOf(cell: CellSamples, from: number, before: number): Mix;
};

export const oneJudge: Judged = {
  varianceBetween: () => 0,
  comparable: () => true,
  mixOf: () => ({ judges: new Map(), served: new Map() }),
};
