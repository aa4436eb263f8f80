import type { RoutingDecision } from '../../domain/routing-decision.ts';
import { explorationWords } from '../../routing/index.ts';
import { formatQuality, formatScore } from './numbers.ts';

/** What one press of + or - changes of the quality tolerance. */
export const toleranceStep = 0.01;

/**
 * What is said of a route: why the first is first, what would have to change for another, and what exploration
 * found; `isDecided`: routing has a model for it.
 */
export function routeSentences(
  decision: RoutingDecision | undefined,
  isDecided: boolean,
): string[] {
  if (decision === undefined) return [];
  if (!isDecided) {
    return [
      'None of the models that did this work is set up here (orchestrator doctor says what is missing): the one that did most is named.',
    ];
  }
  return [...reasonIn(decision), ...nextIn(decision), ...exploredIn(decision)];
}

const firstOf = ({ greedyChoice, chosen, candidates }: RoutingDecision) =>
  candidates.find(({ model }) => model === (greedyChoice ?? chosen));

/** Why the first is first, exploration apart. */
function reasonIn(routeDecision: RoutingDecision): string[] {
  const first = firstOf(routeDecision);
  return first === undefined ? [] : [`${first.model} gets it: ${first.reason}.`];
}

/** What was tried, what that cost, and what it found. */
function exploredIn(routeDecision: RoutingDecision): string[] {
  const words = explorationWords(routeDecision);
  return words === undefined ? [] : [`Exploration: ${words}`];
}

/** What would have to change for the second one to get the work. */
function nextIn(routeDecision: RoutingDecision): string[] {
  const { candidates: all, qualityTolerance } = routeDecision;
  const chosen = routeDecision.greedyChoice ?? routeDecision.chosen;
  const first = all.find(({ model }) => model === chosen);
  const rivals = all.filter(({ model, rank }) => rank !== undefined && model !== chosen);
  if (first === undefined || rivals.length === 0) return [];
  const qualityOf = (one: (typeof all)[number]) => one.posterior?.mean ?? one.profile.qualityScore;
  const best = Math.max(...[first, ...rivals].map(qualityOf));
  const cheaper = rivals.filter(({ profile }) => profile.avgCostUsd < first.profile.avgCostUsd);
  if (cheaper.length > 0) {
    const needed = best - Math.max(...cheaper.map(qualityOf));
    if (needed <= qualityTolerance) return [];
    // As the key would find it: the next step at which any is good enough, and then the cheapest of those.
    const tolerance = Math.ceil(needed / toleranceStep) * toleranceStep;
    const next = cheaper
      .filter((one) => best - qualityOf(one) <= tolerance)
      .toSorted((a, b) => a.profile.avgCostUsd - b.profile.avgCostUsd)[0];
    return [
      `${next?.model ?? ''}, which is cheaper, would get it at a tolerance of ${formatScore(tolerance)} instead of ${formatScore(qualityTolerance)}: + tries that.`,
    ];
  }
  const better = rivals.toSorted((a, b) => qualityOf(b) - qualityOf(a))[0];
  if (better === undefined || qualityOf(better) <= qualityOf(first)) return [];
  return [
    `${better.model}, which is better by ${formatQuality(qualityOf(better) - qualityOf(first))}, would get it at a lower tolerance: - tries that.`,
  ];
}
