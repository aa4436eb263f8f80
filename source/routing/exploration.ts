import { normalDensity, normalUpperTail } from '../domain/normal.ts';
import type { Candidate } from './choice.ts';
import type { ExplorationCounts } from './profile-store.ts';

/**
 * How many times as many tasks of a type are to be expected as were done by now, however young it is at least
 * some: exploration pays for itself over the work to come, and work that was done for long will be done for
 * long. With a tolerance a challenger has to be further ahead before it is explored at all, and what it
 * finds saves money besides: the horizon is wider.
 */
const horizons = {
  quality: { times: 2, tasks: 30 },
  cost: { times: 3, tasks: 60 },
} as const;
/** Sizes of an exploration that are weighed, in attempts. */
const explorationSizes = [1, 3, 10, 30, 100];
/**
 * How many models are worth getting to know at all grows with the square root of the tasks: more would
 * spend the tasks on first impressions (Bayati, Hamidi, Johari & Khosravi 2020).
 */
const modelsPerRootTask = 2;
const modelsAtLeast = 3;
/**
 * Dollars that more expensive models may have cost beyond the incumbent's price, for each dollar that the
 * work costs at that price, before more of them is explored.
 */
const explorationBudgetShare = 2;

/**
 * How many tasks a type must have before the ceiling of exploration binds: enough that each candidate may
 * have been tried twice.
 */
export function isYoung({ past, tasks }: ExplorationCounts, candidates: number): boolean {
  return past + tasks < Math.min(100, Math.max(10, 2 * candidates));
}

/**
 * Whether the next task may be explored: at most `share` of the tasks of a type are, counted over history
 * and run, so that runs of a few tasks explore now and then as well.
 */
export function mayExplore({ past, tasks, explored }: ExplorationCounts, share: number): boolean {
  const allowed = Math.floor(share * (past + tasks + 1)) - Math.floor(share * past);
  return explored < allowed;
}

/** What exploration is weighed against. */
export type ExplorationTerms = {
  /** The choice without exploration. */
  incumbent: Candidate;
  /** The best by posterior mean. */
  best: Candidate;
  tolerance: number;
  /** Whether this task type has so little history that nothing but its worth limits exploration. */
  young: boolean;
};

/** A candidate that exploration may choose, and what its sample must exceed. */
export type Challenger = { candidate: Candidate; worthExploring: boolean };

/**
 * The candidates that sampling decides among, whatever the samples. A model without attempts is one
 * of them only while few are known (see {@link modelsPerRootTask}); `worthExploring` says whether an
 * exploration of some size is worth more over the tasks to come than it costs (the knowledge gradient of
 * Frazier & Powell 2010), and can be paid.
 */
export function challengersOf(
  candidates: readonly Candidate[],
  terms: ExplorationTerms,
): Challenger[] {
  let tasks = 0;
  let tasksOfAll = 0;
  let known = 0;
  for (const { attempts, attemptsOfModel } of candidates) {
    tasks += attempts;
    tasksOfAll += attemptsOfModel;
    if (attemptsOfModel > 0) known += 1;
  }
  const admitsUnknown = known < modelsAtLeast + modelsPerRootTask * Math.sqrt(tasksOfAll);
  const horizon = horizons[terms.tolerance > 0 ? 'cost' : 'quality'];
  const tasksToCome = horizon.times * (tasks + horizon.tasks);
  const affordable = budgetFor(candidates, terms);
  return candidates
    .filter(
      (candidate) =>
        candidate !== terms.incumbent && (admitsUnknown || candidate.attemptsOfModel > 0),
    )
    .map((candidate) => ({
      candidate,
      worthExploring: affordable(candidate) && isWorthExploring(candidate, terms, tasksToCome),
    }));
}

/**
 * Thompson sampling with a price on exploration: the challenger whose sample beats its bar by most is
 * explored, if that is worth it. Undefined: stay with the incumbent.
 */
