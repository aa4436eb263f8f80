import { escapeTags, unescapeTags } from '../../domain/material.ts';
import { holdsSecret } from '../../domain/secrets.ts';
import { readPlan } from '../project/read-plan.ts';
import { answerText } from '../reading/answer-text.ts';
import { judgementIn } from '../reading/judgement.ts';
import { resultFileOf } from '../results/file-name.ts';
import { isJson, withoutFence } from '../validators/payload.ts';
import type { LightName, SynchronousRegistry } from './contract.ts';

/**
 * Operations whose time grows with the text and no faster. Of short texts they are done in place; of
 * longer ones in the worker, as everything else.
 */
export const lightOperations: SynchronousRegistry<LightName> = {
  'answer-text': ({ text, request }) => answerText(text, request),
  judgement: ({ answer, material, cut }) => judgementIn(answer, { material, cut }),
  plan: ({ answer, ownTaskTypes }) => readPlan(answer, ownTaskTypes),
  payload: ({ text }) => withoutFence(text),
  'result-file': ({ text, taskType }) => resultFileOf(text, taskType),
  'escape-tags': ({ text }) => escapeTags(text),
  'unescape-tags': ({ text }) => unescapeTags(text),
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
