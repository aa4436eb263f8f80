/** Columns of routing_events in their order, without the id. */
export type EventTuple = [
  projectId: string,
  taskId: string,
  taskType: string,
  model: string,
  reviewer: string | null,
  score: number,
  costUsd: number,
  iterations: number,
  deterministicPassed: 0 | 1,
  recordedAt: number,
];

/** Columns of model_snapshots in their order, without the id. */
export type SnapshotTuple = [
  projectId: string,
  model: string,
  taskType: string,
  /** Null: none of the attempts has a score, though not all failed. */
  qualityScore: number | null,
  trustFactor: number,
  avgLatencyMs: number,
  latencyP95Ms: number,
  successRate: number,
  avgCostUsd: number,
  callCount: number,
  failureCount: number,
  validatorFailCount: number,
  recordedAt: number,
];

/**
 * Records that reach the database together or not at all, and once: `writer` and `number` name the
 * batch for good, so that it may be tried again after any failure.
 */
export type Batch = {
  /** A random 63-bit integer in decimal digits, one per opened store. */
  writer: string;
  number: number;
  events: EventTuple[];
  snapshots: SnapshotTuple[];
};

export function sizeOf(batch: Batch): number {
  return batch.events.length + batch.snapshots.length;
}
