import { normalUpperTail } from '../domain/normal.ts';
import type { Candidate } from './choice.ts';
import { barFor, type Challenger, type ExplorationTerms } from './exploration.ts';

/** Slices of equal probability of an incumbent's sample above its mean. */
const incumbentSlices = 16;
/** Even steps of the leading margin; narrow margins have steps of their own, in standard deviations. */
const marginSteps = 60;
const ownSteps = [-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3];
/** Standard deviations beyond which a sample is taken never to be. */
const reach = 4;

/** How far a challenger's sample lies above its bar. */
type Margin = { candidate: Candidate; worthExploring: boolean; mean: number; deviation: number };

/**
 * The probability with which sampling chooses `chosen`, the incumbent or a challenger, in [0, 1] and to
 * within 0.02. Given the incumbent's sample, the margins of the challengers over their bars are
 * independent normals; what is worked out is how probable it is that one of them leads.
 */
export function propensityOf(
  chosen: Candidate,
  challengers: readonly Challenger[],
  terms: ExplorationTerms,
): number {
  let ofChosen = 0;
  let ofAnyExploration = 0;
  for (const { weight, margins, rival } of conditions(challengers, terms)) {
    for (const { candidate, probability } of leads(margins, rival)) {
      ofAnyExploration += weight * probability;
      if (candidate === chosen) ofChosen += weight * probability;
    }
  }
  const probability = chosen === terms.incumbent ? 1 - ofAnyExploration : ofChosen;
  return Math.min(1, Math.max(0, probability));
}

/**
 * The margins under each condition that makes them independent. Without a tolerance the incumbent's sample
 * is one rival more. With one, it matters only above its mean: half of the time it is below.
 */
function* conditions(
  challengers: readonly Challenger[],
  terms: ExplorationTerms,
): Generator<{ weight: number; margins: Margin[]; rival?: Margin }> {
  const { incumbent, tolerance } = terms;
  const marginsAt = (sample: number): Margin[] =>
    challengers.map(({ candidate, worthExploring }) => ({
      candidate,
      worthExploring,
      mean: candidate.mean - barFor(candidate, sample, terms),
      deviation: candidate.standardDeviation,
    }));
  if (tolerance <= 0) {
    const { standardDeviation: deviation } = incumbent;
    const rival = { candidate: incumbent, worthExploring: false, mean: 0, deviation };
    yield { weight: 1, margins: marginsAt(incumbent.mean), rival };
    return;
  }
  yield { weight: 0.5, margins: marginsAt(incumbent.mean) };
  for (let slice = 0; slice < incumbentSlices; slice += 1) {
    const above = upperHalfPoint(slice) * incumbent.standardDeviation;
    yield { weight: 0.5 / incumbentSlices, margins: marginsAt(incumbent.mean + above) };
  }
}

/**
 * Of every challenger that is worth exploring: the probability that its margin is above 0, or above the
 * rival's, and leads.
 */
function leads(
  all: readonly Margin[],
  rival: Margin | undefined,
): { candidate: Candidate; probability: number }[] {
  const from = rival === undefined ? 0 : -reach * rival.deviation;
  const margins = all.filter(({ mean, deviation }) => mean + reach * deviation > from);
  if (!margins.some(({ worthExploring }) => worthExploring)) return [];
  const rivals = rival === undefined ? margins : [...margins, rival];
  const probabilities = new Float64Array(margins.length);
  // The innermost loop of routing: it makes no objects.
  let below = Float64Array.from(rivals, (each) => probabilityBelow(each, from));
  let upTo = new Float64Array(rivals.length);
  for (const step of stepsOf(rivals, from)) {
    // Who lies between two steps, while all others lie below the middle.
    let everyone = 1;
    for (let index = 0; index < rivals.length; index += 1) {
      const each = rivals[index];
      const high = each === undefined ? 1 : probabilityBelow(each, step);
      upTo[index] = high;
      everyone *= (high + (below[index] ?? 0)) / 2;
    }
    for (let index = 0; index < margins.length; index += 1) {
      const high = upTo[index] ?? 0;
      const low = below[index] ?? 0;
      if (margins[index]?.worthExploring !== true || high <= low) continue;
      probabilities[index] =
        (probabilities[index] ?? 0) + ((high - low) * 2 * everyone) / (high + low);
    }
    [below, upTo] = [upTo, below];
  }
  return margins.map(({ candidate }, index) => ({
    candidate,
    probability: probabilities[index] ?? 0,
  }));
}

/** Ascending: even ones over all that a margin can be, and closer ones where a margin is narrow. */
function stepsOf(margins: readonly Margin[], from: number): Float64Array {
  const to = margins.reduce(
    (most, { mean, deviation }) => Math.max(most, mean + reach * deviation),
    from,
  );
  const width = (to - from) / marginSteps;
  const steps = Array.from({ length: marginSteps }, (_, index) => from + (index + 1) * width);
  for (const { mean, deviation } of margins) {
    if (deviation > 2 * width) continue;
    for (const own of ownSteps) {
      const step = mean + own * deviation;
      if (step > from && step < to) steps.push(step);
    }
  }
  // Sorted as numbers, natively.
  return Float64Array.from(steps).toSorted();
}

/** The cumulative normal distribution, looked up: a decision asks for it tens of thousands of times. */
const tableSize = 2048;
const table = Float64Array.from(
  { length: tableSize + 2 },
  (_, index) => 1 - normalUpperTail(reach * ((2 * index) / tableSize - 1)),
);

function probabilityBelow({ mean, deviation }: Margin, x: number): number {
  if (deviation <= 0) return mean < x ? 1 : 0;
  const place = (((x - mean) / deviation / reach + 1) * tableSize) / 2;
  if (place <= 0) return 0;
  if (place >= tableSize) return 1;
  const index = Math.floor(place);
  const low = table[index] ?? 0;
  return low + (place - index) * ((table[index + 1] ?? 1) - low);
}

/** The middle of a slice of equal probability above the mean, in standard deviations. */
function upperHalfPoint(slice: number): number {
  return upperHalfPoints[slice] ?? 0;
}

const upperHalfPoints = Array.from({ length: incumbentSlices }, (_, slice) => {
  const probability = 0.5 + (slice + 0.5) / (2 * incumbentSlices);
  let low = 0;
  let high = 10;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (1 - normalUpperTail(middle) < probability) low = middle;
    else high = middle;
  }
  return low;
});
