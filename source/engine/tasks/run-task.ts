import { abortReason } from '../../domain/abort.ts';
import { defined } from '../../domain/defined.ts';
import type { PriorWork, TaskBrief } from '../../domain/prompts.ts';
import { isGain, standardOf } from '../../domain/task-standard.ts';
import { toUsd } from '../../domain/nano-dollars.ts';
import { requirementsOf, validatorsOf, type ValidatorSpec } from '../validators/index.ts';
import { isBetter, isUsable, type Attempt, type UsableAttempt } from './attempt.ts';
import { critique } from './critique.ts';
import { prepareMaterial } from './long-material.ts';
import { chooseModel, secondOf, type Choice } from './choose-model.ts';
import { makeAttempt, requestOf, type AttemptOutcome, type AttemptPlan } from './make-attempt.ts';
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

/** What the loop of one task remembers. */
type Loop = {
  readonly work: TaskWork;
  readonly specs: readonly ValidatorSpec[];
  readonly start: Pick<AttemptPlan, 'brief' | 'priorWork'>;
  readonly attempts: Attempt[];
  /** Models that this task does without, and those that may do better a while later. */
  readonly excluded: Set<string>;
  readonly coolingDown: Set<string>;
  best?: Attempt;
  /** Who is to follow where the first answer is judged not good enough; absent: its author revises it. */
  second?: string | undefined;
  waits: number;
  /** Why a model could not be had, though it has not failed. */
  lastProblem?: string;
  /** Troubles that were reported: however often one is met, it is reported once. */
  readonly reported: Set<string>;
};

type Ending = { kind: 'end'; why: TaskEnd['why']; reason?: string };
type Chosen = Extract<Choice, { kind: 'model' }>;
type Next = Ending | { kind: 'again' } | Extract<AttemptOutcome, { kind: 'attempt' }>;

const chosen = (model: string): Chosen => ({ kind: 'model', model, outputShare: 1 });

const ending = (why: TaskEnd['why'], reason?: string): Ending => ({
  kind: 'end',
  why,
  ...defined({ reason }),
});

/**
 * The loop of one task: route, generate, criticise, check, judge; revise until a score is good enough,
 * stops rising, or may not be tried for any longer. A model that fails is left for another.
 */
export async function runTask(work: TaskWork, priorWork: readonly PriorWork[]): Promise<TaskEnd> {
  const specs = validatorsOf(work.task);
  const loop: Loop = {
    work,
    specs,
    start: { brief: briefOf(work, specs), priorWork },
    attempts: [],
    excluded: new Set(),
    coolingDown: new Set(),
    waits: 0,
    reported: new Set(),
  };
  for (;;) {
    const next = await nextAttempt(loop);
    const end = next.kind === 'attempt' ? takeIn(loop, next) : next;
    if (end?.kind === 'end') return taskEnd(loop, end);
  }
}

function briefOf({ context, task }: TaskWork, specs: readonly ValidatorSpec[]): TaskBrief {
  const requirements = requirementsOf(specs);
  return {
    type: task.type,
    instructions: task.prompt,
    criteria: context.options.criteria,
    ...(requirements.length === 0 ? {} : { requirements }),
  };
}

function taskEnd({ attempts, best }: Loop, { why, reason }: Ending): TaskEnd {
  const cut = why === 'accepted' ? undefined : cutMessage(best);
  const message = [cut, reason].filter((part) => part !== undefined).join('; ');
  return { why, attempts, ...defined({ best }), ...(message === '' ? {} : { message }) };
}

const usable = (best: Attempt | undefined) =>
  best !== undefined && isUsable(best) ? best : undefined;

/** The next attempt, one that an earlier part of the run made or a new one. */
async function nextAttempt(loop: Loop): Promise<Next> {
  const { work, specs, attempts, excluded, coolingDown } = loop;
  const { context, task, signals } = work;
  if (signals.admission.aborted) return ending('stopped', abortReason(signals.admission));
  const iteration = attempts.length + 1;
  const restored = await restoreAttempt(work, specs, iteration);
  if (restored !== undefined) {
    const decision = context.resume.claimDecision(task.id);
    if (decision !== undefined) Object.assign(loop, secondOf(decision));
    return { kind: 'attempt', attempt: restored, passing: false };
  }
  const previous = usable(loop.best);
  const base = { ...loop.start, ...defined({ previous }) };
  const exclude = [...excluded, ...coolingDown];
  const planFor = (one: Chosen): AttemptPlan => ({ ...base, specs, iteration, ...one });
  const reviser = previous && reviserOf(loop, previous, { exclude, planFor });
  const choice = reviser ?? chooseModel(work, { ...base, exclude });
  if (choice.kind === 'none') return withoutModel(loop, choice);
  if (previous === undefined) loop.second = choice.second;
  const plan = planFor(choice);
  if (previous !== undefined && !withinShare(work, plan)) return ending('done');
  const reviewed = await criticised(loop, previous);
  if (reviewed === 'stopped') return ending('stopped', abortReason(signals.admission));
  Object.assign(plan, defined({ previous: reviewed }));
  const outcome = await makeAttempt(work, plan);
  return outcome.kind === 'attempt' ? outcome : unavailable(loop, choice.model, outcome);
}

