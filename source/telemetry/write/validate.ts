import { limits } from '../../domain/limits.ts';
import { callRoles, type ModelCall, type ResultOutcome } from '../../domain/model-call.ts';
import type { ProfileSnapshot } from '../../domain/profile.ts';
import type { TaskResult } from '../../domain/task-result.ts';
import type { CallTuple, EventTuple, OutcomeTuple, RowKind, SnapshotTuple } from './rows.ts';

/** Longest name of a project, task, model or task type in UTF-16 units. */
export const longestName = limits.name;
/** Longest note beside an outcome, in UTF-16 units. */
export const longestNote = 10_000;
/** Longest name of who found an outcome, in UTF-16 units. */
const longestSource = 64;

type Check = (value: unknown) => boolean;

const isText =
  (longest: number): Check =>
  (value) =>
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= longest &&
    value.isWellFormed() &&
    // SQLite's own tools end a text at NUL.
    !value.includes('\0');
const isBetween =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
const isCount =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const isName = isText(longestName);
const isShare = isBetween(0, 1);
const isCost = isBetween(0, limits.costUsd);
const isLatency = isBetween(0, limits.latencyMs);
const isTokens = isCount(0, limits.tokens);
const isFlag: Check = (value) => value === 0 || value === 1;
const isTime = isBetween(0, limits.at);
const roles: ReadonlySet<unknown> = new Set(callRoles);

/** What each column must be, in the order of the rows. */
const columns: Record<RowKind, readonly (readonly [field: string, check: Check])[]> = {
  events: [
    ['projectId', isName],
    ['taskId', isName],
    ['taskType', isName],
    ['model', isName],
    ['reviewer', orNull(isName)],
    ['score', orNull(isShare)],
    ['costUsd', isCost],
    ['iterations', isCount(0, limits.attempts)],
    ['deterministicPassed', isFlag],
    ['recordedAt', isTime],
  ],
  snapshots: [
    ['projectId', isName],
    ['model', isName],
    ['taskType', isName],
    ['qualityScore', orNull(isShare)],
    ['trustFactor', isShare],
    ['avgLatencyMs', isLatency],
    ['latencyP95Ms', isLatency],
    ['successRate', isShare],
    ['avgCostUsd', isCost],
    ['callCount', isCount(1, limits.attempts)],
    ['failureCount', isCount(0, limits.attempts)],
    ['validatorFailCount', isCount(0, limits.attempts)],
    ['recordedAt', isTime],
  ],
  calls: [
    ['projectId', isName],
    ['callId', isName],
    ['taskId', orNull(isName)],
    ['taskType', orNull(isName)],
    ['attempt', orNull(isCount(0, limits.attempts))],
    ['role', (value) => roles.has(value)],
    ['provider', isName],
    ['model', isName],
    ['servedModel', orNull(isName)],
    ['responseId', orNull(isName)],
    ['subjectModel', orNull(isName)],
    ['score', orNull(isShare)],
    ['inputTokens', orNull(isTokens)],
    ['cachedInputTokens', orNull(isTokens)],
    ['cacheWriteTokens', orNull(isTokens)],
    ['outputTokens', orNull(isTokens)],
    ['reasoningTokens', orNull(isTokens)],
    ['costUsd', isCost],
    ['costEstimated', isFlag],
    ['latencyMs', isLatency],
    ['outcome', isName],
    ['propensity', orNull(isShare)],
    ['recordedAt', isTime],
  ],
  outcomes: [
    ['projectId', isName],
    ['taskId', isName],
    ['source', isText(longestSource)],
    ['value', orNull(isShare)],
    ['sampled', orNull(isShare)],
    ['note', orNull(isText(longestNote))],
    ['recordedAt', isTime],
  ],
};

/**
 * The name of the first field of a row that cannot be true; undefined of a row that may be written. The
 * same for what is recorded and for what is read back from a spool, which may come from anybody.
 */
