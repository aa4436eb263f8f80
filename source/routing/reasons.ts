import type { ExclusionReason, PortfolioDecision } from '../domain/routing-decision.ts';
import { taskTypeLabel, type TaskType } from '../domain/task-type.ts';
import type { Candidate } from './choice.ts';

export const exclusionReasons: Record<ExclusionReason, string> = {
  unsupported: 'is not set up for this task type',
  'not-allowed': 'is not among the models that the policy allows',
  blocked: 'is blocked by the policy',
  unhealthy: 'failed too often just now and is left alone for a while',
  'too-expensive': 'costs more than may be spent',
  'too-slow': 'its p95 is above the latency limit',
  'not-configured': 'is known from the past, but no provider offers it now',
  'excluded-by-caller': 'was already tried for this task',
};

/** What a ranking came to. */
export type Ranking = {
  chosen: Candidate | undefined;
  /** The choice without exploration. */
  greedy: Candidate | undefined;
  /** The same without a portfolio. */
  alone?: Candidate;
  /** The best by posterior mean. */
  best: Candidate | undefined;
  tolerance: number;
  /** Where one pays, and whether it is in force. */
  portfolio?: PortfolioDecision;
};

const places = (value: number): string => value.toFixed(2);
/** A difference that is more than a limit, with as many digits as it takes to see that. */
function beyond(difference: number, limit: number): string {
  const shown = [2, 3, 4].map((digits) => difference.toFixed(digits));
  return shown.find((text) => Number(text) > limit) ?? places(difference);
}
const dollars = (value: number): string => `$${Number(value.toPrecision(2))}`;

/** Why a candidate that nothing excludes stands where it does. */
export function rankReason(candidate: Candidate, ranking: Ranking): string {
  const { chosen, greedy, best, tolerance } = ranking;
  if (candidate === chosen) {
    return chosen === greedy
      ? standing(candidate, ranking)
      : `explored: sampled ${places(candidate.sample)}, mean ${places(candidate.mean)}`;
  }
  if (candidate === greedy)
    return `the choice without exploration: ${standing(candidate, ranking)}`;
  if (best === undefined) return '';
  if (candidate === ranking.alone) return 'the choice without a portfolio';
  if (!candidate.goodEnough) {
    const gap = beyond(best.mean - candidate.mean, tolerance);
    return tolerance > 0
      ? `${gap} below the best quality, more than ${tolerance}`
      : `${gap} below the best quality`;
  }
  return candidate === best
    ? 'best quality, but more expensive'
    : 'good enough, but not the cheapest';
}

function standing(candidate: Candidate, { best, tolerance, portfolio }: Ranking): string {
  if (portfolio?.used === true) return portfolioWords(portfolio);
  if (best === undefined || candidate === best) {
    // The number tells who only fails, and is the best of those, from who does well.
    const quality = `the best quality, ${places(candidate.mean)}`;
    return tolerance > 0 ? `${quality}, and nothing good enough is cheaper` : quality;
  }
  return tolerance > 0
    ? `the cheapest within ${tolerance} of the best quality, ${places(best.mean)}`
    : `as good as the best quality, ${places(best.mean)}, and cheaper`;
}

/** One sentence on the whole decision. */
export function decisionReason(
  taskType: TaskType,
  names: { chosen: string; greedy: string },
  ranking: Ranking,
): string {
  const label = taskTypeLabel(taskType);
  if (ranking.chosen !== undefined && ranking.chosen !== ranking.greedy) {
    return `${names.chosen} is explored on ${label}; without exploration it would be ${names.greedy}.`;
  }
  const { greedy, portfolio } = ranking;
  if (greedy === undefined) return '';
  const choice = `${names.chosen} for ${label}: ${standing(greedy, ranking)}.`;
  return portfolio === undefined || portfolio.used
    ? choice
    : `${choice} With routing.portfolio it would be ${portfolio.first}, ${portfolioWords(portfolio)}.`;
}

function portfolioWords({ second, qualityScore, costUsd, alone }: PortfolioDecision): string {
  return `first, then ${second} where that is judged not good enough: quality ${places(qualityScore)} at ${dollars(costUsd)} a task, against ${places(alone.qualityScore)} at ${dollars(alone.costUsd)} with ${alone.model} alone`;
}

/** Where nothing is left to choose. */
export function deadEndReason(
  taskType: TaskType,
  excluded: { model: string; reason: string } | undefined,
): string {
  const why = excluded === undefined ? '' : `: ${excluded.model} ${excluded.reason}`;
  return `No model can take ${taskTypeLabel(taskType)} now${why}; allow, set up or afford one more.`;
}