/**
 * Who revises an answer: the second of a portfolio where the first wrote it, else its author; undefined where
 * neither can be had.
 */
function reviserOf(
  { work, second, attempts }: Loop,
  previous: UsableAttempt,
  { exclude, planFor }: { exclude: readonly string[]; planFor: (choice: Chosen) => AttemptPlan },
): Chosen | undefined {
  const { caller } = work.context;
  const isThere = (model: string): boolean => !exclude.includes(model) && caller.isHealthy(model);
  if (second !== undefined && isThere(second) && attempts.every(({ model }) => model !== second)) {
    const plan = planFor(chosen(second));
    if (withinShare(work, plan)) return chosen(second);
  }
  return isThere(previous.model) ? chosen(previous.model) : undefined;
}

/** An answer that is about to be revised, with a critique where it could be had and has none yet. */
async function criticised(
  loop: Loop,
  previous: UsableAttempt | undefined,
): Promise<UsableAttempt | 'stopped' | undefined> {
  if (previous?.reviewSpared !== true) return previous;
  const { work, start } = loop;
  const { output, model, iteration, cut = false, cost } = previous;
  const answer = { answer: output, model, iteration, cut, costUsd: toUsd(cost) };
  const found = await critique(work, start.brief, answer, { isNeeded: true });
  if (found === 'stopped') return 'stopped';
  if (typeof found === 'string') return previous;
  await prepareMaterial(work, found.review);
  const reviewed = { ...previous, ...found, reviewSpared: false };
  loop.best = reviewed;
  return reviewed;
}

/** No model can be chosen: waits for one where there is no answer yet and one may come back. */
async function withoutModel(
  loop: Loop,
  { reason, why }: Extract<Choice, { kind: 'none' }>,
): Promise<Next> {
  const { work, attempts, excluded, coolingDown } = loop;
  if (reason === 'no-budget') return ending('no-budget');
  const mayRecover = reason === 'unhealthy' || coolingDown.size > 0;
  if (usable(loop.best) === undefined && mayRecover && loop.waits < waitsAtMost) {
    loop.waits += 1;
    coolingDown.clear();
    if (await waitForModels(work, (model) => excluded.has(model))) return { kind: 'again' };
  }
  return ending('no-model', noModelMessage(attempts.at(-1)?.error ?? loop.lastProblem, why));
}

/** The chosen model could not be had, of which nothing is learned. */
function unavailable(
  loop: Loop,
  model: string,
  { reason, message }: Extract<AttemptOutcome, { kind: 'none' }>,
): Next {
  const { work, excluded, coolingDown, reported } = loop;
  if (reason === 'aborted') return ending('stopped', message);
  if (reason === 'no-budget') return ending('no-budget', message);
  // One that is left out for the rest of the run was reported already.
  if (work.context.caller.recoversInMs(model) !== undefined) {
    const lastProblem = `${model} cannot be had now (${reason}): ${message}`;
    if (!reported.has(lastProblem)) work.notice(lastProblem);
    reported.add(lastProblem);
  }
  // What was refused once is refused again, whoever is to blame for it.
  (reason === 'bad-request' ? excluded : coolingDown).add(model);
  loop.lastProblem = message;
  return { kind: 'again' };
}

/** Keeps an attempt, and says whether it is the last one; undefined where another is worth making. */
function takeIn(
  loop: Loop,
  { attempt, missing, passing }: Extract<AttemptOutcome, { kind: 'attempt' }>,
): Ending | undefined {
  const { work, attempts, best: before } = loop;
  attempts.push(attempt);
  if (isBetter(attempt, before)) loop.best = attempt;
  if (isUsable(attempt)) return endAfter(loop, { attempt, before, missing });
  (passing ? loop.coolingDown : loop.excluded).add(attempt.model);
  work.notice(`${attempt.model} failed: ${attempt.error ?? 'no reason given'}`);
  const failures = attempts.filter((made) => !isUsable(made)).length;
  return failures >= failuresAtMost ? ending('done', attempt.error) : undefined;
}

function endAfter(
  { work, attempts }: Loop,
  made: { attempt: Attempt; before: Attempt | undefined; missing: string | undefined },
): Ending | undefined {
  const { attempt, before, missing } = made;
  const { acceptAt, maxIterations } = standardOf(work.task.type);
  const complete = attempt.cut !== true;
  const passes = attempt.validatorsPassed && complete;
  if (attempt.score === undefined) {
    if (missing !== 'spared') return ending('done', unjudgedMessage(missing));
    if (passes) return ending('accepted');
  } else if (passes && attempt.score >= acceptAt) {
    return ending('accepted');
  }
  if (attempts.filter(isUsable).length >= maxIterations) return ending('done');
  const previous = usable(before);
  const firstToPass = attempt.validatorsPassed && previous?.validatorsPassed === false;
  const firstToEnd = complete && previous?.cut === true;
  const rose = before?.score === undefined || isGain(before.score, attempt.score ?? 0);
  if (!rose && !firstToPass && !firstToEnd) return ending('done');
  const { maxTaskCostUsd = Number.POSITIVE_INFINITY } = work.context.options.policy;
  return toUsd(work.cost()) >= maxTaskCostUsd ? ending('done') : undefined;
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

/** The warning about a result that was cut off. */
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
