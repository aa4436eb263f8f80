import { meanOf, type Moments, populationVariance, shiftedMoments } from '../../domain/moments.ts';
import { type Interval, isAllOrNothing } from './interval.ts';
import { solve } from './solve.ts';

/*
 * Comparisons that hold however often they are looked at, and however it was decided which model did which
 * task. Evidence is the factor by which a bet against a hypothesis would have grown (Ville 1939; Robbins 1970):
 * while the hypothesis is true that is a martingale, whoever chose the tasks and whenever somebody looked, so
 * that it seldom ever becomes large.
 */

/** How many scores' worth of doubt a bet on a mean spreads itself over: it costs little from some dozens on. */
const width = 40;
/** Scores of the widest spread that are added to graded ones: none that were alike are certain. */
const spreadAllowance = { bet: 1, ratio: 0.5 };
/** By how much more all-or-nothing scores must tell: their bound is exact, that of graded ones has slack. */
const exactness = 1.5;
/** A logarithm of evidence from which on it is told apart from none. */
const leastTold = -1;
/** A graded mean this close to the end of the scale is taken to be no closer. */
const leastReach = 0.05;
/** Times that a gap is shared out anew between two samples; more change nothing. */
const rounds = 3;

/**
 * The logarithm of the evidence that the mean of `first` lies more than `margin` above that of `second`;
 * −∞ where the means themselves do not say so, or one sample has fewer than two. For each sample a normal
 * mixture over the true mean. `variance` is how unsure the difference is besides.
 */
export function logEvidenceAbove(
  first: Moments,
  second: Moments,
  margin: number,
  variance = 0,
): number {
  const gap = gapBetween(first, second, margin);
  if (gap === undefined) return -Infinity;
  const doubt = { width, allowance: spreadAllowance.bet };
  const spread = mixtureCost(first, second);
  // Most of what is compared is nowhere near, and a first screen waits for it.
  if (mostExponent(first, second, gap, doubt) + Math.LN2 - spread < leastTold) return -Infinity;
  const precision = precisionOf(first, second, gap, doubt);
  // Half of the mixture lies on the side that is asked for.
  const exponent = (gap * gap * precision) / (1 + 2 * variance * precision);
  return exponent + Math.LN2 - spread - exactnessOf(first, second);
}

/** What it costs to bet on every true mean at once. */
function mixtureCost(first: Moments, second: Moments): number {
  return (Math.log1p(first.n / width) + Math.log1p(second.n / width)) / 2;
}

function exactnessOf(first: Moments, second: Moments): number {
  return isAllOrNothing(first) && isAllOrNothing(second) ? Math.log(exactness) : 0;
}

/**
 * The logarithm of how much more probable two samples are with their own means than with one in common; 0 where it
 * is sure to be less than `atLeast`.
 */
export function logLikelihoodRatio(first: Moments, second: Moments, atLeast = 0): number {
  const [high, low] = meanOf(first) >= meanOf(second) ? [first, second] : [second, first];
  const gap = gapBetween(high, low, 0);
  if (gap === undefined) return 0;
  // Were they alike, both would tell the spread.
  const doubt = { width: 0, allowance: spreadAllowance.ratio, among: high.n + low.n };
  if (mostExponent(high, low, gap, doubt) < atLeast) return 0;
  return gap * gap * precisionOf(high, low, gap, doubt);
}

/** No more than this comes of two samples, by the spread that was seen alone; unknown of all-or-nothing scores. */
function mostExponent(first: Moments, second: Moments, gap: number, doubt: Doubt): number {
  if (isAllOrNothing(first) || isAllOrNothing(second)) return Infinity;
  const [k, l] = [leastSpreadPull(first, doubt), leastSpreadPull(second, doubt)];
  return (gap * gap * k * l) / (k + l);
}

function leastSpreadPull(scores: Moments, doubt: Doubt): number {
  const spread = populationVariance(scores) + grantedTo(scores, doubt);
  return scores.n ** 2 / (2 * spread * (doubt.width + scores.n));
}

function grantedTo({ n }: Moments, { allowance, among }: Doubt): number {
  return (allowance * 0.25) / (among ?? n);
}

