import type { Moments } from '../../domain/moments.ts';
import type { CellHistory, ProfileSnapshot } from '../../domain/profile.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { createCells } from '../sums/fact-rows.ts';
import { addTo, addScores, type Sums } from '../sums/fields.ts';
import { cellIn, emptyPeriod, type PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds, horizonStart } from '../sums/time.ts';
import { warmStart } from '../warm-start.ts';

export { ageWeight, halfLifeDays, horizonDays, horizonStart } from '../sums/time.ts';

/** One row of `model_snapshots`. */
export type SnapshotRecord = ProfileSnapshot & { recordedAt: number };

/** The scores of all `routing_events` of one (model, task type) on one day, or in one hour. */
export type ScoreSliceRecord = {
  model: string;
  taskType: TaskType;
  /** Unix seconds at which the slice begins. */
  from: number;
  scores: Moments;
};

/**
 * The warm start of records that are in no database, as a replay has them. What lies before the horizon is
 * passed over; the order of the records does not matter; those from the future count as new.
 */
export function historyOf({
  now,
  snapshots,
  scoreSlices = [],
}: {
  now: number;
  snapshots: Iterable<SnapshotRecord>;
  /** Of all runs, with snapshots or without; they tell the variance of scores and when a cell changed. */
  scoreSlices?: Iterable<ScoreSliceRecord>;
}): CellHistory[] {
  const start = horizonStart(now);
  const cells = createCells();
  const days = new Map<number, PeriodSums>();
  const sumsOf = (at: number, cell: number): Sums => {
    const day = dayOf(at);
    let sums = days.get(day);
    if (sums === undefined) days.set(day, (sums = emptyPeriod(true)));
    return cellIn(sums, cell);
  };

  for (const { model, taskType, from, scores } of scoreSlices) {
    if (from < start - daySeconds) continue;
    addScores(sumsOf(from, cells.numberOf(model, taskType)), scores);
  }
  for (const { model, taskType, profile, unscored = false, recordedAt } of snapshots) {
    if (recordedAt < start) continue;
    const cell = cells.numberOf(model, taskType);
    const at = Math.min(recordedAt, now);
    addTo.snapshot(sumsOf(at, cell), {
      kind: 'snapshot',
      projectId: '',
      cell,
      quality: profile.qualityScore,
      trust: profile.trustFactor,
      latencyMs: profile.avgLatencyMs,
      latencyP95Ms: profile.latencyP95Ms,
      success: profile.successRate,
      costUsd: profile.avgCostUsd,
      calls: profile.callCount,
      failures: profile.failureCount,
      validatorFailures: profile.validatorFailCount,
      unscored,
      at,
    });
  }
  const inOrder = [...days].map(([day, sums]) => ({ day, sums })).toSorted((a, b) => a.day - b.day);
  return warmStart(inOrder, cells, now);
}
