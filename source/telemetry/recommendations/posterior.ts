import { meanOf, populationVariance } from '../../domain/moments.ts';
import { normalUpperTail } from '../../domain/normal.ts';
import { type CellSamples, scoresIn } from './cell.ts';

/** What is believed of a cell's true quality. */
export type Belief = { mean: number; variance: number };

/** Models of a task type differ by this much at least (standard deviation), before anything is seen. */
const leastSpread = 0.03;
/**
 * How much wider a difference is taken to be: the spread between models is an estimate itself, and what is told of
 * is what looks best among many, on the day on which it does. So measured: told as 80%, right in 80% or more.
 */
const doubt = 3.2;
/** Scores of the widest spread that are added to what was seen. */
const spreadAllowance = 1;

type Seen = { cell: CellSamples; mean: number; variance: number };

/**
 * The posterior quality of every cell with at least two scores: each is drawn towards the others of its task type,
 * the more the less it was seen, so that the luckiest of many is not taken at its word (empirical Bayes; the
 * spread between models by DerSimonian & Laird 1986, over all task types).
 */
export function beliefsOf(cells: readonly CellSamples[]): ReadonlyMap<CellSamples, Belief> {
  const types = [...Map.groupBy(cells, ({ taskType }) => taskType).values()].map((ofType) =>
    ofType.flatMap((cell): Seen[] => {
      const scores = scoresIn(cell);
      const { n } = scores;
      if (n < 2) return [];
      const variance = (populationVariance(scores) + (spreadAllowance * 0.25) / n) / n;
      return [{ cell, mean: meanOf(scores), variance }];
    }),
  );
  const between = spreadBetween(types);
  const beliefs = new Map<CellSamples, Belief>();
  for (const seen of types) {
    const weights = seen.map(({ variance }) => 1 / (between + variance));
    const weight = total(weights);
    const centre = total(seen.map(({ mean }, index) => (weights[index] ?? 0) * mean)) / weight;
    for (const { cell, mean, variance } of seen) {
      const kept = between / (between + variance);
      beliefs.set(cell, {
        mean: centre + kept * (mean - centre),
        variance: kept * variance + (1 - kept) ** 2 / weight,
      });
    }
  }
  return beliefs;
}

/** The variance between models of one task type. */
function spreadBetween(types: readonly (readonly Seen[])[]): number {
  let excess = 0;
  let freedom = 0;
  for (const seen of types) {
    const weights = seen.map(({ variance }) => 1 / variance);
    const weight = total(weights);
    if (seen.length < 2) continue;
    const centre = total(seen.map(({ mean }, index) => (weights[index] ?? 0) * mean)) / weight;
    excess += total(seen.map(({ mean }, index) => (weights[index] ?? 0) * (mean - centre) ** 2));
    excess -= seen.length - 1;
    freedom += weight - total(weights.map((one) => one ** 2)) / weight;
  }
  return Math.max(leastSpread ** 2, freedom > 0 ? excess / freedom : 0);
}

/** The probability that the first is better than the second, or worse by less than the margin. */
export function probabilityNotWorse(
  first: Belief,
  second: Belief,
  margin: number,
  variance: number,
): number {
  const error = Math.sqrt(doubt * (first.variance + second.variance) + variance);
  return normalUpperTail(-(first.mean - second.mean + margin) / error);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
