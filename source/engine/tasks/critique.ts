import { noAnswerReason } from '../../domain/model-api.ts';
import { critiquePrompt, type Prompt, type TaskBrief } from '../../domain/prompts.ts';
import type { Supporter } from '../../routing/index.ts';
import { supportingModels } from '../routes.ts';
import { cheaperThan } from './judges-for.ts';
import {
  affordable,
  ask,
  expectedUsd,
  type Missing,
  modelsAtMost,
  type Reviewed,
} from './review.ts';
import type { TaskWork } from './task-work.ts';

export type Critique = { reviewer: string; review: string };

/** The share of the supervision allowance for critiques that may turn out to be unneeded. */
const partForCritiques = 0.5;

/**
 * Another model's view of an answer; of another provider where there is one. Left out when the share
 * of the budget for it is used up: the answer is worth more without than nothing at all. `isNeeded`: the
 * answer is about to be revised by it. Before that it is asked for only as far as the ceiling of supervision
 * allows: an answer that is good enough needs none.
 */
export async function critique(
  work: TaskWork,
  brief: TaskBrief,
  attempt: Reviewed,
  { isNeeded }: { isNeeded: boolean },
): Promise<Critique | Missing> {
  const { context, task } = work;
  const taskTypes =
    task.type === 'code_generation' ? ['code_review', 'evaluation'] : ['evaluation'];
  const models = supportingModels(context, { role: 'critic', taskTypes, author: attempt.model });
  const prompt = critiquePrompt(brief, attempt);
  const [first] = models;
  if (first !== undefined && !affordable(work, 'critique', first.model, prompt)) {
    work.noticeOnce(
      'review',
      'The share of the budget for critiques is used up: none is asked for.',
    );
    return 'no-model';
  }
  if (!isNeeded && first !== undefined) {
    const cost = expectedUsd(work, 'critique', first.model, prompt);
    if (cost > partForCritiques * context.supervision.allowance(task.id, attempt.costUsd))
      return 'spared';
  }
  for (const model of askedOf(work, models, { prompt, costUsd: attempt.costUsd }).slice(
    0,
    modelsAtMost,
  )) {
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

/** In their order; much cheaper ones first where the ceiling of supervision cannot hold the first. */
function askedOf(
  work: TaskWork,
  models: readonly Supporter[],
  { prompt, costUsd }: { prompt: Prompt; costUsd: number },
): string[] {
  const [first] = models;
  if (first === undefined) return [];
  const cost = expectedUsd(work, 'critique', first.model, prompt);
  const isShort = cost > work.context.supervision.allowance(work.task.id, costUsd);
  const cheap = isShort ? cheaperThan(first.model, models) : [];
  return [...new Set([...cheap, ...models].map(({ model }) => model))];
}
