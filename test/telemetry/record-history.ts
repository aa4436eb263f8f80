import { confidenceOf } from '../../source/domain/confidence.ts';
import { mergedMoments, noScores, sampleVariance } from '../../source/domain/moments.ts';
import type { CellHistory, ModelProfile, ProfileSnapshot } from '../../source/domain/profile.ts';
import type { TaskType } from '../../source/domain/task-type.ts';
import { constantDefaults, establishedChange } from '../../source/routing/index.ts';
import type { ScoreSliceRecord, SnapshotRecord } from '../../source/telemetry/history/index.ts';

/** One row of `routing_events` of a run that has no snapshot (yet). */
export type LiveEventRecord = {
  model: string;
  taskType: TaskType;
  /** Absent: a usable answer that nobody judged. */
  score?: number;
  costUsd: number;
  iterations: number;
  recordedAt: number;
};

const daySeconds = 86_400;
const halfLifeDays = 30;

/** How much a record counts by its age: 1 now, half after {@link halfLifeDays}; one from the future counts as new. */
function ageWeight(recordedAt: number, now: number): number {
  return 0.5 ** (Math.max(0, now - recordedAt) / daySeconds / halfLifeDays);
}

/** Unix seconds before which nothing counts. */
function horizonStart(now: number): number {
  return now - 90 * daySeconds;
}

/**
 * The warm start by its definition on single records, with nothing summed up: what the sums are held
 * against.
 */
export function historyOfRecords({
  now,
  snapshots,
  liveEvents = [],
  scoreSlices = [],
  calls = [],
  outcomes = [],
}: {
  now: number;
  snapshots: Iterable<SnapshotRecord>;
  /** `isBilled`: what it cost is told by calls. */
  liveEvents?: Iterable<LiveEventRecord & { isBilled?: boolean }>;
  /** Authors' calls of the same runs. */
  calls?: Iterable<CallRecord>;
  /** What was found of tasks of runs with snapshots. */
  outcomes?: Iterable<OutcomeRecord>;
  /** Of all runs, with snapshots or without; they tell the variance of scores and when a cell changed. */
  scoreSlices?: Iterable<ScoreSliceRecord>;
}): CellHistory[] {
  const start = horizonStart(now);
  const cells = new Map<string, Map<TaskType, Cell>>();
  const cellOf = (model: string, taskType: TaskType): Cell => {
    let byType = cells.get(model);
    if (byType === undefined) cells.set(model, (byType = new Map()));
    let cell = byType.get(taskType);
    if (cell === undefined) byType.set(taskType, (cell = emptyCell(model, taskType)));
    return cell;
  };

  for (const slice of scoreSlices) {
    if (slice.from >= start - daySeconds) cellOf(slice.model, slice.taskType).slices.push(slice);
  }
  for (const byType of cells.values()) {
    for (const cell of byType.values()) {
      cell.slices.sort((a, b) => a.from - b.from);
      const restartedAt = establishedChange(cell.slices);
      if (restartedAt !== undefined) cell.restartedAt = restartedAt;
    }
  }
  const counts = (cell: Cell, recordedAt: number): boolean =>
    recordedAt >= start && recordedAt >= (cell.restartedAt ?? start);
  for (const snapshot of snapshots) {
    const { model, taskType, recordedAt } = snapshot;
    const cell = cellOf(model, taskType);
    if (counts(cell, recordedAt)) addSnapshot(cell, snapshot, ageWeight(recordedAt, now));
  }
  for (const event of liveEvents) {
    const cell = cellOf(event.model, event.taskType);
    if (counts(cell, event.recordedAt)) addEvent(cell, event, ageWeight(event.recordedAt, now));
  }
  for (const call of calls) {
    const cell = cellOf(call.model, call.taskType);
    if (!counts(cell, call.recordedAt)) continue;
    const age = ageWeight(call.recordedAt, now);
    cell.live += call.answered ? 1 : 0;
    cell.costWeight += call.answered ? age : 0;
    cell.cost += age * call.costUsd;
  }
  for (const outcome of outcomes) {
    const { model, taskType, value, judged, iterations, recordedAt } = outcome;
    const cell = cellOf(model, taskType);
    if (!counts(cell, recordedAt)) continue;
    const age = ageWeight(recordedAt, now);
    const weight = iterations * age;
    cell.quality += weight * (value - (judged ?? 0));
    if (judged !== null) continue;
    cell.attempts += weight;
    cell.squaredWeights += weight * age;
    cell.scored += weight;
    cell.qualityWeight += weight;
  }
  return [...cells.values()].flatMap((byType) =>
    [...byType.values()].filter((cell) => callsOf(cell) > 0).map(finished),
  );
}

type CallRecord = {
  model: string;
  taskType: TaskType;
  costUsd: number;
  answered: boolean;
  recordedAt: number;
};

type OutcomeRecord = {
  model: string;
  taskType: TaskType;
  value: number;
  /** What judges had given. */
  judged: number | null;
  iterations: number;
  recordedAt: number;
};