export function chooseExploration(
  challengers: readonly Challenger[],
  terms: ExplorationTerms,
): Candidate | undefined {
  let leader: Challenger | undefined;
  let lead = 0;
  for (const challenger of challengers) {
    const { candidate } = challenger;
    const margin = candidate.sample - barFor(candidate, terms.incumbent.sample, terms);
    if (margin > lead) {
      leader = challenger;
      lead = margin;
    }
  }
  return leader?.worthExploring === true ? leader.candidate : undefined;
}

/**
 * What a sample must exceed. Without a tolerance it is the incumbent's. With one, a more expensive model
 * must be sampled more than the tolerance above it, and a cheaper one within the tolerance of the best:
 * sampling the whole field at once would raise the bar by its luckiest sample and pay for expensive models
 * again and again.
 */
export function barFor(
  { costUsd }: Candidate,
  incumbentSample: number,
  { incumbent, best, tolerance }: ExplorationTerms,
): number {
  if (tolerance <= 0) return incumbentSample;
  if (costUsd < incumbent.costUsd) return best.mean - tolerance;
  // Among equals in price there is nothing to trade quality for.
  const premium = costUsd > incumbent.costUsd ? tolerance : 0;
  return Math.max(incumbent.mean, incumbentSample) + premium;
}

/** Attempts that the posterior of a candidate is worth. */
function evidenceOf({ scoreVariance, standardDeviation }: Candidate): number {
  return scoreVariance / standardDeviation ** 2;
}

/**
 * Whether a candidate can be paid for exploration: what more expensive models cost on this task type
 * beyond the incumbent's price stays within a share of what the work costs at that price. Who wants the
 * best quality at any price, or has no history yet, has no such budget.
 */
function budgetFor(
  candidates: readonly Candidate[],
  { incumbent, tolerance, young }: ExplorationTerms,
): (candidate: Candidate) => boolean {
  const price = incumbent.costUsd;
  if (young || tolerance <= 0 || !Number.isFinite(price)) return () => true;
  let extra = 0;
  let base = 0;
  for (const { attempts, costUsd } of candidates) {
    if (!Number.isFinite(costUsd)) continue;
    extra += attempts * Math.max(0, costUsd - price);
    base += attempts * Math.min(costUsd, price);
  }
  return ({ costUsd }) =>
    costUsd <= price || extra + costUsd - price <= explorationBudgetShare * base;
}

function isWorthExploring(
  challenger: Candidate,
  { incumbent, best, tolerance }: ExplorationTerms,
  tasksToCome: number,
): boolean {
  const behind = incumbent.mean - challenger.mean;
  const premium = tolerance > 0 ? priceGap(challenger, incumbent, tolerance) : 0;
  return explorationSizes.some((size) => {
    const left = tasksToCome - size;
    if (left <= 0) return false;
    // How far the posterior mean will move by the exploration, as a standard deviation.
    const step = challenger.standardDeviation * Math.sqrt(size / (size + evidenceOf(challenger)));
    if (premium < 0) {
      const short = (best.mean - tolerance - challenger.mean) / step;
      return left * normalUpperTail(short) * -premium > size * (Math.max(0, behind) + premium);
    }
    const margin = premium > 0 ? tolerance : 0;
    const short = (behind + margin) / step;
    const probability = normalUpperTail(short);
    const gain = step * (normalDensity(short) - short * probability) + margin * probability;
    return left * gain > size * (behind + premium);
  });
}

/** What a difference in price is worth in quality: the tolerance for every doubling. */
function priceGap(challenger: Candidate, incumbent: Candidate, tolerance: number): number {
  if (challenger.costUsd === incumbent.costUsd) return 0;
  const doublings = Math.log2(challenger.costUsd / incumbent.costUsd);
  // A free model, or one of unknown price, is infinitely far from any other: ten doublings stand in.
  return tolerance * Math.min(10, Math.max(-10, doublings));
}
