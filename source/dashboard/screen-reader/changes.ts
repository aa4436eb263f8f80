import type { Insight, LeftOut, Recommendation, TaskTypeLeader } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { formatLeftOut, formatMoney, formatPlural, formatScore } from '../format/index.ts';
import { recommendationId } from '../state/lists.ts';

/**
 * What a person should hear of the change from one insight to the next, in short sentences: totals,
 * leaders, recommendations. Nothing of what stayed the same; nothing at all where no number that is
 * shown moved.
 */
export function changesBetween(before: Insight, after: Insight): string[] {
  return [
    ...totals(before.summary, after.summary),
    ...leftOut(before.leftOut, after.leftOut),
    ...leaders(before.leaders, after.leaders),
    ...recommendations(before.recommendations, after.recommendations),
  ];
}

function totals(before: Insight['summary'], after: Insight['summary']): string[] {
  const parts: string[] = [];
  const runs = after.runs - before.runs;
  if (runs !== 0) {
    parts.push(
      `${formatPlural(after.runs, 'run')}, ${Math.abs(runs)} ${moreOrLess(runs, 'fewer')}`,
    );
  }
  const spent = after.totalCostUsd - before.totalCostUsd;
  if (formatMoney(after.totalCostUsd) !== formatMoney(before.totalCostUsd)) {
    const difference = `${formatMoney(Math.abs(spent))} ${moreOrLess(spent, 'less')}`;
    parts.push(`${formatMoney(after.totalCostUsd)} spent, ${difference}`);
  }
  return parts.length === 0 ? [] : [`Now ${parts.join('; ')}.`];
}

function leftOut(before: LeftOut, after: LeftOut): string[] {
  const sentence = formatLeftOut(after);
  if (sentence === formatLeftOut(before)) return [];
  return [sentence ?? 'Nothing is left out of the numbers any more.'];
}

const moreOrLess = (difference: number, less: string): string => (difference > 0 ? 'more' : less);

function leaders(before: Insight['leaders'], after: Insight['leaders']): string[] {
  const types = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return types.flatMap((taskType) => {
    const earlier = leaderOf(before, taskType);
    const leader = leaderOf(after, taskType);
    const name = taskTypeLabel(taskType);
    if (leader === undefined) return [`${name} has no leader any more.`];
    if (leader.model === earlier?.model) return [];
    const was = earlier === undefined ? '' : `; it was ${earlier.model}`;
    return [
      `${name} is now led by ${leader.model}, quality ${formatScore(leader.qualityScore)}${was}.`,
    ];
  });
}

const leaderOf = (leaders: Insight['leaders'], taskType: string): TaskTypeLeader | undefined =>
  ownValue(leaders, taskType);

function recommendations(
  before: readonly Recommendation[],
  after: readonly Recommendation[],
): string[] {
  return [
    ...missingFrom(before, after).map(({ message }) => `New recommendation: ${message}`),
    ...missingFrom(after, before).map((item) => `No longer recommended: ${nameOf(item)}.`),
  ];
}

/** What `others` has and `these` lacks. */
function missingFrom(
  these: readonly Recommendation[],
  others: readonly Recommendation[],
): Recommendation[] {
  const known = new Set(these.map(recommendationId));
  return others.filter((other) => !known.has(recommendationId(other)));
}

/** A recommendation that is gone, in a few words: its numbers are of the past. */
function nameOf({ kind, taskType, model, alternative }: Recommendation): string {
  const name = taskTypeLabel(taskType);
  switch (kind) {
    case 'switch':
    case 'promising': {
      return `${alternative ?? 'another model'} instead of ${model} for ${name}`;
    }
    case 'declining': {
      return `care with ${model} on ${name}, declining`;
    }
    case 'improving': {
      return `a look at ${model} on ${name}, improving`;
    }
    case 'needs-data': {
      return 'more calls of what is little known';
    }
    case 'changed': {
      return `a note on the scores of ${model} on ${name}`;
    }
    case 'unreliable': {
      return `care with ${model} on ${name}, unreliable`;
    }
  }
}
