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
/** Answers that others judged as well, from which on a judge is known. */
const knownFrom = 20;
/** Share of the answers of a known judge that another judges besides. */
const secondShare = 0.25;
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
  const panel = panelOf(order, {
    draws: [drawFor('first'), drawFor('second')],
    uselessness: (model) => known.uselessness(model),
  });
  if (panel === undefined) return [[]];
  const costOf = (model: string): number => expectedUsd(work, 'judge', model, prompt);
  const cheap = cheaperThan(panel.first, order);
  const isShort = !supervision.hasRoomFor(costOf(panel.first));
  const first = isShort ? (cheap ?? panel.first) : panel.first;
  // Where a cheap one judges all, the strong one is the second.
  const second = first === panel.first ? panel.second : panel.first;
  const others = panel.others.filter((model) => model !== first);
  const list = [first, ...(first === panel.first ? [] : [panel.first]), ...others];
  const one = [...new Set(list)];
  if (!affordable(work, 'judge', first, prompt, 2)) return [one];
  const cost = costOf(second ?? first);
  const isKnown = known.comparisons(first) >= knownFrom;
  const hasRoom = supervision.hasRoomFor(costOf(first) + cost);
  // The only judge there is judges twice, for what that is worth.
  if (second === undefined) return hasRoom ? [one, one] : [one];
  const isWanted = isKnown ? drawFor('whether') < secondShare : hasRoom || drawFor('whether') < 0.5;
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

/** The cheapest that is of use, where it is much cheaper than a judge that nobody asked for by name. */
function cheaperThan(model: string, order: readonly Supporter[]): string | undefined {
  const strong = order.find((judge) => judge.model === model);
  if (strong === undefined || strong.wanted) return undefined;
  const [cheapest] = order
    .filter(({ isOfUse, kin }) => isOfUse && kin === strong.kin)
    .toSorted((a, b) => a.costUsd - b.costUsd);
  const isMuchCheaper = cheapest !== undefined && cheapest.costUsd * cheaperBy <= strong.costUsd;
  return isMuchCheaper ? cheapest.model : undefined;
}

/** Attempts from which on a model is known so well that a single judgement tells little. */
const manyAttempts = 20;
const narrow = 0.03;
/** Share of such answers that are judged all the same: so that a change is noticed. */
const judgedShare = 0.25;

/**
 * Whether an answer may go without a judgement: the ceiling of supervision is reached, and it is the first
 * answer of a model that is known to be good enough, in which no validator found anything wrong.
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
  if (posterior === undefined || posterior.attempts < manyAttempts) return false;
  const { acceptAt } = standardOf(task.type);
  const isGoodEnough = posterior.mean >= acceptAt && posterior.standardDeviation <= narrow;
  const draw = drawOf(options.drawKey ?? options.projectId, task.id, String(iteration), 'spared');
  return isGoodEnough && draw >= judgedShare;
}
