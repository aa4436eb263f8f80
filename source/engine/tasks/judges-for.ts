import type { Prompt } from '../../domain/prompts.ts';
import { panelOf, type JudgeRecord, type Supporter } from '../../routing/index.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { supportingModels } from '../routes.ts';
import { uniformOf } from './uniform.ts';
import { affordable, expectedUsd, type Reviewed } from './review.ts';
import type { TaskWork } from './task-work.ts';
import { waitForModels } from './wait-for-models.ts';

/** Times that an answer waits for a judge to come back. */
const waitsAtMost = 8;
/** Answers that others judged as well, from which on a judge is known. */
const knownFrom = 15;
/** So many answers are mostly judged by two, so that judges are known soon. */
const firstAnswers = 60;
/** The largest and the least share of answers that a second judge judges besides, by what is known of the first. */
const secondShares = {
  early: { most: 1, least: 0.5 },
  doubted: { most: 1, least: 0.5 },
  unknown: { most: 1, least: 0.3 },
  known: { most: 0.2, least: 0.1 },
} as const;
/** Of what is left beside a first judgement, what a second may cost: critiques are paid from it as well. */
const partForSecond = 0.5;
/** Probability that a judge is uninformative, from which on it is doubted. */
const doubtedFrom = 0.2;
/** So much cheaper a weaker judge has to be to take the place of a strong one when money is short. */
const cheaperBy = 2;

/**
 * Who judges an answer: the judges of each judgement, in the order in which they are asked. All of it follows
 * from the answer and from what supervision of it may cost, so that it is the same whichever of several
 * concurrent calls ends first. A strong judge where that pays, else a cheap one; a second opinion is the
 * other's, so that every judge judges answers of all models: what a judge adds is then no difference between
 * models, and the severity of each can be estimated.
 */
export async function judgesFor(
  work: TaskWork,
  answer: Reviewed,
  prompt: Prompt,
): Promise<string[][] | 'stopped' | 'spared'> {
  const { context } = work;
  const order = await orderFor(work, answer.model);
  if (order === 'stopped') return 'stopped';
  nameUseless(work);
  const panels = panelsFor(work, answer, order);
  if (panels === undefined) return [[]];
  const { strong, cheap } = panels;
  const allowance = context.supervision.allowance(work.task.id, answer.costUsd);
  const costOf = (model: string): number => expectedUsd(work, 'judge', model, prompt);
  const isShort = cheap !== undefined && costOf(strong.first) > allowance;
  const { first, others } = isShort ? cheap : strong;
  const needed = costOf(first) + revisedShare * expectedUsd(work, 'critique', first, prompt);
  if (uniformFor(work, answer, 'spared') >= judgedShare(work, answer, timesPaid(allowance, needed)))
    return 'spared';
  const one = [...new Set([first, ...others, strong.first, ...strong.others])];
  if (!affordable(work, 'judge', first, prompt, 2)) return [one];
  const crossed = Number.isFinite(allowance) ? cheap?.first : undefined;
  const second = isShort ? strong.first : (crossed ?? strong.second);
  const left = partForSecond * (allowance - costOf(first));
  // The only judge there is judges twice, for what that is worth.
  if (second === undefined || second === first) return left >= costOf(first) ? [one, one] : [one];
  const share = secondShare(context.judges, first, timesPaid(left, costOf(second)));
  return uniformFor(work, answer, 'whether') < share
    ? [one, [second, ...one.filter((model) => model !== first && model !== second)]]
    : [one];
}

/** How many times an amount pays a cost: what is free it always does. */
function timesPaid(usd: number, costUsd: number): number {
  return costUsd > 0 ? Math.max(0, usd) / costUsd : Number.POSITIVE_INFINITY;
}

/** A number in [0, 1) that belongs to the answer. */
function uniformFor({ context, task }: TaskWork, { iteration }: Reviewed, what: string): number {
  const { samplingKey, projectId } = context.options;
  return uniformOf(samplingKey ?? projectId, task.id, String(iteration), what);
}

