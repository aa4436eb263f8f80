import { halfLifeDays } from '../history/index.ts';

export const daySeconds = 86_400;
export const hourSeconds = 3600;

export function dayOf(at: number): number {
  return Math.floor(at / daySeconds) * daySeconds;
}

export function hourOf(at: number): number {
  return Math.floor(at / hourSeconds) * hourSeconds;
}

/**
 * What is summed up per (model, task type): every number that a screen, a test or a warm start needs is
 * a quotient of these. `live…` is of events of runs without snapshots; `aged…` is weighted by
 * 2^((time − start of its UTC day) / half-life), so that any later age is one factor per day.
 */
export const fields = [
  'tasks',
  'score',
  'scoreSquared',
  'cost',
  'deterministicFailures',
  'liveCalls',
  'liveQuality',
  'liveCost',
  'calls',
  'failures',
  'validatorFailures',
  'scoredCalls',
  'quality',
  'callCost',
  'latency',
  'latencyP95',
  'success',
  // Usable answers that nobody judged: tasks, and attempts of events of runs without snapshots.
  'unscoredTasks',
  'liveUnscoredCalls',
  'agedLiveCalls',
  'agedLiveQuality',
  'agedLiveCost',
  'agedCalls',
  'agedAnswered',
  'agedScoredCalls',
  'agedQuality',
  'agedCost',
  'agedLatency',
  'agedLatencyP95',
  'agedSuccess',
  'agedTrust',
  // Answers that nobody judged: calls, but no evidence of quality.
  'agedUnscored',
  // The number of them, among the aged ones because only warm start asks for it.
  'unscoredCalls',
  'agedLiveUnscored',
] as const;

export type Field = (typeof fields)[number];

/** One number per field, in their order; see {@link valueOf}. */
export type Sums = number[];

export const width = fields.length;

/** The fields in two parts, for those who need no ages. */
export const plainFields = { first: 0, end: fields.indexOf('agedLiveCalls') };
export const agedFields = { first: plainFields.end, end: width };

const positions: Record<string, number> = Object.fromEntries(
  fields.map((field, index) => [field, index]),
);

/** The field of `sums` by its name. */
export function valueOf(sums: Sums, field: Field): number {
  return sums[positions[field] ?? 0] ?? 0;
}

/** Filled with a fraction first, so that the engine keeps doubles side by side; a copy is one move of memory. */
const zeros: Sums = Array.from({ length: width }, () => 0.5).fill(0);
const plainZeros: Sums = zeros.slice(0, plainFields.end);

/** Of all fields, or of the plain ones alone: then whatever is added leaves out the others. */
export function noSums(aged: boolean): Sums {
  return aged ? zeros.slice() : plainZeros.slice();
}

/** Adds the fields that both have. */
export function addSums(target: Sums, source: Sums, factor = 1): void {
  const end = Math.min(target.length, source.length);
  for (let index = 0; index < end; index += 1) {
    target[index] = (target[index] ?? 0) + factor * (source[index] ?? 0);
  }
}

function isAged(sums: Sums): boolean {
  return sums.length === width;
}

/** A row of routing_events, as far as sums need it. */
export type EventFact = {
  projectId: string;
  cell: number;
  /** Null: a usable answer that nobody judged. */
  score: number | null;
  costUsd: number;
  iterations: number;
  passed: boolean;
  at: number;
};

/** A row of model_snapshots. */
export type SnapshotFact = {
  projectId: string;
  cell: number;
  quality: number;
  trust: number;
  latencyMs: number;
  latencyP95Ms: number;
  success: number;
  costUsd: number;
  calls: number;
  failures: number;
  validatorFailures: number;
  /** Whether its attempts are noted as without any score. */
  unscored: boolean;
  at: number;
};

/** The factor of the `aged…` fields. */
export function ageFactor(at: number): number {
  return 2 ** ((at - dayOf(at)) / (halfLifeDays * daySeconds));
}

export function addEvent(sums: Sums, event: EventFact): void {
  const { score, costUsd } = event;
  sums[0] = (sums[0] ?? 0) + 1;
  if (score === null) sums[17] = (sums[17] ?? 0) + 1;
  else {
    sums[1] = (sums[1] ?? 0) + score;
    sums[2] = (sums[2] ?? 0) + score * score;
  }
  sums[3] = (sums[3] ?? 0) + costUsd;
  if (!event.passed) sums[4] = (sums[4] ?? 0) + 1;
}

/** Adds (sign 1) or takes back (sign −1) an event as calls of a run without snapshots. */
export function addLiveEvent(sums: Sums, event: EventFact, sign: 1 | -1): void {
  const { iterations, costUsd } = event;
  const score = event.score ?? 0;
  const unscored = event.score === null ? 1 : 0;
  if (iterations === 0) return;
  const calls = sign * iterations;
  const cost = sign * costUsd;
  sums[5] = (sums[5] ?? 0) + calls;
  sums[6] = (sums[6] ?? 0) + calls * score;
  sums[7] = (sums[7] ?? 0) + cost;
  sums[18] = (sums[18] ?? 0) + unscored * calls;
  if (!isAged(sums)) return;
  const aged = ageFactor(event.at);
  sums[19] = (sums[19] ?? 0) + calls * aged;
  sums[20] = (sums[20] ?? 0) + calls * aged * score;
  sums[21] = (sums[21] ?? 0) + cost * aged;
  sums[33] = (sums[33] ?? 0) + unscored * calls * aged;
}

export function addSnapshot(sums: Sums, snapshot: SnapshotFact): void {
  const { calls, failures, quality } = snapshot;
  // As `isScored` of a single snapshot has it.
  const scored = quality > 0 || (failures < calls && !snapshot.unscored) ? 1 : 0;
  sums[8] = (sums[8] ?? 0) + calls;
  sums[9] = (sums[9] ?? 0) + failures;
  sums[10] = (sums[10] ?? 0) + snapshot.validatorFailures;
  sums[11] = (sums[11] ?? 0) + scored * calls;
  sums[12] = (sums[12] ?? 0) + scored * calls * quality;
  sums[13] = (sums[13] ?? 0) + calls * snapshot.costUsd;
  sums[14] = (sums[14] ?? 0) + calls * snapshot.latencyMs;
  sums[15] = (sums[15] ?? 0) + calls * snapshot.latencyP95Ms;
  sums[16] = (sums[16] ?? 0) + calls * snapshot.success;
  if (!isAged(sums)) return;
  const aged = calls * ageFactor(snapshot.at);
  sums[22] = (sums[22] ?? 0) + aged;
  const answered = aged * ((calls - failures) / calls);
  sums[23] = (sums[23] ?? 0) + scored * answered;
  sums[24] = (sums[24] ?? 0) + scored * aged;
  sums[25] = (sums[25] ?? 0) + scored * aged * quality;
  sums[26] = (sums[26] ?? 0) + aged * snapshot.costUsd;
  sums[27] = (sums[27] ?? 0) + aged * snapshot.latencyMs;
  sums[28] = (sums[28] ?? 0) + aged * snapshot.latencyP95Ms;
  sums[29] = (sums[29] ?? 0) + aged * snapshot.success;
  sums[30] = (sums[30] ?? 0) + aged * snapshot.trust;
  sums[31] = (sums[31] ?? 0) + (1 - scored) * answered;
  sums[32] = (sums[32] ?? 0) + (1 - scored) * (calls - failures);
}
