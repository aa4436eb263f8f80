import { defined } from '../domain/defined.ts';
import { confidenceOf } from '../domain/confidence.ts';
import { mergedMoments, noScores, sampleVariance } from '../domain/moments.ts';
import type { CellHistory } from '../domain/profile.ts';
import { constantDefaults, establishedChange, type ScoreSlice } from '../routing/index.ts';
import type { Cells } from './sums/cells.ts';
import { addSums, callsOf, noSums, scoresOf, type Sums, valueOf } from './sums/fields.ts';
import type { PeriodSums } from './sums/period.ts';
import { daySeconds, halfLifeDays } from './sums/time.ts';

/** What is known of a UTC day, with sums weighted by age. */
export type DaySums = { day: number; sums: PeriodSums };

/**
 * Everything the past says of every (model, task type), for a run that begins now; the one definition that
 * databases and replays share. `days` are those from `horizonStart` on, oldest first. Means are weighted
 * by calls and age, counts are not decayed. An established change restarts its cell: only what was
 * recorded from the beginning of that day (UTC) on counts.
 */
export function warmStart(days: readonly DaySums[], cells: Cells, now: number): CellHistory[] {
  const known = new Set(days.flatMap(({ sums }) => [...sums.cells.keys()]));
  const aged = days.map(({ day, sums }) => ({
    day,
    sums,
    /** What the ages of the day's sums come to now. */
    factor: 2 ** ((day - now) / (halfLifeDays * daySeconds)),
  }));
  return [...known].flatMap((cell) => {
    const history = cellHistory(aged, cell);
    return history === undefined ? [] : [{ ...cells.of(cell), ...history }];
  });
}

type AgedDay = DaySums & { factor: number };

function cellHistory(
  days: readonly AgedDay[],
  cell: number,
): Omit<CellHistory, 'model' | 'taskType'> | undefined {
  const slices: ScoreSlice[] = [];
  for (const { day, sums } of days) {
    const ofCell = sums.cells.get(cell);
    const scores = ofCell === undefined ? noScores : scoresOf(ofCell);
    if (scores.n > 0) slices.push({ from: day, scores });
  }
  const restartedAt = establishedChange(slices);
  const since = restartedAt ?? -Infinity;
  const plain = noSums(true);
  const aged = noSums(true);
  let squaredWeights = 0;
  for (const { day, sums, factor } of days) {
    const ofCell = sums.cells.get(cell);
    if (ofCell === undefined || day < since) continue;
    addSums(plain, ofCell);
    addSums(aged, ofCell, factor);
    // Within a day all attempts weigh about the same.
    const calls =
      valueOf(ofCell, 'calls') -
      valueOf(ofCell, 'unscoredCalls') +
      valueOf(ofCell, 'liveScoredCalls');
    if (calls > 0) squaredWeights += (factor * evidenceIn(ofCell)) ** 2 / calls;
  }
  const callCount = callsOf(plain);
  if (callCount === 0) return undefined;
  const attempts = evidenceIn(aged);
  const scores = slices
    .filter(({ from }) => from >= since)
    .reduce((all, slice) => mergedMoments(all, slice.scores), noScores);
  return {
    profile: {
      ...meansOf(aged),
      callCount,
      failureCount: valueOf(plain, 'failures'),
      validatorFailCount: valueOf(plain, 'validatorFailures'),
      confidence: confidenceOf(callCount),
    },
    effectiveCalls:
      scoredIn(aged) - valueOf(aged, 'agedScoredFailures') + valueOf(aged, 'agedLiveScoredCalls'),
    effectiveAttempts: attempts,
    ...(squaredWeights > 0 ? { sampleSize: attempts ** 2 / squaredWeights } : {}),
    ...(scores.n > 1 ? { scoreVariance: sampleVariance(scores) } : {}),
    ...defined({ restartedAt }),
  };
}

function meansOf(aged: Sums) {
  const measured = valueOf(aged, 'agedCalls');
  return {
    qualityScore: over(
      valueOf(aged, 'agedQuality') + valueOf(aged, 'agedLiveQuality'),
      scoredIn(aged) + valueOf(aged, 'agedLiveScoredCalls'),
      0,
    ),
    // Events know no trust and no latency: without any snapshot the defaults stand.
    trustFactor: over(valueOf(aged, 'agedTrust'), measured, constantDefaults.trustFactor),
    avgLatencyMs: over(valueOf(aged, 'agedLatency'), measured, constantDefaults.avgLatencyMs),
    latencyP95Ms: over(valueOf(aged, 'agedLatencyP95'), measured, constantDefaults.latencyP95Ms),
    successRate: over(valueOf(aged, 'agedSuccess'), measured, constantDefaults.successRate),
    avgCostUsd: over(
      valueOf(aged, 'agedCost') + valueOf(aged, 'agedLiveCost'),
      measured - valueOf(aged, 'agedUnpriced') + valueOf(aged, 'agedLivePricedCalls'),
      Number.NaN,
    ),
  };
}

/** The attempts that tell something of quality: all but answers that nobody judged; weighted by age. */
function evidenceIn(sums: Sums): number {
  return (
    valueOf(sums, 'agedCalls') -
    valueOf(sums, 'agedUnscored') +
    valueOf(sums, 'agedLiveScoredCalls')
  );
}

/** Attempts of snapshots that have a quality, weighted by age. */
function scoredIn(aged: Sums): number {
  return valueOf(aged, 'agedCalls') - valueOf(aged, 'agedBlankCalls');
}

function over(sum: number, weight: number, fallback: number): number {
  return weight > 0 ? sum / weight : fallback;
}
