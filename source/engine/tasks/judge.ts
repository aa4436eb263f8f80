import { noAnswerReason } from '../../domain/model-api.ts';
import { judgePrompt, type Prompt, type TaskBrief } from '../../domain/prompts.ts';
import type { ReadAnswer } from '../calls/call.ts';
import { inspect } from '../inspection/index.ts';
import type { JudgementProblem } from '../reading/judgement.ts';
import { judgesFor } from './judges-for.ts';
import { ask, type Missing, modelsAtMost, type Reviewed } from './review.ts';
import type { TaskWork } from './task-work.ts';

/** The mean of what the judges of an answer gave it, and the first of them. */
export type Judgement = {
  score: number;
  judge: string;
  /** All of them. */
  judges: readonly string[];
};

/** What is judged. */
export type Judged = Reviewed & {
  review?: string;
  /** What its validators found wrong. */
  problems: readonly string[];
};

/** What models that did not write an answer make of it. */
export async function judge(
  work: TaskWork,
  brief: TaskBrief,
  attempt: Judged,
  /** Who judges, the most wanted first; absent: whoever is best at it. */
  fixed?: readonly string[],
): Promise<Judgement | Missing> {
  const { answer, iteration, review = '' } = attempt;
  const prompt = judgePrompt(brief, attempt);
  const judges = fixed === undefined ? await judgesFor(work, attempt, prompt) : bothOf(fixed);
  if (typeof judges === 'string') return judges;
  const material = [answer, review, brief.instructions, brief.criteria].join('\n');
  const scores: (Omit<Judgement, 'judges'> | Missing)[] = await Promise.all(
    judges.map((models, index) =>
      judgeOnce(work, {
        models: models.slice(0, modelsAtMost),
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
  const mean = given.reduce((sum, one) => sum + one.score, 0) / given.length;
  // The mean of 0.82 and 0.98 is 0.9, not the binary fraction just below it that no standard accepts.
  const score = Number(mean.toFixed(12));
  return { score, judge: firstGiven.judge, judges: given.map((one) => one.judge) };
}

/** Two judgements, by two judges where there are two. */
function bothOf([first = '', second = first, ...others]: readonly string[]): string[][] {
  return [
    [first, second, ...others],
    [second, first, ...others],
  ];
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
): Promise<Omit<Judgement, 'judges'> | Missing> {
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
