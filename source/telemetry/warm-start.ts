import { defined } from '../domain/defined.ts';
import { confidenceOf } from '../domain/confidence.ts';
import { mergedMoments, noScores, sampleVariance } from '../domain/moments.ts';
import type { CellHistory } from '../domain/profile.ts';
import { constantDefaults, establishedChange, type ScoreSlice } from '../routing/index.ts';
import type { Cells } from './sums/fact-rows.ts';
import { callsOf, noSums, scoresBy, type Sums, type ValueOf, valuesOf } from './sums/fields.ts';
import { addEach, eachCell, type PeriodSums } from './sums/period.ts';
import type { Reach, SummedPast } from './insight/view.ts';
import { daySeconds, factorNow, justAfter } from './sums/time.ts';
import { severityOver, shifted, type Shift } from './severity-over.ts';

/** What is known of a UTC day, with sums weighted by age. */
export type DaySums = { day: number; sums: PeriodSums };

/** From which times of which runs the days of a warm start are asked for. */
export type DaysWanted = {
  /** Unix seconds, both included. */
  from: number;
  to: number;
  /** As if none of its rows were there. */
  exceptProject?: string;
};

export function daysReach({ from, to }: DaysWanted): Reach {
  return { from, before: justAfter(to), aged: true };
}

/** What an engine's `days` hands up. */
export function daysIn(past: SummedPast, wanted: DaysWanted): { days: DaySums[]; cells: Cells } {
  const { exceptProject } = wanted;
  const reach = daysReach(wanted);
  const { before } = reach;
  const days = past.within(reach, (all) => {
    const from = all.edgeOf?.(reach.from) ?? reach.from;
    return all
      .starts()
      .filter((day) => day + daySeconds > from && day < before)
      .map((day) => {
        const start = Math.max(day, from);
        const end = Math.min(day + daySeconds, before);
        // Left out rather than taken off the sums: what rounding leaves would pass for a little of it.
        const isCut = exceptProject !== undefined && all.hasRun(day, exceptProject);
        const sums = isCut ? all.periodWithout(exceptProject, start, end) : all.period(start, end);
        return { day, sums };
      });
  });
  return { days, cells: past.cells };
}

/**
 * Everything the past says of every (model, task type), for a run that begins now; the one definition that
 * databases and replays share. `days` are those from `horizonStart` on, oldest first. Means are weighted
 * by calls and age, counts are not decayed. An established change restarts its cell: only what was
 * recorded from the beginning of that day (UTC) on counts.
 */
export function warmStart(days: readonly DaySums[], cells: Cells, now: number): CellHistory[] {
  const known = new Map<number, CellDays>();
  const severity = severityOver(days, cells);
  for (const { day, sums } of days) {
    eachCell(sums, (cell, value) => {
      let ofCell = known.get(cell);
      if (ofCell === undefined) known.set(cell, (ofCell = { slices: [], evidence: [] }));
      const scores = scoresBy(value);
      if (scores.n > 0) {
        const of = { day, cell, decided: value('outcomeTasks') };
        ofCell.slices.push({ from: day, scores: severity.takenOutOf(scores, of) });
      }
      const calls = value('calls') - value('unscoredCalls') + value('liveScoredCalls');
      if (calls > 0) ofCell.evidence.push({ day, attempts: evidenceIn(value), calls });
    });
  }
  const found = [...known].map(([cell, ofCell]) => {
    const restartedAt = establishedChange(ofCell.slices);
    return { cell, ...ofCell, restartedAt, since: restartedAt ?? -Infinity, sums: noSums(true) };
  });
  const byCell = new Map(found.map((one) => [one.cell, one]));
  for (const { day, sums } of days) {
    const factor = factorNow(day, now);
    addEach(
      sums,
      (cell) => {
        const one = byCell.get(cell);
        return one !== undefined && day >= one.since ? one.sums : undefined;
      },
      { factor },
    );
  }
  return found.flatMap(({ cell, ...ofCell }) => {
    const shift = severity.shift(cell, { since: ofCell.since, now });
    const history = cellHistory({ ...ofCell, shift }, now);
    return history === undefined ? [] : [{ ...cells.of(cell), ...history }];
  });
}

/** What the days say of a cell, each by itself. */
type CellDays = {
  slices: ScoreSlice[];
  /** Attempts that tell of quality, weighted by age within the day, of so many calls. */
  evidence: { day: number; attempts: number; calls: number }[];
};

function cellHistory(
  {
    slices,
    evidence,
    restartedAt,
    since,
    sums,
    shift,
  }: CellDays & { restartedAt: number | undefined; since: number; sums: Sums; shift: Shift },
  now: number,
): Omit<CellHistory, 'model' | 'taskType'> | undefined {
  const callCount = callsOf(sums);
  if (callCount === 0) return undefined;
  const value = valuesOf(sums);
  const attempts = evidenceIn(value);
  let squaredWeights = 0;
  for (const ofDay of evidence) {
    // Within a day all attempts weigh about the same.
    if (ofDay.day < since) continue;
    squaredWeights += (factorNow(ofDay.day, now) * ofDay.attempts) ** 2 / ofDay.calls;
  }
  const scores = slices
    .filter(({ from }) => from >= since)
    .reduce((all, slice) => mergedMoments(all, slice.scores), noScores);
  return {
    profile: {
      ...meansOf(value),
      qualityScore: shifted(
        qualityIn(value),
        shift,
        value('scoredCalls') + value('liveScoredCalls'),
        value('outcomeCalls'),
      ),
      callCount,
      failureCount: value('failures'),
      validatorFailCount: value('validatorFailures'),
      confidence: confidenceOf(callCount),
    },
    effectiveCalls: scoredIn(value) - value('agedScoredFailures') + value('agedLiveScoredCalls'),
    effectiveAttempts: attempts,
    ...(squaredWeights > 0 ? { sampleSize: attempts ** 2 / squaredWeights } : {}),
    ...(scores.n > 1 ? { scoreVariance: sampleVariance(scores) } : {}),
    ...defined({ restartedAt }),
  };
}

function meansOf(value: ValueOf) {
  const measured = value('agedCalls');
  return {
    // Events know no trust and no latency: without any snapshot the defaults stand.
    trustFactor: over(value('agedTrust'), measured, constantDefaults.trustFactor),
    avgLatencyMs: over(value('agedLatency'), measured, constantDefaults.avgLatencyMs),
    latencyP95Ms: over(value('agedLatencyP95'), measured, constantDefaults.latencyP95Ms),
    successRate: over(value('agedSuccess'), measured, constantDefaults.successRate),
    avgCostUsd: over(
      value('agedCost') + value('agedLiveCost'),
      measured - value('agedUnpriced') + value('agedLivePricedCalls'),
      Number.NaN,
    ),
  };
}

function qualityIn(value: ValueOf): number {
  const mean = over(
    value('agedQuality') + value('agedLiveQuality'),
    scoredIn(value) + value('agedLiveScoredCalls'),
    0,
  );
  // What an outcome moves may be of attempts that lie beyond the horizon.
  return Math.min(1, Math.max(0, mean));
}

/** The attempts that tell something of quality: all but answers that nobody judged; weighted by age. */
function evidenceIn(value: ValueOf): number {
  return value('agedCalls') - value('agedUnscored') + value('agedLiveScoredCalls');
}

/** Attempts of snapshots that have a quality, weighted by age. */
function scoredIn(value: ValueOf): number {
  return value('agedCalls') - value('agedBlankCalls');
}

function over(sum: number, weight: number, fallback: number): number {
  return weight > 0 ? sum / weight : fallback;
}