/** Bounds are shown in thousandths. */
const boundsPrecision = 1e-4;
/** Between the lowest and the highest difference there can be. */
const widest = 2;
/** Scores from which the precision is steady, and how many steps it is given then. */
const steadyScores = 20;
const mostSteps = 12;

/** What the difference of the means is at least, and at most, with this much evidence against anything beyond. */
export function boundsOfDifference(
  first: Moments,
  second: Moments,
  needed: number,
  variance = 0,
): Interval {
  const difference = meanOf(first) - meanOf(second);
  return {
    low: Math.max(-1, difference - roomBelow(first, second, needed, variance)),
    high: Math.min(1, difference + roomBelow(second, first, needed, variance)),
  };
}

/** How far below the difference that was seen the true one may lie, until there is this much evidence against it. */
function roomBelow(first: Moments, second: Moments, needed: number, variance: number): number {
  const difference = meanOf(first) - meanOf(second);
  const evidence = (by: number): number =>
    logEvidenceAbove(first, second, difference - by, variance);
  const found = roomByPrecision(first, second, needed, variance);
  return found ?? solve((by) => Math.log(needed) - evidence(by), 0, widest, boundsPrecision);
}

/** The same in a few steps, since the precision changes little with the gap; undefined where it changes more. */
function roomByPrecision(
  first: Moments,
  second: Moments,
  needed: number,
  variance: number,
): number | undefined {
  if (Math.min(first.n, second.n) < steadyScores) return undefined;
  const wanted =
    Math.log(needed) - Math.LN2 + mixtureCost(first, second) + exactnessOf(first, second);
  if (wanted <= 0) return 0;
  const doubt = { width, allowance: spreadAllowance.bet };
  let by = Math.sqrt(
    wanted * (1 / leastSpreadPull(first, doubt) + 1 / leastSpreadPull(second, doubt)),
  );
  for (let step = 0; step < mostSteps; step += 1) {
    const precision = precisionOf(first, second, Math.min(widest, by), doubt);
    const next = Math.sqrt(wanted * (1 / precision + 2 * variance));
    if (Math.min(next, by) >= widest) return widest;
    if (Math.abs(next - by) < boundsPrecision / 2) return next;
    by = next;
  }
  return undefined;
}

function gapBetween(first: Moments, second: Moments, margin: number): number | undefined {
  if (first.n < 2 || second.n < 2) return undefined;
  const gap = meanOf(first) - meanOf(second) - margin;
  return gap > 0 ? gap : undefined;
}

/** `among`: so many scores tell the spread; absent: those of the sample alone. */
type Doubt = { width: number; allowance: number; among?: number };

/** Half the inverse variance of a difference of means that is off by `gap`, shared by both as is most probable. */
function precisionOf(first: Moments, second: Moments, gap: number, doubt: Doubt): number {
  let own = gap;
  let [k, l] = [0, 0];
  for (let round = 0; round <= rounds; round += 1) {
    k = pull(first, 1, own, doubt);
    l = pull(second, -1, round === 0 ? gap : gap - own, doubt);
    own = (gap * l) / (k + l);
  }
  return (k * l) / (k + l);
}

function pull(scores: Moments, side: 1 | -1, deviation: number, doubt: Doubt): number {
  const spread = spreadBehind(scores, side, deviation, grantedTo(scores, doubt));
  return scores.n ** 2 / (2 * spread * (doubt.width + scores.n));
}

/**
 * The variance for which a normal distribution makes a mean that came out `deviation` too high (side 1) or too
 * low (−1) as improbable as it is. For all-or-nothing scores exactly (Chernoff 1952); for graded ones in [0, 1]
 * of the spread that was seen, while others, at the far end of the scale, might only not have come.
 */
function spreadBehind(scores: Moments, side: 1 | -1, deviation: number, granted: number): number {
  const mean = meanOf(scores);
  const d = Math.max(deviation, 1e-6);
  if (isAllOrNothing(scores)) {
    const truth = mean - side * d;
    // No rate is beyond 0 or 1: the other sample is off, then.
    if (truth <= 0 || truth >= 1) return d * d * impossible;
    return (d * d) / (2 * Math.max(relativeEntropy(mean, truth), 1e-12));
  }
  const variance = populationVariance(scores) + granted;
  const growth = growthOf(scores, { side, d, granted });
  if (growth !== undefined) return Math.max(variance, (d * d) / (2 * growth));
  const reach = Math.max(leastReach, side > 0 ? mean : 1 - mean);
  const u = (reach * d) / variance;
  if (u < 1e-4) return variance;
  return ((d * d) / (2 * variance)) * (reach ** 2 / (u - Math.log1p(u)));
}

