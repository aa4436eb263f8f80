/** Columns of routing_events in their order, without the id. */
export type EventTuple = [
  projectId: string,
  taskId: string,
  taskType: string,
  model: string,
  reviewer: string | null,
  /** Null: a usable answer that nobody judged. */
  score: number | null,
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

/** Columns of model_calls in their order, without the id. */
export type CallTuple = [
  projectId: string,
  callId: string,
  taskId: string | null,
  taskType: string | null,
  attempt: number | null,
  role: string,
  provider: string,
  model: string,
  servedModel: string | null,
  responseId: string | null,
  subjectModel: string | null,
  score: number | null,
  inputTokens: number | null,
  cachedInputTokens: number | null,
  cacheWriteTokens: number | null,
  outputTokens: number | null,
  reasoningTokens: number | null,
  costUsd: number,
  costEstimated: 0 | 1,
  latencyMs: number,
  outcome: string,
  propensity: number | null,
  recordedAt: number,
];

/** Columns of outcomes in their order, without the id. */
export type OutcomeTuple = [
  projectId: string,
  taskId: string,
  source: string,
  value: number | null,
  sampled: number | null,
  note: string | null,
  recordedAt: number,
];

/** What can be recorded, by the table that it goes to. */
export type RowOf = {
  events: EventTuple;
  snapshots: SnapshotTuple;
  calls: CallTuple;
  outcomes: OutcomeTuple;
};

export type RowKind = keyof RowOf;
export type Rows = { [Kind in RowKind]: RowOf[Kind][] };

export const rowKinds = [
  'events',
  'snapshots',
  'calls',
  'outcomes',
] as const satisfies readonly RowKind[];

export const noRows = (): Rows => ({ events: [], snapshots: [], calls: [], outcomes: [] });

/**
 * Records that reach the database together or not at all, and once: `writer` and `number` name the
 * batch for good, so that it may be tried again after any failure.
 */
export type Batch = Rows & {
  /** A random 63-bit integer in decimal digits, one per opened store. */
  writer: string;
  number: number;
};

export function sizeOf({ events, snapshots, calls, outcomes }: Rows): number {
  return events.length + snapshots.length + calls.length + outcomes.length;
}
