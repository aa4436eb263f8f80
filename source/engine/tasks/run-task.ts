import { abortReason } from '../../domain/abort.ts';
import { defined } from '../../domain/defined.ts';
import type { PriorWork, TaskBrief } from '../../domain/prompts.ts';
import { plateauGain, standardOf } from '../constants.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { requirementsOf, validatorsOf } from '../validators/index.ts';
import { isBetter, isUsable, type Attempt } from './attempt.ts';
import { chooseModel } from './choose-model.ts';
import { makeAttempt, requestOf, type AttemptPlan } from './make-attempt.ts';
import { restoreAttempt } from './restore-attempt.ts';
import type { TaskWork } from './task-work.ts';
import { waitForModels, waitsAtMost } from './wait-for-models.ts';

/** Attempts that fail are not iterations of the standard, but there is an end to them too. */
const failuresAtMost = 4;
export type TaskEnd = {
  /** Why no further attempt was made. */
  why: 'accepted' | 'done' | 'no-budget' | 'stopped' | 'no-model';
  attempts: readonly Attempt[];
  best?: Attempt;
  message?: string;
};

/**
 * The loop of one task: route, generate, criticise, check, judge; revise until a score is good enough,
 * stops rising, or may not be tried for any longer. A model that fails is left for another.
 */
export async function runTask(work: TaskWork, priorWork: readonly PriorWork[]): Promise<TaskEnd> {
  const { context, task } = work;
  const standard = standardOf(task.type);
  const specs = validatorsOf(task);
  const requirements = requirementsOf(specs);
  const brief: TaskBrief = {
    type: task.type,
    instructions: task.prompt,
    criteria: context.options.criteria,
    ...(requirements.length === 0 ? {} : { requirements }),
  };
  const attempts: Attempt[] = [];
  /** Models that this task does without, and those that may do better a while later. */
  const excluded = new Set<string>();
  const coolingDown = new Set<string>();
  let best: Attempt | undefined;
  let waits = 0;
  /** Why a model could not be had, though it has not failed. */
  let trouble: string | undefined;
  const told = new Set<string>();
  /** However often it is met, a trouble is spoken of once. */
  const tell = (message: string): void => {
    if (!told.has(message)) work.notice(message);
    told.add(message);
  };
  const end = (why: TaskEnd['why'], reason?: string): TaskEnd => {
    const cut = why === 'accepted' ? undefined : cutMessage(best);
    const message = [cut, reason].filter((part) => part !== undefined).join('; ');
    return { why, attempts, ...defined({ best }), ...(message === '' ? {} : { message }) };
  };

  for (;;) {
    if (work.signals.admission.aborted) return end('stopped', abortReason(work.signals.admission));
    const iteration = attempts.length + 1;
    const previous = best !== undefined && isUsable(best) ? best : undefined;
    const restored = await restoreAttempt(work, specs, iteration);
    let attempt: Attempt;
    let missing: string | undefined;
    let passing = false;
    if (restored === undefined) {
      const base = { brief, priorWork, ...defined({ previous }) };
      const exclude = [...excluded, ...coolingDown];
      const stay = previous !== undefined && !exclude.includes(previous.model);
      const choice =
        stay && context.caller.isHealthy(previous.model)
          ? { kind: 'model' as const, model: previous.model, outputShare: 1 }
          : chooseModel(work, { ...base, exclude });
      if (choice.kind === 'none') {
        if (choice.reason === 'no-budget') return end('no-budget');
        const mayRecover = choice.reason === 'unhealthy' || coolingDown.size > 0;
        if (previous === undefined && mayRecover && waits < waitsAtMost) {
          waits += 1;
          coolingDown.clear();
          if (await waitForModels(work, (model) => excluded.has(model))) continue;
        }
        return end('no-model', noModelMessage(attempts.at(-1)?.error ?? trouble, choice.why));
      }
      const plan: AttemptPlan = { ...base, specs, iteration, ...choice };
      if (previous !== undefined && !withinShare(work, plan)) return end('done');
      const outcome = await makeAttempt(work, plan);
      if (outcome.kind === 'none') {
        const { reason, message } = outcome;
        if (reason === 'aborted') return end('stopped', message);
        if (reason === 'no-budget') return end('no-budget', message);
        // One that is left out for the rest of the run was spoken of already.
        if (context.caller.recoversInMs(choice.model) !== undefined) {
          tell(`${choice.model} cannot be had now (${reason}): ${message}`);
        }
        // What was refused once is refused again, whoever is to blame for it.
        (reason === 'bad-request' ? excluded : coolingDown).add(choice.model);
        trouble = message;
        continue;
      }
      ({ attempt, missing, passing } = outcome);
    } else {
      attempt = restored;
      context.resume.claimDecision(task.id);
    }
    attempts.push(attempt);
    const scoreBefore = best?.score;
    if (isBetter(attempt, best)) best = attempt;
    if (!isUsable(attempt)) {
      (passing ? coolingDown : excluded).add(attempt.model);
      work.notice(`${attempt.model} failed: ${attempt.error ?? 'no reason given'}`);
      if (attempts.filter((made) => !isUsable(made)).length >= failuresAtMost) {
        return end('done', attempt.error);
      }
      continue;
    }
    if (attempt.score === undefined) return end('done', unjudgedMessage(missing));
    const complete = attempt.cut !== true;
    if (attempt.validatorsPassed && complete && attempt.score >= standard.acceptAt)
      return end('accepted');
    if (attempts.filter(isUsable).length >= standard.maxIterations) return end('done');
    const gain = attempt.score - (scoreBefore ?? 0);
    const firstToPass = attempt.validatorsPassed && previous?.validatorsPassed === false;
    const firstToEnd = complete && previous?.cut === true;
    if (scoreBefore !== undefined && gain < plateauGain && !firstToPass && !firstToEnd)
      return end('done');
    const { maxTaskCostUsd = Number.POSITIVE_INFINITY } = context.options.policy;
    if (toUsd(work.cost()) >= maxTaskCostUsd) return end('done');
  }
}

/** A further iteration is worth it only while the share of the budget for it lasts. */
function withinShare(work: TaskWork, plan: AttemptPlan): boolean {
  const { context, task } = work;
  const offer = context.offers.get(plan.model);
  if (offer === undefined) return false;
  const { prompt, maxOutputTokens } = requestOf(offer, task.type, plan);
  const largest = context.bounds.largest(offer, { ...prompt, maxOutputTokens });
  if (context.ledger.withinShare('generation', largest, context.progress())) return true;
  work.noticeOnce(
    'generation',
    'The share of the budget for answers is used up: what there is is not improved further.',
  );
  return false;
}

/** What the user is told of a result that has no end. */
function cutMessage(best: Attempt | undefined): string | undefined {
  return best?.cut === true ? 'the answer was cut off at its length limit' : undefined;
}

function noModelMessage(last: string | undefined, why: string | undefined): string {
  return last === undefined
    ? (why?.replace(/^No /u, 'no ') ?? 'no model is able, allowed and reachable')
    : `no model is left to try (${last})`;
}

function unjudgedMessage(missing: string | undefined): string {
  return missing === 'no-model'
    ? 'no other model gave a usable judgement, so there is no score'
    : 'there is no score';
}