/**
 * Bets in shares of what a score at the far end would lose, and what ln(1 + y) is at least besides
 * y − y²/2 + y³/3 for all y down to there, in fourths of that share: it falls short the most at the far end.
 */
const [mostShare, step] = [0.98, 0.8];
const bets = Array.from({ length: 28 }, (_, index) => {
  const share = mostShare * step ** index;
  const short = -Math.log1p(-share) - share - share ** 2 / 2 - share ** 3 / 3;
  return { share, short: short / share ** 4 };
});
const noBet = { share: 0, short: 0 };

/**
 * How much a bet on a sample grows with each score where the truth is off by `d`: of all bets of one size on scores
 * in [0, 1] the best, by the first four moments (Waudby-Smith & Ramdas 2023; of two moments alone it would be
 * empirical Bernstein, Howard et al. 2021, which has to take any spread for that of rare failures). Undefined where
 * no more than the spread is known.
 */
function growthOf(
  scores: Moments,
  { side, d, granted }: { side: 1 | -1; d: number; granted: number },
): number | undefined {
  const central = centralOf(scores);
  if (central === undefined) return undefined;
  const mean = meanOf(scores);
  const reach = Math.max(leastReach, side > 0 ? mean - d : 1 - mean - d);
  const variance = populationVariance(scores) + granted;
  const third = side * central.third;
  const fourth = central.fourth + 3 * granted ** 2;
  // Around the truth.
  const two = variance + d ** 2;
  const three = third + 3 * variance * d + d ** 3;
  const four = fourth + 4 * third * d + 6 * variance * d ** 2 + d ** 4;
  const growthBy = (index: number): number => {
    const { share, short } = bets[index] ?? noBet;
    const bet = share / reach;
    return bet * (d - bet * (two / 2 - bet * (three / 3 - short * bet * four)));
  };
  // From the bet that would be best by two moments to the one from which it gets no better either way.
  const guess = Math.round(Math.log((d * reach) / (two * mostShare)) / Math.log(step));
  let at = Math.min(bets.length - 1, Math.max(0, guess));
  let most = growthBy(at);
  for (const direction of [-1, 1]) {
    while (bets[at + direction] !== undefined && growthBy(at + direction) > most) {
      at += direction;
      most = growthBy(at);
    }
  }
  return Math.max(most, (1e-9 * d ** 2) / variance);
}

/** The third and fourth central moments; undefined where they are not known. Asked for again and again. */
function centralOf(scores: Moments): { third: number; fourth: number } | undefined {
  let central = centrals.get(scores);
  if (central === undefined) {
    const { n, higher } = shiftedMoments(scores, -meanOf(scores));
    if (higher === undefined) return undefined;
    central = { third: higher.cubes / n, fourth: Math.max(0, higher.fourths / n) };
    centrals.set(scores, central);
  }
  return central;
}

const centrals = new WeakMap<Moments, { third: number; fourth: number }>();

/** Variance that makes improbable what cannot be, for a deviation of 1. */
const impossible = 1e-3;

/** Of two rates, the second within (0, 1) (Kullback & Leibler 1951). */
function relativeEntropy(rate: number, other: number): number {
  return surprise(rate, other) + surprise(1 - rate, 1 - other);
}

function surprise(share: number, expected: number): number {
  return share <= 0 ? 0 : share * Math.log(share / expected);
}

/**
 * How much evidence one of several hypotheses needs so that it holds among all of them: any true ones among
 * them included, the mean of whose evidence is evidence itself (Vovk & Wang 2021; a closed test). The more
 * of the others hold as well, the less is needed.
 */
export function evidenceNeeded(evidence: readonly number[], needed: number): number {
  return evidence.reduce((sum, one) => sum + Math.max(0, needed - one), needed);
}
