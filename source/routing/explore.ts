import { normalDensity, normalTail } from './chance.ts';
import type { Contender } from './choice.ts';

/**
 * How many times as many tasks of a type are to be expected as its evidence is worth by now: a trial
 * pays for itself over the work to come, and work that was done for long will be done for long. Ten
 * keeps exploration alive without letting it cost much (see docs/learning.md).
 */
const horizon = 10;
/** Sizes of a trial that are weighed, in attempts. */
const trialSizes = [1, 3, 10, 30, 100];

/**
 * Thompson sampling with a price on curiosity. The contender whose draw beats the incumbent (the choice
 * without exploration) by most is tried, if a trial of some size is worth more over the tasks to come
 * than it costs (the knowledge gradient of Frazier & Powell 2010). Undefined: stay with the incumbent.
 *
 * Without a tolerance a draw must be above the incumbent's. With one, a dearer model must be drawn more
 * than the tolerance above it, and a cheaper one within the tolerance of the best: sampling the whole
 * field at once would raise the bar by its luckiest draw and pay for dear models again and again.
 */
export function chooseTrial(
  contenders: readonly Contender[],
  { incumbent, best, tolerance }: { incumbent: Contender; best: Contender; tolerance: number },
): Contender | undefined {
  let challenger: Contender | undefined;
  let lead = 0;
  for (const contender of contenders) {
    if (contender === incumbent) continue;
    const margin = contender.draw - barFor(contender, incumbent, best, tolerance);
    if (margin > 0 && (challenger === undefined || margin > lead)) {
      challenger = contender;
      lead = margin;
    }
  }
  if (challenger === undefined) return undefined;
  let evidence = 0;
  for (const contender of contenders) evidence += evidenceOf(contender);
  return isWorthTrying(challenger, incumbent, best, tolerance, horizon * evidence)
    ? challenger
    : undefined;
}

function barFor(
  contender: Contender,
  incumbent: Contender,
  best: Contender,
  tolerance: number,
): number {
  if (tolerance <= 0) return incumbent.draw;
  if (contender.costUsd < incumbent.costUsd) return best.mean - tolerance;
  // Among equals in price there is nothing to trade quality for.
  const premium = contender.costUsd > incumbent.costUsd ? tolerance : 0;
  return Math.max(incumbent.mean, incumbent.draw) + premium;
}

/** Attempts that what is believed of a contender is worth. */
function evidenceOf({ scoreVariance, standardDeviation }: Contender): number {
  return scoreVariance / standardDeviation ** 2;
}

function isWorthTrying(
  challenger: Contender,
  incumbent: Contender,
  best: Contender,
  tolerance: number,
  tasksToCome: number,
): boolean {
  const behind = incumbent.mean - challenger.mean;
  const premium = tolerance > 0 ? priceGap(challenger, incumbent, tolerance) : 0;
  return trialSizes.some((size) => {
    const left = tasksToCome - size;
    if (left <= 0) return false;
    // How far the belief will move by the trial, as a standard deviation.
    const step = challenger.standardDeviation * Math.sqrt(size / (size + evidenceOf(challenger)));
    if (premium < 0) {
      const short = (best.mean - tolerance - challenger.mean) / step;
      return left * normalTail(short) * -premium > size * (Math.max(0, behind) + premium);
    }
    const margin = premium > 0 ? tolerance : 0;
    const short = (behind + margin) / step;
    const chance = normalTail(short);
    const gain = step * (normalDensity(short) - short * chance) + margin * chance;
    return left * gain > size * (behind + premium);
  });
}

/** What a difference in price is worth in quality: the tolerance for every doubling. */
function priceGap(challenger: Contender, incumbent: Contender, tolerance: number): number {
  if (challenger.costUsd === incumbent.costUsd) return 0;
  const doublings = Math.log2(challenger.costUsd / incumbent.costUsd);
  // A free model, or one of unknown price, is infinitely far from any other: ten doublings stand in.
  return tolerance * Math.min(10, Math.max(-10, doublings));
}
