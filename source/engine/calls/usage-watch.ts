import type { CostBounds } from '../money/cost-bounds.ts';
import {
  tokensOfCutPrompt,
  judgeUsage,
  type Exchanged,
  type UsageVerdict,
} from '../money/believable-usage.ts';
import { inputTokenBound } from '../money/cost-bounds.ts';
import type { ModelOffer, ModelResponse } from '../../domain/model-api.ts';
import type { Emit } from '../emit.ts';
import type { CallRequest, CutPrompt } from './call.ts';

/** What the usage of one answer says. */
export type Watched = {
  /** Undefined where the server reported none. */
  verdict: UsageVerdict | undefined;
  exchanged: Exchanged;
  /** The server read only part of the prompt. */
  cutPrompt?: CutPrompt;
};

/** Looks at what servers say that they used, learns from it, and says once per model what is odd. */
export type UsageWatch = (
  offer: ModelOffer,
  request: CallRequest,
  response: ModelResponse,
) => Watched;

/** What a server may count beyond the bound without a word: nothing hangs on it. */
const smallExcess = 64;

export function createUsageWatch({ bounds, emit }: { bounds: CostBounds; emit: Emit }): UsageWatch {
  const noticed = new Set<string>();
  function noticeOnce(topic: string, model: string, message: string): void {
    const key = `${topic} ${model}`;
    if (noticed.has(key)) return;
    noticed.add(key);
    emit({ type: 'notice', message });
  }

  return (offer, { prompt, maxOutputTokens }, { usage, text }) => {
    const model = offer.id;
    const exchanged: Exchanged = {
      promptBytes: Buffer.byteLength(prompt.prompt) + Buffer.byteLength(prompt.system),
      inputTokens: inputTokenBound(prompt),
      maxOutputTokens,
      answerBytes: Buffer.byteLength(text),
    };
    if (usage === undefined) {
      if (hasPrice(offer)) noticeOnce('problem', model, unknownMessage(model));
      return { verdict: undefined, exchanged };
    }
    const verdict = judgeUsage(usage, exchanged);
    if (!verdict.plausible) {
      noticeOnce('problem', model, problemMessage(model, verdict.problem));
      return { verdict, exchanged };
    }
    const news = bounds.learn(model, verdict.excess);
    if (offer.costUsd(verdict.usage) > 0) {
      if (news.input > smallExcess) noticeOnce('input', model, addedMessage(model, news.input));
      if (news.output > smallExcess) noticeOnce('output', model, beyondMessage(model, news.output));
    }
    const promptTokens = tokensOfCutPrompt(usage.inputTokens, [prompt.system, prompt.prompt]);
    if (promptTokens === undefined) return { verdict, exchanged };
    const cutPrompt = { promptTokens, readTokens: usage.inputTokens };
    noticeOnce('cut', model, cutMessage(model, cutPrompt));
    return { verdict, exchanged, cutPrompt };
  };
}

const hasPrice = (offer: ModelOffer): boolean =>
  offer.costUsd({ inputTokens: 1000, cachedInputTokens: 0, outputTokens: 1000 }) > 0;

const unknownMessage = (model: string): string =>
  `${model} does not say what it used: such a call is charged the most that it can cost, marked as estimated.`;

const problemMessage = (model: string, problem: string): string =>
  `${model} reports a usage that cannot be true (${problem}): such a call is charged the most that it can cost, marked as estimated.`;

const addedMessage = (model: string, tokens: number): string =>
  `Something before ${model} adds about ${tokens} input tokens to what is sent: it is paid for, and allowed for from now on.`;

const beyondMessage = (model: string, tokens: number): string =>
  `${model} went ${tokens} output tokens beyond its limit: they are paid for, and allowed for from now on.`;

const cutMessage = (model: string, { promptTokens, readTokens }: CutPrompt): string =>
  `The server of ${model} read only ${readTokens} tokens of a prompt of at least ${promptTokens}: it cut the rest off. Enlarge its context window, or set contextTokens of ${model} under models: in the configuration to what it has.`;
