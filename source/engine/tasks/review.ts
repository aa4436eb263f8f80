import { defined } from '../../domain/defined.ts';
import { noAnswerReason } from '../../domain/model-api.ts';
import { critiquePrompt, judgePrompt, type Prompt, type TaskBrief } from '../../domain/prompts.ts';
import { judgeSamples, supportingOutputTokens } from '../constants.ts';
import type { CallRequest, CallResult, ReadAnswer } from '../calls/call.ts';
import { callWithRoom } from '../calls/call-with-room.ts';
import { inspect } from '../inspection/index.ts';
import type { JudgementProblem } from '../reading/judgement.ts';
import { otherProvidersFirst, supportingModels } from '../routes.ts';
import { callKey } from '../resume-state.ts';
import { outputLimit } from './prior-work.ts';
import type { TaskWork } from './task-work.ts';
import { waitForModels } from './wait-for-models.ts';

/** Models asked one after the other for a critique or a judgement. */
const modelsAtMost = 3;
/** Times that an answer waits for a judge to come back. */
const waitsAtMost = 8;

export type Critique = { reviewer: string; review: string };

/** An answer to be criticised or judged. */
export type Reviewed = {
  answer: string;
  model: string;
  iteration: number;
  /** It was cut off at its length limit. */
  cut: boolean;
};

/** Why there is no critique or score: the run is ending, the money is, or nobody could give one. */
export type Missing = 'stopped' | 'no-budget' | 'no-model';

/**
 * Another model's view of an answer; of another provider where there is one. Left out when the share
 * of the budget for it is used up: the answer is worth more without than nothing at all.
 */
export async function critique(
  work: TaskWork,
  brief: TaskBrief,
  attempt: Reviewed,
): Promise<Critique | Missing> {
  const { context, task } = work;
  const taskTypes =
    task.type === 'code_generation' ? ['code_review', 'evaluation'] : ['evaluation'];
  const able = supportingModels(context, { taskTypes, exclude: [attempt.model] });
  const models = otherProvidersFirst(able, context.offers, attempt.model);
  const prompt = critiquePrompt(brief, attempt);
  const [first] = models;
  if (first !== undefined && !affordable(work, 'review', first, prompt, 'critique')) {
    work.noticeOnce(
      'review',
      'The share of the budget for critiques is used up: none is asked for.',
    );
    return 'no-model';
  }
  for (const model of models.slice(0, modelsAtMost)) {
    const result = await ask(work, {
      phase: 'critique',
      model,
      prompt,
      iteration: attempt.iteration,
      subjectModel: attempt.model,
    });
    if (result.ok && noAnswerReason(result.finishReason) === undefined && result.text.trim() !== '')
      return { reviewer: result.model, review: result.text };
    if (!result.ok && result.reason === 'aborted') return 'stopped';
  }
  return 'no-model';
}

export type Judgement = { score: number; judge: string };

/** The mean of two judgements by a model that is not the attempt's own. */
export async function judge(
  work: TaskWork,
  brief: TaskBrief,
  attempt: Reviewed & { review?: string },
): Promise<Judgement | Missing> {
  const { context, task } = work;
  const judges = (): string[] =>
    supportingModels(context, { taskTypes: ['evaluation', task.type], exclude: [attempt.model] });
  let models = judges();
  // The answer is paid for: it is worth waiting for somebody to judge it.
  for (let waits = 0; models.length === 0 && waits < waitsAtMost; waits += 1) {
    if (!(await waitForModels(work, (model) => model === attempt.model))) break;
    if (work.signals.admission.aborted) return 'stopped';
    models = judges();
  }
  models = models.slice(0, modelsAtMost);
  const { answer, iteration, review = '' } = attempt;
  const prompt = judgePrompt(brief, attempt);
  const material = [answer, review, brief.instructions, brief.criteria].join('\n');
  const [first] = models;
  const samples =
    first !== undefined && affordable(work, 'evaluation', first, prompt, 'judge')
      ? judgeSamples
      : 1;
  const scores: (Judgement | Missing)[] = await Promise.all(
    Array.from({ length: samples }, (_, index) =>
      judgeOnce(work, {
        models,
        prompt,
        material,
        iteration,
        subjectModel: attempt.model,
        sample: index + 1,
      }),
    ),
  );
  const given = scores.filter((score) => typeof score === 'object');
  // A score that one sample alone decides would not be the mean that every other score is.
  if (scores.includes('stopped')) return 'stopped';
  const [firstGiven] = given;
  if (firstGiven === undefined) return scores.includes('no-budget') ? 'no-budget' : 'no-model';
  const score = given.reduce((sum, one) => sum + one.score, 0) / given.length;
  return { score, judge: firstGiven.judge };
}

async function judgeOnce(
  work: TaskWork,
  sample: {
    models: readonly string[];
    prompt: Prompt;
    /** All that the judge is shown and may quote. */
    material: string;
    iteration: number;
    subjectModel: string;
    sample: number;
  },
): Promise<Judgement | Missing> {
  let missing: Missing = 'no-model';
  const { material } = sample;
  for (const [index, model] of sample.models.entries()) {
    let problem: JudgementProblem = 'none';
    const scoreOf = async ({ text, cut }: ReadAnswer): Promise<number | undefined> => {
      const input = { answer: text, material, cut: cut !== undefined };
      const signal = work.signals.execution;
      const read = await inspect('judgement', input, { signal });
      if (read.ok && 'score' in read.value) return read.value.score;
      problem = read.ok && 'problem' in read.value ? read.value.problem : 'malformed';
      return undefined;
    };
    const result = await ask(work, {
      ...sample,
      phase: 'judge',
      model,
      // Each judge its own step: an unusable judgement is not found again instead of a new one.
      sample: sample.sample + index * 10,
      scoreOf,
    });
    if (!result.ok) {
      if (result.reason === 'aborted') return 'stopped';
      if (result.reason === 'no-budget') missing = 'no-budget';
      continue;
    }
    const { score } = result;
    if (score !== undefined && noAnswerReason(result.finishReason) === undefined)
      return { score, judge: result.model };
    work.notice(
      `${result.model} gave a judgement that cannot be used (${problemWords[problem]}): another is asked for.`,
    );
  }
  return missing;
}

const problemWords: Record<JudgementProblem, string> = {
  none: 'it has no JSON object with a score',
  malformed: 'its score is no number from 0 to 1 in a JSON object',
  contradictory: 'it gives different scores',
  'cut-off': 'it was cut off at its limit',
};

async function ask(
  work: TaskWork,
  call: {
    phase: 'critique' | 'judge';
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
  return callWithRoom(context, request, { onCut: (message) => work.notice(message) });
}

function affordable(
  { context }: TaskWork,
  phase: 'review' | 'evaluation',
  model: string,
  prompt: Prompt,
  kind: 'critique' | 'judge',
): boolean {
  const offer = context.offers.get(model);
  if (offer === undefined) return false;
  const request = { ...prompt, maxOutputTokens: supportingOutputTokens[kind] };
  const samples = kind === 'judge' ? judgeSamples : 1;
  return context.ledger.withinShare(
    phase,
    context.bounds.largest(offer, request) * samples,
    context.progress(),
  );
}
