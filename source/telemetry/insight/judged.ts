import { mergedMoments, type Moments, noScores } from '../../domain/moments.ts';
import { remembered } from '../sums/period.ts';

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
