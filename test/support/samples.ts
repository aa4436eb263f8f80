import { type Moments } from '../../source/domain/moments.ts';
import type { CellSamples, DayScores } from '../../source/telemetry/recommendations/index.ts';

/** What a test cares about of a cell; the rest follows: one attempt per score, all in the window. */
export type CellSeed = Partial<CellSamples> & {
  model: string;
  /** All scores, as of one day in the window. */
  scores?: Moments;
  /** Dollars of own attempts per task. */
  ownUsd?: number;
};

/** The day in the window on which scores that need no day of their own lie. */
export const someDay = 20 * 86_400;

export function samples({ scores, ownUsd = 0.001, ...fields }: CellSeed): CellSamples {
  const days: readonly DayScores[] =
    fields.days ?? (scores === undefined ? [] : [{ day: someDay, scores }]);
  const n = days.reduce((sum, one) => sum + one.scores.n, 0);
  const attempts = fields.attempts ?? n;
  return {
    taskType: 'complex_reasoning',
    days,
    attempts,
    failures: 0,
    validatorFailures: 0,
    recentAttempts: attempts,
    tasks: n,
    tasksCostUsd: n * ownUsd,
    ...(n > 0 ? { own: { tasks: n, meanUsd: ownUsd, relativeVariance: 0.1 / n } } : {}),
    answersUsd: n * ownUsd,
    reviewsUsd: 0,
    ...fields,
  };
}
