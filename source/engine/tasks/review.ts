import { defined } from '../../domain/defined.ts';
import type { Prompt } from '../../domain/prompts.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { supportingOutputTokens } from '../constants.ts';
import type { CallRequest, CallResult } from '../calls/call.ts';
import { callWithRoom } from '../calls/call-with-room.ts';
import { callKey } from '../resume-state.ts';
import { outputLimit } from './prior-work.ts';
import type { TaskWork } from './task-work.ts';

/** Models asked one after the other for a critique or a judgement. */
export const modelsAtMost = 3;

/** An answer to be criticised or judged. */
export type Reviewed = {
  answer: string;
  model: string;
  iteration: number;
  /** It was cut off at its length limit. */
  cut: boolean;
  /** Dollars that it cost: what supervision of it may cost follows from that. */
  costUsd: number;
};

/**
 * Why there is no critique or score: the run is ending, the money is, nobody could give one, or there is
 * little to be learned from it and it is not paid for.
 */
export type Missing = 'stopped' | 'no-budget' | 'no-model' | 'spared';

export type SupportPhase = 'critique' | 'judge';

/** One critique or judgement by one model. */
export async function ask(
  work: TaskWork,
  call: {
    phase: SupportPhase;
    model: string;
    prompt: Prompt;
    iteration: number;
    subjectModel: string;
    sample?: number;
    scoreOf?: CallRequest['scoreOf'];
  },
): Promise<CallResult> {
  const { context, task } = work;
  const { phase, model, prompt, iteration, subjectModel, sample = 1, scoreOf } = call;
  const offer = context.offers.get(model);
  const wanted = supportingOutputTokens[phase];
  const request: CallRequest = {
    step: callKey(task.id, phase, iteration, sample),
    role: phase === 'judge' ? 'judge' : 'critic',
    taskId: task.id,
    taskType: task.type,
    attempt: iteration,
    subjectModel,
    model,
    prompt,
    maxOutputTokens: offer === undefined ? wanted : outputLimit(offer, wanted),
    json: phase === 'judge',
    ...defined({ scoreOf }),
    signals: work.signals,
    onStart: () => work.begin(phase, model, iteration),
  };
  const result = await callWithRoom(context, request, { onCut: (message) => work.notice(message) });
  const { ok, cost } = result;
  if (ok) {
    const usd = priceOf(work, phase, model, prompt);
    context.supervision.noteCost({ phase, model, expectedUsd: usd, costUsd: toUsd(cost) });
  }
  return result;
}

/** Whether the share of the budget for it can hold so many of them. */
export function affordable(
  { context }: TaskWork,
  phase: SupportPhase,
  model: string,
  prompt: Prompt,
  count = 1,
): boolean {
  const offer = context.offers.get(model);
  if (offer === undefined) return false;
  const request = { ...prompt, maxOutputTokens: supportingOutputTokens[phase] };
  return context.ledger.withinShare(
    phase === 'judge' ? 'evaluation' : 'review',
    context.bounds.largest(offer, request) * count,
    context.progress(),
  );
}

/** What one mostly writes, in tokens, and what a token mostly has, in bytes. */
const usualOutputTokens: Record<SupportPhase, number> = { critique: 300, judge: 100 };
const bytesPerToken = 4;

/** Dollars that a critique or a judgement will cost, about, by the price and by what others of the model did. */
export function expectedUsd(
  work: TaskWork,
  phase: SupportPhase,
  model: string,
  prompt: Prompt,
): number {
  return priceOf(work, phase, model, prompt) * work.context.supervision.overrun(phase, model);
}

function priceOf(
  { context }: TaskWork,
  phase: SupportPhase,
  model: string,
  { prompt, system }: Prompt,
): number {
  const bytes = Buffer.byteLength(prompt) + Buffer.byteLength(system);
  const usage = {
    inputTokens: Math.ceil(bytes / bytesPerToken),
    cachedInputTokens: 0,
    outputTokens: usualOutputTokens[phase],
  };
  return context.offers.get(model)?.costUsd(usage) ?? 0;
}
