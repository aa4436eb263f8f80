import { withoutThoughts } from '../calls/thoughts.ts';
import { readPlan } from '../project/plan-schema.ts';
import { scoreIn } from '../tasks/judgement.ts';
import { isJson, withoutFence } from '../validators/payload.ts';
import { holdsSecret } from '../validators/secrets.ts';
import type { LightName, SynchronousRegistry } from './contract.ts';

/**
 * Operations whose time grows with the text and no faster. Of short texts they are done in place; of
 * longer ones in the worker, as everything else.
 */
export const lightOperations: SynchronousRegistry<LightName> = {
  'answer-text': ({ text }) => withoutThoughts(text),
  judgement: ({ answer }) => scoreIn(answer),
  plan: ({ answer, ownTaskTypes }) => readPlan(answer, ownTaskTypes),
  payload: ({ text }) => withoutFence(text),
  'is-json': ({ text }) => isJson(text),
  'missing-words': ({ text, words }) => words.filter((word) => !text.includes(word)),
  length: ({ text }) => codePointsOf(text),
  'holds-secret': ({ text, secrets }) => holdsSecret(text, secrets),
};

function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
