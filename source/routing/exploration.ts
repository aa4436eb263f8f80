import { normalDensity, normalUpperTail } from '../domain/normal.ts';
import type { Candidate } from './choice.ts';

/**
 * How many times as many tasks of a type are to be expected as its evidence is worth by now: exploration
 * pays for itself over the work to come, and work that was done for long will be done for long. Ten
 * keeps it alive without letting it cost much (see docs/learning.md).
 */
const horizon = 10;
/** Sizes of an exploration that are weighed, in attempts. */
const explorationSizes = [1, 3, 10, 30, 100];

/**
 * Thompson sampling with a price on exploration. The candidate whose sample beats the incumbent (the choice
 * without exploration) by most is explored, if an exploration of some size is worth more over the tasks to come
 * than it costs (the knowledge gradient of Frazier & Powell 2010). Undefined: stay with the incumbent.
 *
 * Without a tolerance a sample must be above the incumbent's. With one, a more expensive model must be
 * sampled more than the tolerance above it, and a cheaper one within the tolerance of the best: sampling the
 * whole field at once would raise the bar by its luckiest sample and pay for expensive models again and again.
 */
export function chooseExploration(
  candidates: readonly Candidate[],
  { incumbent, best, tolerance }: { incumbent: Candidate; best: Candidate; tolerance: number },
): Candidate | undefined {
  let challenger: Candidate | undefined;
  let lead = 0;
  for (const candidate of candidates) {
    if (candidate === incumbent) continue;
    const margin = candidate.sample - barFor(candidate, incumbent, best, tolerance);
    if (margin > 0 && (challenger === undefined || margin > lead)) {
      challenger = candidate;
      lead = margin;
    }
  }
  if (challenger === undefined) return undefined;
  let evidence = 0;
  for (const candidate of candidates) evidence += evidenceOf(candidate);
  return isWorthTrying(challenger, incumbent, best, tolerance, horizon * evidence)
    ? challenger
    : undefined;
}

function barFor(
  candidate: Candidate,
  incumbent: Candidate,
  best: Candidate,
  tolerance: number,
): number {
  if (tolerance <= 0) return incumbent.sample;
  if (candidate.costUsd < incumbent.costUsd) return best.mean - tolerance;
  // Among equals in price there is nothing to trade quality for.
  const premium = candidate.costUsd > incumbent.costUsd ? tolerance : 0;
  return Math.max(incumbent.mean, incumbent.sample) + premium;
}

/** Attempts that the posterior of a candidate is worth. */
function evidenceOf({ scoreVariance, standardDeviation }: Candidate): number {
  return scoreVariance / standardDeviation ** 2;
}

function isWorthTrying(
  challenger: Candidate,
  incumbent: Candidate,
  best: Candidate,
  tolerance: number,
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
    const chance = normalUpperTail(short);
    const gain = step * (normalDensity(short) - short * chance) + margin * chance;
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
