import * as z from 'zod';
import { jsonValuesIn } from '../json-in-text.ts';

const judgementSchema = z.looseObject({ score: z.number().min(0).max(1) });

/** How much of an answer is looked at: a judge that writes more than this has not judged. */
const longestJudgement = 100_000;

/**
 * The score in a judge's answer: JSON with a number `score` in [0, 1]. Fences, prose around it and
 * further fields are tolerated; undefined for anything else, which is a failure of the judge and not
 * a score.
 */
export function scoreIn(answer: string): number | undefined {
  for (const value of jsonValuesIn(answer.slice(0, longestJudgement))) {
    const judgement = judgementSchema.safeParse(value);
    if (judgement.success) return judgement.data.score;
  }
  return undefined;
}
