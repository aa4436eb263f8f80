import { normalDensity, normalUpperTail } from '../domain/normal.ts';
import type { PortfolioDecision } from '../domain/routing-decision.ts';
import type { Candidate } from './choice.ts';

/** A cheaper model first; a second one where its answer is judged not good enough. */
export type Portfolio = {
  first: Candidate;
  second: Candidate;
  /** What a task is expected to come to, in [0, 1] and in dollars of answers. */
  quality: number;
  costUsd: number;
  /** How often the second is asked, in [0, 1]. */
  followed: number;
  /** How unsure the quality is for want of knowing how hard those tasks are for the second. */
  unsure: number;
};

/** Attempts on the task type from which on a model may be part of one, or be measured against one. */
const leastAttempts = 20;
/**
 * How closely two models' scores on the same task go together, and how unsure that is: of good ones 0.2 to 0.65
 * was seen. The tasks that a first model fails are hard for a second one as well.
 */
const togetherness = { mean: 0.45, standardDeviation: 0.13 };
/** Share of the differences between scores that is the answers' own and not the judges'. */
const reliability = 0.8;
/** Standard deviations by which it is to be better, or not worse: 95% sure. */
const sure = 1.64;
/** What it may cost against the model alone where it is better, and where it is only as good. */
const costAtMost = { better: 1.25, asGood: 0.8 };

/**
 * The cheapest portfolio that firmly pays beside the choice `alone`: better at 1.25 times its cost at most, or as
 * good, within the tolerance for sure, at four fifths of it. Undefined where there is none, or too little is known.
 */
export function portfolioOf(
  candidates: readonly Candidate[],
  terms: { alone: Candidate; best: Candidate; tolerance: number; acceptAt: number },
): Portfolio | undefined {
  const { alone, best } = terms;
  if (!isKnown(alone)) return undefined;
  let found: Portfolio | undefined;
  for (const first of candidates) {
    if (first.costUsd >= alone.costUsd || !isKnown(first)) continue;
    for (const second of best === alone ? [alone] : [alone, best]) {
      if (second === first || !isKnown(second)) continue;
      const portfolio = expectationOf(first, second, terms.acceptAt);
      if (!pays(portfolio, terms)) continue;
      if (found === undefined || portfolio.costUsd < found.costUsd) found = portfolio;
    }
  }
  return found;
}

function isKnown({ attempts, standardDeviation, costUsd }: Candidate): boolean {
  return attempts >= leastAttempts && standardDeviation > 0 && Number.isFinite(costUsd);
}

function expectationOf(first: Candidate, second: Candidate, acceptAt: number): Portfolio {
  const { followed, above, below } = splitAt(first, acceptAt);
  const ratio = Math.sqrt(second.scoreVariance / Math.max(first.scoreVariance, 1e-6));
  const kept = Math.min(1, first.mean + reliability * above);
  const harder = ratio * below;
  const replaced = Math.max(0, second.mean - togetherness.mean * harder);
  return {
    first,
    second,
    quality: (1 - followed) * kept + followed * replaced,
    costUsd: first.costUsd + followed * second.costUsd,
    followed,
    unsure: followed * togetherness.standardDeviation * harder,
  };
}

/** How many of a model's answers are below the standard, and how far those above and below lie from its mean. */
function splitAt({ mean, scoreVariance }: Candidate, acceptAt: number) {
  const widest = mean * (1 - mean);
  if (scoreVariance >= 0.8 * widest) return { followed: 1 - mean, above: 1 - mean, below: mean };
  const deviation = Math.sqrt(Math.max(scoreVariance, 1e-6));
  const place = (acceptAt - mean) / deviation;
  const followed = 1 - normalUpperTail(place);
  const density = deviation * normalDensity(place);
  return {
    followed,
    above: density / Math.max(1e-6, 1 - followed),
    below: density / Math.max(1e-6, followed),
  };
}

function pays(
  { first, second, quality, costUsd, followed, unsure }: Portfolio,
  { alone, tolerance }: { alone: Candidate; tolerance: number },
): boolean {
  const ofFirst = (1 - followed) * first.standardDeviation;
  // What is not known of the model alone is not known of the portfolio either, as far as it is its second.
  const others =
    second === alone
      ? (1 - followed) * alone.standardDeviation
      : Math.hypot(followed * second.standardDeviation, alone.standardDeviation);
  const gain = quality - alone.mean;
  const least = gain - sure * Math.hypot(ofFirst, others, unsure);
  const cost = costUsd / alone.costUsd;
  if (cost <= costAtMost.asGood) return gain >= 0 && least >= -tolerance;
  return cost <= costAtMost.better && least > 0;
}

/** The portfolio as decisions show it. */
export function portfolioDecision(
  { first, second, quality, costUsd }: Portfolio,
  alone: Candidate,
  { nameOf, used }: { nameOf: (candidate: Candidate) => string; used: boolean },
): PortfolioDecision {
  return {
    first: nameOf(first),
    second: nameOf(second),
    qualityScore: quality,
    costUsd,
    alone: { model: nameOf(alone), qualityScore: alone.mean, costUsd: alone.costUsd },
    used,
  };
}
