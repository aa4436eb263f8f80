import type { Recommendation } from '../../domain/insight.ts';
import {
  meanOf,
  mergedMoments,
  type Moments,
  noScores,
  timesMoments,
} from '../../domain/moments.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { boundsOfDifference, isAllOrNothing, logLikelihoodRatio } from '../statistics/index.ts';
import {
  type CellSamples,
  type DayScores,
  type Judged,
  type Mix,
  scoredSince,
  scoresIn,
} from './cell.ts';
import { date, points, qualities } from './words.ts';

/** Scores on either side without which no change is spoken of, and its least size. */
const leastScores = 20;
const leastSize = 0.05;
/**
 * The logarithm of how much more probable scores must be with a change than without, for one cell; the logarithm
 * of how many cells are looked at comes on top. Over a year of daily looks without any change fewer than 5% of
 * histories, of 2 to 126 cells, ever exceed it: all-or-nothing, graded (whose ratio is a bound), and nearly always
 * alike.
 */
const needed = { exact: 10.9, graded: 9.6 };
/** Evidence against anything beyond the bounds that are shown. */
const boundsNeeded = 20;
/** Judges, or models that were served, that two times must have in common to be compared. */
const commonShare = 0.5;

type Change = { since: number; before: Moments; after: Moments; ratio: number };

/**
 * `declining` and `improving`, with the day on which it began; `changed` where the judges, or what the provider
 * serves, changed with it. Every day of the window on which a cell may have changed is tried.
 */
export function adviseChange(
  cells: readonly CellSamples[],
  windowFrom: number,
  judged: Judged,
): Recommendation[] {
  const compared = cells.filter((cell) => scoresIn(cell).n >= 2 * leastScores);
  const family = Math.log(Math.max(1, compared.length));
  return compared.flatMap((cell): Recommendation[] => {
    const tell = (days: readonly DayScores[]): Recommendation | undefined => {
      const change = strongestChange(days, windowFrom, family + needed.graded);
      if (change === undefined) return undefined;
      const isExact = isAllOrNothing(change.before) && isAllOrNothing(change.after);
      if (change.ratio < family + (isExact ? needed.exact : needed.graded)) return undefined;
      return tellChange(cell, change, compared.length, judged);
    };
    const changed = tell(cell.days);
    if (changed !== undefined) return [changed];
    const given = cell.asGiven === undefined ? undefined : tell(cell.asGiven);
    return given?.kind === 'changed' ? [given] : [];
  });
}

function strongestChange(
  days: readonly DayScores[],
  windowFrom: number,
  atLeast: number,
): Change | undefined {
  const all = scoresIn({ days });
  let before = noScores;
  let strongest: Change | undefined;
  for (const { day, scores } of days) {
    const left = all.n - before.n;
    if (left < leastScores) break;
    // Half a day of slack: the window begins within a day.
    const isInWindow = day > windowFrom - 43_200 && before.n >= leastScores;
    if (isInWindow && Math.abs((all.sum - before.sum) / left - meanOf(before)) >= leastSize) {
      const after = mergedMoments(all, timesMoments(before, -1));
      const ratio = logLikelihoodRatio(before, after, atLeast);
      if (ratio > (strongest?.ratio ?? 0)) strongest = { since: day, before, after, ratio };
    }
    before = mergedMoments(before, scores);
  }
  return strongest;
}

function tellChange(
  cell: CellSamples,
  { since, before, after }: Change,
  comparisons: number,
  judged: Judged,
): Recommendation {
  const { model, taskType } = cell;
  const [was, is] = [meanOf(before), meanOf(after)];
  const evidence = {
    n: after.n,
    nAlternative: before.n,
    difference: is - was,
    ...boundsOfDifference(after, before, boundsNeeded),
    value: is,
    valueAlternative: was,
    comparisons,
    ...scoredSince(cell),
    since,
  };
  const label = taskTypeLabel(taskType);
  const [wasShown, isShown] = qualities(was, is);
  const moved = `${wasShown} → ${isShown} since ${date(since)}`;
  const cause = causeOf(judged.mixOf(cell, -Infinity, since), judged.mixOf(cell, since, Infinity));
  if (cause !== undefined) {
    return {
      kind: 'changed',
      taskType,
      model,
      evidence,
      message: `Scores of ${model} on ${label} tasks moved with ${cause}: ${moved}; that says nothing of the model itself`,
    };
  }
  // Of the two numbers as they are shown beside it.
  const change = Number(isShown) - Number(wasShown);
  const size = `${points(change)}, over ${before.n} and ${after.n} tasks`;
  return is < was
    ? {
        kind: 'declining',
        taskType,
        model,
        evidence,
        message: `Consider taking ${model} off ${label} tasks: its quality is declining, ${moved} (−${size})`,
      }
    : {
        kind: 'improving',
        taskType,
        model,
        evidence,
        message: `Consider giving ${model} more ${label} tasks: its quality is improving, ${moved} (+${size})`,
      };
}

/** What else changed on that day; undefined where nothing did, or nothing is known of it. */
function causeOf(before: Mix, after: Mix): string | undefined {
  if (areOthers(before.served, after.served)) {
    return `the model that its provider serves (${mostOf(before.served)}, then ${mostOf(after.served)})`;
  }
  if (areOthers(before.judges, after.judges)) {
    return `the judge (${mostOf(before.judges)}, then ${mostOf(after.judges)})`;
  }
  return undefined;
}

function areOthers(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): boolean {
  const [n, m] = [totalOf(before), totalOf(after)];
  if (n === 0 || m === 0) return false;
  let common = 0;
  before.forEach((count, name) => (common += Math.min(count / n, (after.get(name) ?? 0) / m)));
  return common < commonShare;
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function mostOf(counts: ReadonlyMap<string, number>): string {
  const [most] = [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return most?.[0] ?? '';
}
