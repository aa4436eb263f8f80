import { meanOf, type Moments, sampleVariance } from '../../domain/moments.ts';
import type { Interval } from './interval.ts';

/** How many pairs a mixture is tuned for: about as many as a comparison of some use takes. */
const tunedFor = 25;
/** A difference of half the scale that may not have come yet is counted in: rare failures are seldom seen early. */
const unseenSquare = 1;
/** Pairs without which nothing is said. */
const leastPairs = 5;

/**
 * 95% interval of the mean difference of paired scores, which holds however often one looks, so that one
 * may stop as soon as it says enough: those means against which a normal mixture (Robbins 1970) has not
 * grown twentyfold. The whole scale before there are five pairs.
 */
export function pairedInterval(differences: Moments): Interval {
  const { n } = differences;
  if (n < leastPairs) return { low: -1, high: 1 };
  const mean = meanOf(differences);
  const variance = sampleVariance(differences) + unseenSquare / n;
  const room = Math.log(20) + Math.log((tunedFor + n) / tunedFor) / 2;
  const half = Math.sqrt((2 * variance * (tunedFor + n) * room) / n ** 2);
  return { low: Math.max(-1, mean - half), high: Math.min(1, mean + half) };
}