type Cell = {
  model: string;
  taskType: TaskType;
  slices: ScoreSliceRecord[];
  restartedAt?: number;
  calls: number;
  /** Answers of runs without snapshots, and scored attempts that their tasks tell of. */
  live: number;
  liveScored: number;
  failures: number;
  validatorFailures: number;
  /** Sums of weights and of weighted values. */
  attempts: number;
  squaredWeights: number;
  scored: number;
  qualityWeight: number;
  quality: number;
  costWeight: number;
  cost: number;
  measured: number;
  trust: number;
  latency: number;
  latencyP95: number;
  success: number;
};

function emptyCell(model: string, taskType: TaskType): Cell {
  return {
    model,
    taskType,
    slices: [],
    calls: 0,
    live: 0,
    liveScored: 0,
    failures: 0,
    validatorFailures: 0,
    attempts: 0,
    squaredWeights: 0,
    scored: 0,
    qualityWeight: 0,
    quality: 0,
    costWeight: 0,
    cost: 0,
    measured: 0,
    trust: 0,
    latency: 0,
    latencyP95: 0,
    success: 0,
  };
}

function addSnapshot(cell: Cell, { profile, unscored }: ProfileSnapshot, age: number): void {
  const weight = profile.callCount * age;
  const scored = isScored(profile, unscored);
  // Answers that nobody judged are no evidence, of failure neither.
  const evidence = unscored && !scored ? profile.failureCount * age : weight;
  cell.calls += profile.callCount;
  cell.failures += profile.failureCount;
  cell.validatorFailures += profile.validatorFailCount;
  cell.attempts += evidence;
  cell.squaredWeights += evidence * age;
  if (scored) {
    cell.scored += (profile.callCount - profile.failureCount) * age;
    cell.qualityWeight += weight;
    cell.quality += weight * profile.qualityScore;
  }
  if (Number.isFinite(profile.avgCostUsd)) {
    cell.costWeight += weight;
    cell.cost += weight * profile.avgCostUsd;
  }
  cell.measured += weight;
  cell.trust += weight * profile.trustFactor;
  cell.latency += weight * profile.avgLatencyMs;
  cell.latencyP95 += weight * profile.latencyP95Ms;
  cell.success += weight * profile.successRate;
}

/**
 * Whether a snapshot has a quality to average: not where every attempt failed, or none was judged. A
 * quality above 0 was scored, whatever a database of another writer counts as failures.
 */
function isScored(
  { qualityScore, failureCount, callCount }: ModelProfile,
  unscored = false,
): boolean {
  return qualityScore > 0 || (failureCount < callCount && !unscored);
}

function addEvent(
  cell: Cell,
  { score, costUsd, iterations, isBilled = false }: LiveEventRecord & { isBilled?: boolean },
  age: number,
): void {
  const weight = iterations * age;
  if (!isBilled) cell.live += iterations;
  if (score !== undefined) {
    cell.liveScored += iterations;
    cell.attempts += weight;
    cell.squaredWeights += weight * age;
    cell.scored += weight;
    cell.qualityWeight += weight;
    cell.quality += weight * score;
  }
  if (isBilled) return;
  cell.costWeight += weight;
  cell.cost += age * costUsd;
}

function callsOf({ calls, live, liveScored }: Cell): number {
  return calls + (live || liveScored);
}

function finished(cell: Cell): CellHistory {
  const { measured, attempts, scored, restartedAt } = cell;
  const scores = cell.slices
    .filter(({ from }) => restartedAt === undefined || from >= restartedAt)
    .reduce((all, slice) => mergedMoments(all, slice.scores), noScores);
  return {
    model: cell.model,
    taskType: cell.taskType,
    profile: {
      qualityScore: Math.min(1, Math.max(0, over(cell.quality, cell.qualityWeight, 0))),
      // Events know no trust and no latency: without any snapshot the defaults stand.
      trustFactor: over(cell.trust, measured, constantDefaults.trustFactor),
      avgLatencyMs: over(cell.latency, measured, constantDefaults.avgLatencyMs),
      latencyP95Ms: over(cell.latencyP95, measured, constantDefaults.latencyP95Ms),
      successRate: over(cell.success, measured, constantDefaults.successRate),
      avgCostUsd: over(cell.cost, cell.costWeight, Number.NaN),
      callCount: callsOf(cell),
      failureCount: cell.failures,
      validatorFailCount: cell.validatorFailures,
      confidence: confidenceOf(callsOf(cell)),
    },
    effectiveCalls: scored,
    effectiveAttempts: attempts,
    ...(attempts > 0 ? { sampleSize: attempts ** 2 / cell.squaredWeights } : {}),
    ...(scores.n > 1 ? { scoreVariance: sampleVariance(scores) } : {}),
    ...(restartedAt === undefined ? {} : { restartedAt }),
  };
}

function over(sum: number, weight: number, fallback: number): number {
  return weight > 0 ? sum / weight : fallback;
}
