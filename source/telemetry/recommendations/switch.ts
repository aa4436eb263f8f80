import type { Recommendation, RecommendationEvidence } from '../../domain/insight.ts';
import { compareCommand } from '../../domain/command-lines.ts';
import { meanOf, type Moments, timesMoments } from '../../domain/moments.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { boundsOfDifference, evidenceNeeded, logEvidenceAbove } from '../statistics/index.ts';
import { type CellSamples, type Judged, scoredSince } from './cell.ts';
import {
  type Candidate,
  type Contest,
  contestsIn,
  firmEvidence,
  isNotWorse,
  margin,
} from './contests.ts';
import { savingOf } from './money.ts';
import { adviseReviews } from './reviews.ts';
import { count, dollars, monthly, points, qualities } from './words.ts';

/** How probable it must be that a `promising` alternative is not worse. */
const probableEnough = 0.8;
/** Savings per month that are not worth a word, in dollars. */
const leastSaving = 0.01;

type Context = {
  paceDays: number;
  judged: Judged;
  /** Evidence that firm advice needs among all comparisons on the screen. */
  needed: number;
  comparisons: number;
};

/**
 * `switch` and `promising`: for every model that takes money, the cheapest that is not worse. Where reviews are
 * what costs, that is said instead.
 */
export function adviseSwitch(
  cells: readonly CellSamples[],
  {
    paceDays,
    judged,
    isFit,
  }: Pick<Context, 'paceDays' | 'judged'> & { isFit: Parameters<typeof contestsIn>[2] },
): Recommendation[] {
  const contests = contestsIn(cells, judged, isFit);
  const compared = contests.flatMap(({ candidates }) =>
    candidates.filter(({ isCheaper, isComparable }) => isCheaper && isComparable),
  );
  const needed = evidenceNeeded(
    compared.map(({ evidence }) => evidence),
    firmEvidence,
  );
  const context = { paceDays, judged, needed, comparisons: compared.length };
  const advice = contests.flatMap((contest) => adviseOn(contest, context));
  return [...advice, ...adviseReviews(contests, cells, advice)];
}

function adviseOn(contest: Contest, context: Context): Recommendation[] {
  const { judged, needed } = context;
  const cheaper = contest.candidates.filter(({ isCheaper }) => isCheaper);
  const firm = cheaper.findIndex(
    (candidate) =>
      candidate.evidence >= needed &&
      contest
        .before()
        .every((one) => one.cell === candidate.cell || isNotWorse(candidate, one, judged)),
  );
  const hopeful = cheaper.findIndex(({ probability }) => probability >= probableEnough);
  const chosen = cheaper[firm];
  const promising = cheaper[hopeful];
  return [
    ...(chosen === undefined ? [] : [switchTo(contest, chosen, context)]),
    // Beside a firm switch only what would be cheaper still is worth a word.
    ...(promising !== undefined && (firm < 0 || hopeful < firm)
      ? [promise(contest, promising, context)]
      : []),
  ];
}

function commonOf({ incumbent }: Contest, candidate: Candidate, context: Context) {
  const { cell, own, scores } = incumbent;
  const { paceDays, needed } = context;
  const volume = cell.tasks;
  const saving = savingOf(own, candidate.own, { tasks: volume, days: paceDays });
  const isWorthSaying = saving.monthlyUsd >= leastSaving;
  const evidence: RecommendationEvidence = {
    n: scores.n,
    nAlternative: candidate.scores.n,
    difference: meanOf(candidate.scores) - meanOf(scores),
    // At the level that decides, also of what is not decided yet: where they stay above the margin it is firm.
    ...boundsOfDifference(candidate.scores, scores, needed, candidate.variance),
    value: meanOf(scores),
    valueAlternative: meanOf(candidate.scores),
    costUsd: own.meanUsd,
    costAlternativeUsd: candidate.own.meanUsd,
    ...(isWorthSaying ? { savingsLowUsd: saving.lowUsd, savingsHighUsd: saving.highUsd } : {}),
    margin,
    comparisons: context.comparisons,
    volume,
    paceDays,
    ...scoredSince(candidate.cell, cell),
  };
  return {
    taskType: cell.taskType,
    model: cell.model,
    alternative: candidate.cell.model,
    ...(isWorthSaying ? { monthlySavingsUsd: saving.monthlyUsd } : {}),
    evidence,
    numbers: `quality ${qualities(meanOf(candidate.scores), meanOf(scores)).join(' vs ')}`,
    worth: isWorthSaying
      ? `${monthly(saving.monthlyUsd)} (${dollars(Math.max(0, saving.lowUsd))} to ${dollars(saving.highUsd)})`
      : undefined,
    prices: `${dollars(1000 * candidate.own.meanUsd)} instead of ${dollars(1000 * own.meanUsd)} per 1,000 tasks`,
  };
}

