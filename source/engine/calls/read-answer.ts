import type { ModelResponse } from '../../domain/model-api.ts';
import { defined } from '../../domain/defined.ts';
import { inspect } from '../inspection/index.ts';
import type { CallRequest, ReadAnswer } from './call.ts';

/** Reads what came back, in place or on a thread that can be ended. Never rejects. */
export async function readAnswer(
  request: Pick<CallRequest, 'prompt' | 'signals' | 'scoreOf'>,
  response: Pick<ModelResponse, 'text' | 'finishReason' | 'usage'>,
): Promise<ReadAnswer> {
  const signal = request.signals.execution;
  const { finishReason } = response;
  const read = await inspect(
    'answer-text',
    { text: response.text, request: request.prompt.prompt },
    { signal },
  );
  // Where reading fails, the model is not to be blamed: its answer is taken as it came. A judgement is
  // not, since what a judge quotes or thinks must not count.
  const asItCame = request.scoreOf === undefined ? response.text : '';
  const { text, reasoned, unfinished, openEnded } = read.ok
    ? read.value
    : { text: asItCame, ...unread };
  const ends = finishReason === 'length' || (finishReason === 'other' && openEnded);
  const empty = text.trim() === '';
  const cut = unfinished || (ends && empty) ? 'reasoning' : ends ? 'answer' : undefined;
  const inText = reasoned ? Math.ceil((response.text.length - text.length) / 3) : undefined;
  const reasoningTokens = response.usage?.reasoningTokens ?? inText;
  const answer: ReadAnswer = { text, finishReason, ...defined({ cut, reasoningTokens }) };
  const score = await request.scoreOf?.(answer);
  return score === undefined ? answer : { ...answer, score };
}

const unread = { reasoned: false, unfinished: false, openEnded: false };
