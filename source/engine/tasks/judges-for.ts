import type { Prompt } from '../../domain/prompts.ts';
import { panelOf, type Supporter } from '../../routing/index.ts';
import { standardOf } from '../constants.ts';
import { supportingModels } from '../routes.ts';
import { drawOf } from './draw.ts';
import { affordable, expectedUsd, type Reviewed } from './review.ts';
import type { TaskWork } from './task-work.ts';
import { waitForModels } from './wait-for-models.ts';

/** Times that an answer waits for a judge to come back. */
const waitsAtMost = 8;
/** Of the ceiling of supervision: how far second opinions may go. */
const partForSecond = 0.8;
/** Answers that others judged as well, from which on a judge is known. */
const knownFrom = 15;
/** Share of the answers of a judge that another judges besides, and where the ceiling is reached. */
const secondShares = { known: [0.2, 0.1], unknown: [1, 0.5], doubted: [1, 0.7] } as const;
/** So many answers are mostly judged by two, so that judges are known soon. */
const firstAnswers = 60;
const newShares = [1, 0.85] as const;
/** From this probability on that a judge tells nothing apart it is doubted. */
const doubtedFrom = 0.2;
/** Share of second opinions that are a strong one's where cheap ones judge. */
const strongShare = 0.2;
/** So much cheaper a weaker judge has to be to take the place of a strong one when money is short. */
const cheaperBy = 2;

/**
 * Who judges an answer: the judges of each judgement, in the order in which they are asked. A second opinion
 * comes from another judge, for every answer while a judge is new, then for a random share: that tells what
 * each of them adds, and whether it tells anything apart.
 */
export async function judgesFor(
  work: TaskWork,
  { model: author, iteration }: Reviewed,
  prompt: Prompt,
): Promise<string[][] | 'stopped'> {
  const { context, task } = work;
  const { judges: known, supervision, options } = context;
  const order = await orderFor(work, author);
  if (order === 'stopped') return 'stopped';
  nameUseless(work);
  const drawFor = (what: string): number =>
    drawOf(options.drawKey ?? options.projectId, task.id, String(iteration), what);
  const terms = {
    draws: [drawFor('first'), drawFor('second')],
    uselessness: (model: string) => known.uselessness(model),
  } as const;
  const strong = panelOf(order, terms);
  if (strong === undefined) return [[]];
  const costOf = (model: string): number => expectedUsd(work, 'judge', model, prompt);
  const isShort = !supervision.hasRoomFor(costOf(strong.first));
  const cheap = isShort
    ? panelOf(cheaperThan(strong.first, order), { ...terms, isShort })
    : undefined;
  const { first, others } = cheap ?? strong;
  // Where cheap ones judge all, a strong one does so now and then.
  const isStrong = drawFor('strong') < strongShare && strong.first !== first;
  const second = cheap === undefined ? strong.second : isStrong ? strong.first : cheap.second;
  const one = [...new Set([first, ...others, strong.first, ...strong.others])];
  if (!affordable(work, 'judge', first, prompt, 2)) return [one];
  const cost = costOf(second ?? first);
  const isDoubted = known.uselessness(first) >= doubtedFrom;
  const isKnown = known.comparisons(first) >= knownFrom;
  const shares = secondShares[isDoubted ? 'doubted' : isKnown ? 'known' : 'unknown'];
  const hasRoom = supervision.hasRoomFor(costOf(first) + cost, partForSecond);
  // The only judge there is judges twice, for what that is worth.
  if (second === undefined) return hasRoom ? [one, one] : [one];
  const share = known.answers() < firstAnswers ? newShares : shares;
  const isWanted = drawFor('whether') < share[hasRoom ? 0 : 1];
  return isWanted
    ? [one, [second, ...one.filter((model) => model !== first && model !== second)]]
    : [one];
}

/** Says once of a judge that it is asked no more. */
function nameUseless(work: TaskWork): void {
  const { context } = work;
  for (const { id } of context.profiles.models) {
    if (!context.judges.tellsNothing(id)) continue;
    work.noticeOnce(
      `judge ${id}`,
      `The judgements of ${id} tell nothing apart: its scores do not follow those of other judges. It is asked only where no other can judge.`,
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

/** Attempts from which on a model is known so well that a single judgement tells little. */
const manyAttempts = 10;
const narrow = 0.05;
/** So far below the standard a usual score may be: no more than a revision mostly gains. */
const nearEnough = 0.02;
/** Shares of answers that are judged all the same: of a model that is known well, and of one that was seen. */
const judgedShares = { known: 0.25, seen: 0.5 };

/**
 * Whether an answer may go without a judgement: the ceiling of supervision is reached, and it is the first
 * answer of a model that is mostly good enough, in which no validator found anything wrong. A random share of
 * such answers is judged, so that learning goes on and a change is noticed.
 */
export function mayBeSpared(
  work: TaskWork,
  { model, iteration, cut, problems }: Reviewed & { problems: readonly string[] },
  { judge, prompt }: { judge: string; prompt: Prompt },
): boolean {
  const { context, task } = work;
  if (iteration > 1 || cut || problems.length > 0) return false;
  if (context.supervision.hasRoomFor(expectedUsd(work, 'judge', judge, prompt))) return false;
  const { profiles, options } = context;
  const index = profiles.models.findIndex(({ id }) => id === model);
  const posterior = profiles.posteriors(task.type)[index];
  // Attempts count by their age: one of today is a little less than one.
  if (posterior === undefined || posterior.attempts < 0.5) return false;
  const { attempts, mean, standardDeviation } = posterior;
  if (mean < standardOf(task.type).acceptAt - nearEnough) return false;
  const isKnown = attempts >= manyAttempts && standardDeviation <= narrow;
  const draw = drawOf(options.projectId, task.id, String(iteration), 'spared');
  const over = Math.max(1, context.supervision.overrun());
  return draw >= judgedShares[isKnown ? 'known' : 'seen'] / over ** 2;
}
