import { limits } from '../../domain/limits.ts';
import { callRoles, type ModelCall, type ResultOutcome } from '../../domain/model-call.ts';
import type { ModelProfile } from '../../domain/profile.ts';
import { isTagName, isTagValue, type TagRow } from '../../domain/tags.ts';
import type { TaskResult } from '../../domain/task-result.ts';
import type { RowKind } from './rows.ts';

/** Longest name of a project, task, model or task type in UTF-16 units. */
export const longestName = limits.name;
/** Longest note beside an outcome, in UTF-16 units. */
export const longestNote = 10_000;
/** Longest name of who found an outcome, in UTF-16 units. */
const longestSource = 64;

export type Check = (value: unknown) => boolean;

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
    Number.isInteger(value) && isBetween(least, most)(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

export const isName = isText(longestName);
const isShare = isBetween(0, 1);
const isCost = isBetween(0, limits.costUsd);
const isLatency = isBetween(0, limits.latencyMs);
const isTokens = isCount(0, limits.tokens);
const isAttempts = isCount(0, limits.attempts);
const isTime = isBetween(0, limits.at);
const roles: ReadonlySet<unknown> = new Set(callRoles);
/** A boolean in a record, 0 or 1 in a row. */
export const isFlag: Check = (value) => value === 0 || value === 1;

type Table<Record> = {
  table: string;
  columns: readonly (readonly [
    column: string,
    field: Extract<keyof Record, string>,
    check: Check,
  ])[];
};
type Named = { projectId: string; recordedAt: number };

const tables = {
  events: {
    table: 'routing_events',
    columns: [
      ['project_id', 'projectId', isName],
      ['task_id', 'taskId', isName],
      ['task_type', 'taskType', isName],
      ['model_chosen', 'model', isName],
      ['reviewer', 'reviewer', orNull(isName)],
      // Null: a usable answer that nobody judged.
      ['score', 'score', orNull(isShare)],
      ['cost_usd', 'costUsd', isCost],
      ['iterations', 'iterations', isAttempts],
      ['det_passed', 'deterministicPassed', isFlag],
      ['recorded_at', 'recordedAt', isTime],
    ],
  } satisfies Table<Named & TaskResult & { taskId: string }>,
  snapshots: {
    table: 'model_snapshots',
    columns: [
      ['project_id', 'projectId', isName],
      ['model', 'model', isName],
      ['task_type', 'taskType', isName],
      // Null: none of the attempts has a score, though not all failed.
      ['quality_score', 'qualityScore', orNull(isShare)],
      ['trust_factor', 'trustFactor', isShare],
      ['avg_latency_ms', 'avgLatencyMs', isLatency],
      ['latency_p95_ms', 'latencyP95Ms', isLatency],
      ['success_rate', 'successRate', isShare],
      ['avg_cost_usd', 'avgCostUsd', isCost],
      ['call_count', 'callCount', isCount(1, limits.attempts)],
      ['failure_count', 'failureCount', isAttempts],
      ['validator_fail_count', 'validatorFailCount', isAttempts],
      ['recorded_at', 'recordedAt', isTime],
    ],
  } satisfies Table<Named & ModelProfile & { model: string; taskType: string }>,
  calls: {
    table: 'model_calls',
    columns: [
      ['project_id', 'projectId', isName],
      ['call_id', 'callId', isName],
      ['task_id', 'taskId', orNull(isName)],
      ['task_type', 'taskType', orNull(isName)],
      ['attempt', 'attempt', orNull(isAttempts)],
      ['role', 'role', (value) => roles.has(value)],
      ['provider', 'provider', isName],
      ['model', 'model', isName],
      ['served_model', 'servedModel', orNull(isName)],
      ['response_id', 'responseId', orNull(isName)],
      ['subject_model', 'subjectModel', orNull(isName)],
      ['score', 'score', orNull(isShare)],
      ['input_tokens', 'inputTokens', orNull(isTokens)],
      ['cached_input_tokens', 'cachedInputTokens', orNull(isTokens)],
      ['cache_write_tokens', 'cacheWriteTokens', orNull(isTokens)],
      ['output_tokens', 'outputTokens', orNull(isTokens)],
      ['reasoning_tokens', 'reasoningTokens', orNull(isTokens)],
      ['cost_usd', 'costUsd', isCost],
      ['cost_estimated', 'costEstimated', isFlag],
      ['latency_ms', 'latencyMs', isLatency],
      ['outcome', 'outcome', isName],
      ['propensity', 'propensity', orNull(isShare)],
      ['recorded_at', 'recordedAt', isTime],
    ],
  } satisfies Table<Named & ModelCall>,
  outcomes: {
    table: 'outcomes',
    columns: [
      ['project_id', 'projectId', isName],
      ['task_id', 'taskId', isName],
      ['source', 'source', isText(longestSource)],
      ['value', 'value', orNull(isShare)],
      ['sampled', 'sampled', orNull(isShare)],
      ['note', 'note', orNull(isText(longestNote))],
      ['recorded_at', 'recordedAt', isTime],
    ],
  } satisfies Table<Named & ResultOutcome & { taskId: string }>,
  tags: {
    table: 'task_tags',
    columns: [
      ['project_id', 'projectId', isName],
      // Null: of every task of the project.
      ['task_id', 'taskId', orNull(isName)],
      ['tag_name', 'tagName', isTagName],
      ['tag_value', 'tagValue', isTagValue],
      ['recorded_at', 'recordedAt', isTime],
    ],
  } satisfies Table<Named & TagRow>,
};

/**
 * The one list of what is written: each column with the field of a record that it is made of, and what it
 * must be. Rows, validation and inserts follow from it.
 */
export const recorded: Record<RowKind, Table<Record<string, unknown>>> = tables;
