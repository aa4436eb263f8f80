import { meanOf, type Moments, sampleVariance } from '../../domain/moments.ts';
import { type Interval, isAllOrNothing, wilsonInterval } from './interval.ts';
import { normalUpperTail } from '../../domain/normal.ts';
import { normalQuantile, solve } from './normal.ts';
import { studentQuantile, studentUpperTail } from './student.ts';

/** What two samples say of the difference of their means, first minus second. */
export type Comparison = {
  difference: number;
  /** One-sided p-value: the probability of a difference as high as this if the true one were `margin`. */
  pValueAbove(margin: number): number;
  /** The bounds that each hold with confidence 1 − `alpha`. */
  bounds(alpha: number): Interval;
};

/**
 * Compares two samples of scores of at least two each: all-or-nothing ones as rates, by Newcombe's hybrid
 * score interval, graded ones by Welch's t test.
 */
export function compare(first: Moments, second: Moments): Comparison {
  return isAllOrNothing(first) && isAllOrNothing(second)
    ? compareRates(first, second)
    : compareMeans(first, second);
}

/** A rate as the moments of its successes: `successes` scores of 1, the rest of 0. */
export function rateMoments(successes: number, n: number): Moments {
  return { n, sum: successes, sumOfSquares: successes };
}

/** Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10. */
function compareRates(first: Moments, second: Moments): Comparison {
  const [p, q] = [meanOf(first), meanOf(second)];
  const difference = p - q;
  const boundsAt = (z: number): Interval => {
    const own = wilsonInterval(p, first.n, z);
    const other = wilsonInterval(q, second.n, z);
    return {
      low: difference - Math.sqrt((p - own.low) ** 2 + (other.high - q) ** 2),
      high: difference + Math.sqrt((own.high - p) ** 2 + (q - other.low) ** 2),
    };
  };
  return {
    difference,
    // The test that belongs to the interval: the level at which its bound meets the margin.
    pValueAbove: (margin) =>
      difference >= margin
        ? normalUpperTail(solve((z) => boundsAt(z).low - margin, 0, 40))
        : 1 - normalUpperTail(solve((z) => margin - boundsAt(z).high, 0, 40)),
    bounds: (alpha) => boundsAt(normalQuantile(alpha)),
  };
}

/** Welch 1947, with the degrees of freedom of Satterthwaite 1946. */
function compareMeans(first: Moments, second: Moments): Comparison {
  const difference = meanOf(first) - meanOf(second);
  const [a, b] = [varianceOfMean(first), varianceOfMean(second)];
  const error = Math.sqrt(a + b);
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (first.n - 1) + b ** 2 / (second.n - 1));
  return {
    difference,
    pValueAbove: (margin) => studentUpperTail((difference - margin) / error, degreesOfFreedom),
    bounds: (alpha) => {
      const half = error * studentQuantile(alpha, degreesOfFreedom);
      return { low: difference - half, high: difference + half };
    },
  };
}

/** Spread that is granted to equal graded scores, in scores of the widest spread. */
const testSpreadAllowance = 0.02;

/** Variance of the mean of graded scores, of which equal ones are not certain either. */
function varianceOfMean(scores: Moments): number {
  const { n, sum } = scores;
  const held = (sum + 0.5) / (n + 1);
  return (sampleVariance(scores) + (testSpreadAllowance * held * (1 - held)) / n) / n;
}
