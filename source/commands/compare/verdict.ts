import { noScores, withScore } from '../../domain/moments.ts';
import type { ComparedPair } from '../../engine/index.ts';
import { pairedInterval } from '../../telemetry/index.ts';

/** What a comparison has found so far. */
export type Verdict = {
  /** Tasks that both answered. */
  tasks: number;
  /** Mean of what a scored less what b scored on the same task; null before there is any. */
  difference: number | null;
  /** Its 95% interval, which holds however often one looks. */
  low: number | null;
  high: number | null;
  /** Who is better, or that neither is by more than the tolerance; null while that is open. */
  decided: 'a' | 'b' | 'equal' | null;
};

/** `tolerance`: a difference of quality that nobody would pay for. */
export function verdictOf(pairs: readonly ComparedPair[], tolerance: number): Verdict {
  if (pairs.length === 0) {
    return { tasks: 0, difference: null, low: null, high: null, decided: null };
  }
  const differences = pairs.reduce((all, { a, b }) => withScore(all, a - b), noScores);
  const { low, high } = pairedInterval(differences);
  const isEqual = low > -tolerance && high < tolerance;
  const better = low > 0 ? 'a' : high < 0 ? 'b' : null;
  return {
    tasks: pairs.length,
    difference: differences.sum / differences.n,
    low,
    high,
    decided: better ?? (isEqual ? 'equal' : null),
  };
}