export function invalidField(kind: RowKind, row: readonly unknown[]): string | undefined {
  const expected = columns[kind];
  if (row.length !== expected.length) return 'shape';
  // By index: this runs for every record that is made.
  for (let index = 0; index < row.length; index += 1) {
    const column = expected[index];
    if (column?.[1](row[index]) !== true) return column?.[0] ?? 'shape';
  }
  return kind === 'snapshots' ? excessiveCount(row) : undefined;
}

/** No more attempts can have failed than were made. */
function excessiveCount(row: readonly unknown[]): string | undefined {
  const [calls, failures, validatorFailures] = row.slice(9, 12).map(Number);
  if (calls === undefined || (failures ?? 0) > calls) return 'failureCount';
  return (validatorFailures ?? 0) > calls ? 'validatorFailCount' : undefined;
}

/** The row for a finished task, or the name of the first field that cannot be true. */
export function validateEvent(
  projectId: string,
  taskId: string,
  result: TaskResult,
  recordedAt: number,
): EventTuple | string {
  const { taskType, model, reviewer, score, costUsd, iterations, deterministicPassed } = result;
  if (typeof deterministicPassed !== 'boolean') return 'deterministicPassed';
  const row: EventTuple = [
    projectId,
    taskId,
    taskType,
    model,
    reviewer ?? null,
    score ?? null,
    costUsd,
    iterations,
    deterministicPassed ? 1 : 0,
    recordedAt,
  ];
  return invalidField('events', row) ?? row;
}

/** The row for what one run observed, or the name of the first field that cannot be true. */
export function validateSnapshot(
  projectId: string,
  { model, taskType, profile, unscored = false }: ProfileSnapshot,
  recordedAt: number,
): SnapshotTuple | string {
  if (typeof profile.qualityScore !== 'number') return 'qualityScore';
  const row: SnapshotTuple = [
    projectId,
    model,
    taskType,
    unscored && profile.qualityScore === 0 ? null : profile.qualityScore,
    profile.trustFactor,
    profile.avgLatencyMs,
    profile.latencyP95Ms,
    profile.successRate,
    profile.avgCostUsd,
    profile.callCount,
    profile.failureCount,
    profile.validatorFailCount,
    recordedAt,
  ];
  return invalidField('snapshots', row) ?? row;
}

/** The row for a call that is over, or the name of the first field that cannot be true. */
export function validateCall(projectId: string, call: ModelCall, now: number): CallTuple | string {
  if (typeof call.costEstimated !== 'boolean') return 'costEstimated';
  const row: CallTuple = [
    projectId,
    call.callId,
    call.taskId ?? null,
    call.taskType ?? null,
    call.attempt ?? null,
    call.role,
    call.provider,
    call.model,
    nameOrNull(call.servedModel),
    nameOrNull(call.responseId),
    call.subjectModel ?? null,
    call.score ?? null,
    call.inputTokens ?? null,
    call.cachedInputTokens ?? null,
    call.cacheWriteTokens ?? null,
    call.outputTokens ?? null,
    call.reasoningTokens ?? null,
    call.costUsd,
    call.costEstimated ? 1 : 0,
    call.latencyMs,
    call.outcome,
    call.propensity ?? null,
    call.at ?? now,
  ];
  return invalidField('calls', row) ?? row;
}

/** What a server says of itself is left out where it is no name: its nonsense must not hide what it cost. */
function nameOrNull(value: string | undefined): string | null {
  return value !== undefined && isName(value) ? value : null;
}

/** The row for what was found of a result, or the name of the first field that cannot be true. */
export function validateOutcome(
  projectId: string,
  taskId: string,
  { source, value, sampled, note }: ResultOutcome,
  recordedAt: number,
): OutcomeTuple | string {
  const row: OutcomeTuple = [
    projectId,
    taskId,
    source,
    value,
    sampled ?? null,
    note ?? null,
    recordedAt,
  ];
  return invalidField('outcomes', row) ?? row;
}
