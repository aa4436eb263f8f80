import { normalUpperTail } from '../domain/normal.ts';
import type { Candidate } from './choice.ts';
import { barFor, type Challenger, type ExplorationTerms } from './exploration.ts';

/** Points at which the incumbent's sample and the leading margin are looked at: within 0.01 in tests. */
const incumbentPoints = 15;
const marginPoints = 40;
/** Standard deviations beyond which a sample never is. */
const reach = 5;

/**
 * The probability with which sampling chooses `chosen`, the incumbent or a challenger, in [0, 1] and to
 * within 0.02. Given the incumbent's sample, the margins of the challengers over their bars are
 * independent normals: the probability that one of them leads is integrated over both.
 */
export function propensityOf(
  chosen: Candidate,
  challengers: readonly Challenger[],
  terms: ExplorationTerms,
): number {
  let ofChosen = 0;
  let ofAnyExploration = 0;
  const { mean, standardDeviation } = terms.incumbent;
  for (let point = 0; point < incumbentPoints; point += 1) {
    const sample = mean + standardDeviation * normalPoint(point);
    for (const { candidate, probability } of leadProbabilities(challengers, sample, terms)) {
      ofAnyExploration += probability / incumbentPoints;
      if (candidate === chosen) ofChosen += probability / incumbentPoints;
    }
  }
  const probability = chosen === terms.incumbent ? 1 - ofAnyExploration : ofChosen;
  return Math.min(1, Math.max(0, probability));
}

/** Of every challenger that is worth exploring: the probability that its margin is above 0 and leads. */
function leadProbabilities(
  challengers: readonly Challenger[],
  incumbentSample: number,
  terms: ExplorationTerms,
): { candidate: Candidate; probability: number }[] {
  const margins = challengers
    .map(({ candidate, worthExploring }) => ({
      candidate,
      worthExploring,
      mean: candidate.mean - barFor(candidate, incumbentSample, terms),
      deviation: candidate.standardDeviation,
    }))
    .filter(({ mean, deviation }) => mean + reach * deviation > 0);
  const high = margins.reduce(
    (most, { mean, deviation }) => Math.max(most, mean + reach * deviation),
    0,
  );
  if (high <= 0 || !margins.some(({ worthExploring }) => worthExploring)) return [];
  const width = high / marginPoints;
  const probabilities = margins.map(() => 0);
  const below = margins.map((margin) => probabilityBelow(margin, 0));
  for (let point = 1; point <= marginPoints; point += 1) {
    // In each cell of margins: who is in it, while all others are below its middle.
    const upTo = margins.map((margin) => probabilityBelow(margin, point * width));
    const middles = upTo.map((high_, index) => (high_ + (below[index] ?? 0)) / 2);
    const all = middles.reduce((product, each) => product * each, 1);
    for (const [index, { worthExploring }] of margins.entries()) {
      const middle = middles[index] ?? 0;
      const inCell = (upTo[index] ?? 0) - (below[index] ?? 0);
      if (worthExploring && middle > 0) {
        probabilities[index] = (probabilities[index] ?? 0) + (inCell * all) / middle;
      }
      below[index] = upTo[index] ?? 0;
    }
  }
  return margins.map(({ candidate }, index) => ({
    candidate,
    probability: probabilities[index] ?? 0,
  }));
}

function probabilityBelow({ mean, deviation }: { mean: number; deviation: number }, x: number) {
  if (deviation <= 0) return mean < x ? 1 : 0;
  return 1 - normalUpperTail((x - mean) / deviation);
}

/** The middle of one of {@link incumbentPoints} slices of equal probability, in standard deviations. */
function normalPoint(index: number): number {
  return (normalPoints[index] ??= quantile((index + 0.5) / incumbentPoints));
}

const normalPoints: number[] = [];

/** By bisection: asked a few times in the life of a process. */
function quantile(probability: number): number {
  let low = -10;
  let high = 10;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (1 - normalUpperTail(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