/** The judges that are as strong as the answer asks for, and the cheap ones where they are much cheaper. */
function panelsFor(work: TaskWork, answer: Reviewed, order: readonly Supporter[]) {
  const { judges } = work.context;
  const terms = {
    uniforms: [uniformFor(work, answer, 'first'), uniformFor(work, answer, 'second')],
    uselessness: (model: string) => judges.uselessness(model),
  } as const;
  const strong = panelOf(order, terms);
  if (strong === undefined) return undefined;
  const cheap = panelOf(cheaperThan(strong.first, order), { ...terms, isShort: true });
  return { strong, cheap };
}

/** The share of such answers that gets a second opinion, where the money for it would pay so many of them. */
export function secondShare(
  judges: Pick<JudgeRecord, 'comparisons' | 'uselessness' | 'answers'>,
  first: string,
  payable: number,
): number {
  const isKnown = judges.comparisons(first) >= knownFrom;
  const isDoubted = judges.uselessness(first) >= doubtedFrom;
  const one = isDoubted ? 'doubted' : isKnown ? 'known' : 'unknown';
  const { most, least } = secondShares[judges.answers() < firstAnswers ? 'early' : one];
  return Math.max(least, Math.min(most, payable));
}

/** Says once of a judge that it is asked no more. */
function nameUseless(work: TaskWork): void {
  const { context } = work;
  for (const { id } of context.profiles.models) {
    if (!context.judges.tellsNothing(id)) continue;
    work.noticeOnce(
      `judge ${id}`,
      `The judgements of ${id} say nothing about quality: its scores do not follow those of other judges. It is asked only where no other can judge.`,
    );
  }
}

async function orderFor(work: TaskWork, author: string): Promise<readonly Supporter[] | 'stopped'> {
  const { context, task } = work;
  const found = (): Supporter[] =>
    supportingModels(context, { role: 'judge', taskTypes: ['evaluation', task.type], author });
  let order = found();
  // The answer is paid for: it is worth waiting for somebody to judge it.
  for (let waits = 0; order.length === 0 && waits < waitsAtMost; waits += 1) {
    if (!(await waitForModels(work, (model) => model === author))) break;
    if (work.signals.admission.aborted) return 'stopped';
    order = found();
  }
  return order;
}

/** Those of use from the cheapest on, where that is much cheaper than a model that nobody asked for by name. */
export function cheaperThan(model: string, order: readonly Supporter[]): Supporter[] {
  const strong = order.find((one) => one.model === model);
  if (strong === undefined || strong.wanted) return [];
  const cheap = order
    .filter(({ isOfUse, kin }) => isOfUse && kin === strong.kin)
    .toSorted((a, b) => a.costUsd - b.costUsd)
    .map((one) => ({ ...one, fits: true }));
  const isMuchCheaper = (cheap[0]?.costUsd ?? Infinity) * cheaperBy <= strong.costUsd;
  return isMuchCheaper ? cheap : [];
}

/** About so many answers are revised, and criticised before. */
const revisedShare = 0.3;
/** What supervision of an answer may cost may be less than it does, by this factor: others cost less. */
const enoughFrom = 0.5;
/** The least share of answers that is judged, whatever it costs. */
const leastJudged = 0.25;

/**
 * The share of such answers that is judged, by how much of the cost can be paid: all, unless even a cheap
 * judge costs far more than supervision of the answer may, and it is the first answer of a model whose
 * answers are surely good enough in general. What is in the answer has no part in it, or what is learned of
 * the model would be of other answers than it mostly gives.
 */
function judgedShare(work: TaskWork, { model, iteration }: Reviewed, payable: number): number {
  if (payable >= enoughFrom || iteration > 1) return 1;
  const { profiles } = work.context;
  const index = profiles.models.findIndex(({ id }) => id === model);
  const posterior = profiles.posteriors(work.task.type)[index];
  // Attempts count by their age: one of today is a little less than one.
  if (posterior === undefined || posterior.attempts < 0.5) return 1;
  if (posterior.mean < standardOf(work.task.type).acceptAt) return 1;
  return Math.max(leastJudged, payable / enoughFrom);
}
