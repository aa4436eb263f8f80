import type { ModelProfile } from '../../domain/profile.ts';
import type { TaskResult } from '../../domain/task-result.ts';
import type { EventTuple, SnapshotTuple } from './rows.ts';

/** Longest name of a project, task, model or task type in UTF-16 units. */
export const longestName = 1024;

const isName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= longestName &&
  value.isWellFormed() &&
  // SQLite's own tools end a text at NUL.
  !value.includes('\0');

const isShare = (value: number): boolean => value >= 0 && value <= 1;
const isAmount = (value: number): boolean =>
  typeof value === 'number' && value >= 0 && value < Infinity;
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The row for a finished task, or the name of the first field that cannot be true. */
export function admitEvent(
  projectId: string,
  taskId: string,
  result: TaskResult,
  recordedAt: number,
): EventTuple | string {
  const { taskType, model, reviewer, score, costUsd, iterations, deterministicPassed } = result;
  if (!isName(projectId)) return 'projectId';
  if (!isName(taskId)) return 'taskId';
  if (!isName(taskType)) return 'taskType';
  if (!isName(model)) return 'model';
  if (reviewer !== undefined && reviewer !== null && !isName(reviewer)) return 'reviewer';
  if (typeof score !== 'number' || !isShare(score)) return 'score';
  if (!isAmount(costUsd)) return 'costUsd';
  if (!isCount(iterations)) return 'iterations';
  if (typeof deterministicPassed !== 'boolean') return 'deterministicPassed';
  if (!isAmount(recordedAt)) return 'recordedAt';
  return [
    projectId,
    taskId,
    taskType,
    model,
    reviewer ?? null,
    score,
    costUsd,
    iterations,
    deterministicPassed ? 1 : 0,
    recordedAt,
  ];
}

/** The row for what one run observed, or the name of the first field that cannot be true. */
export function admitSnapshot(
  projectId: string,
  model: string,
  taskType: string,
  profile: ModelProfile,
  recordedAt: number,
  unscored = false,
): SnapshotTuple | string {
  if (!isName(projectId)) return 'projectId';
  if (!isName(model)) return 'model';
  if (!isName(taskType)) return 'taskType';
  for (const field of ['qualityScore', 'trustFactor', 'successRate'] as const) {
    if (typeof profile[field] !== 'number' || !isShare(profile[field])) return field;
  }
  for (const field of ['avgLatencyMs', 'latencyP95Ms', 'avgCostUsd'] as const) {
    if (!isAmount(profile[field])) return field;
  }
  const { callCount, failureCount, validatorFailCount } = profile;
  if (!isCount(callCount) || callCount === 0) return 'callCount';
  if (!isCount(failureCount) || failureCount > callCount) return 'failureCount';
  if (!isCount(validatorFailCount) || validatorFailCount > callCount) return 'validatorFailCount';
  if (!isAmount(recordedAt)) return 'recordedAt';
  return [
    projectId,
    model,
    taskType,
    unscored && profile.qualityScore === 0 ? null : profile.qualityScore,
    profile.trustFactor,
    profile.avgLatencyMs,
    profile.latencyP95Ms,
    profile.successRate,
    profile.avgCostUsd,
    callCount,
    failureCount,
    validatorFailCount,
    recordedAt,
  ];
}