function switchTo(contest: Contest, candidate: Candidate, context: Context): Recommendation {
  const { numbers, worth, prices, ...common } = commonOf(contest, candidate, context);
  const { evidence, model, alternative, taskType } = common;
  const { incumbent } = contest;
  const isBetter =
    logEvidenceAbove(candidate.scores, incumbent.scores, 0, candidate.variance) >=
    Math.log(context.needed);
  const verdict = isBetter
    ? `${model} is both worse and more expensive`
    : `not worse by more than ${points(Math.min(0, evidence.low ?? 0))}`;
  return {
    kind: 'switch',
    ...common,
    message:
      `Route ${taskTypeLabel(taskType)} tasks to ${alternative} instead of ${model}: ` +
      `${numbers} over ${evidence.nAlternative} and ${evidence.n} tasks, ${verdict}; ` +
      `its own attempts cost ${prices}${worth === undefined ? '' : `: saves ${worth}`}`,
  };
}

function promise(contest: Contest, candidate: Candidate, context: Context): Recommendation {
  const { numbers, worth, prices, ...common } = commonOf(contest, candidate, context);
  const { evidence, model, alternative, taskType } = common;
  const { probability } = candidate;
  const moreNeeded = tasksToSettle(contest.incumbent.scores, candidate, context.needed);
  const answersUsd = contest.incumbent.own.meanUsd + candidate.own.meanUsd;
  const moreCostUsd = moreNeeded * (answersUsd + 2 * contest.reviewUsd);
  const command = compareCommand(
    { model, alternative, taskType },
    { tasks: moreNeeded, costUsd: moreCostUsd },
  );
  const saves = worth === undefined ? prices : `${prices}, worth ${worth}`;
  const doubt = candidate.isComparable
    ? `not firm yet, ${Math.floor(100 * probability)}% probable not to be worse by more than ${points(margin)}`
    : 'never judged by the same judges';
  return {
    kind: 'promising',
    ...common,
    evidence: {
      ...evidence,
      probability,
      moreNeeded,
      moreCostUsd,
      ...(candidate.isComparable ? {} : { comparable: false as const }),
    },
    message:
      `${alternative} may do ${taskTypeLabel(taskType)} tasks as well as ${model}: so far ${numbers}, ${doubt}, at ${saves}; ` +
      `about ${count(moreNeeded, 'more task')} (${dollars(moreCostUsd)}) would settle it: ${command}`,
  };
}

/** A comparison is not expected to need more. */
const mostTasks = 10_000;

/** Fewer are not spoken of: what the next few tasks show moves the evidence by more than that. */
const fewestTasks = 5;

/** Tasks that both do besides until it is firm, if they stay as good as they look. */
function tasksToSettle(
  incumbent: Moments,
  { scores, variance, evidence, isComparable }: Candidate,
  needed: number,
): number {
  // What it takes now has to make up for its own want of evidence too.
  const own = isComparable ? Math.max(0, firmEvidence - evidence) : 0;
  const target = Math.log(needed - own);
  const isSettled = (more: number): boolean =>
    logEvidenceAbove(grown(scores, more), grown(incumbent, more), -margin, variance) >= target;
  let [low, high] = [0, 1];
  while (!isSettled(high) && high < mostTasks) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isSettled(middle)) high = middle;
    else low = middle;
  }
  return Math.min(mostTasks, Math.max(fewestTasks, high));
}

/** With so many more scores like those that there are. */
function grown(scores: Moments, more: number): Moments {
  return timesMoments(scores, (scores.n + more) / scores.n);
}
