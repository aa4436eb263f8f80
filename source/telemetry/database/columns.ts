import { limits } from '../../domain/limits.ts';
import { callRoles, type ModelCall, type ResultOutcome } from '../../domain/model-call.ts';
import type { ModelProfile } from '../../domain/profile.ts';
import { isTagName, isTagValue, type TagRow } from '../../domain/tags.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';

/** What can be recorded: each kind goes to a table of its own. */
export const rowKinds = ['events', 'snapshots', 'calls', 'outcomes', 'tags'] as const;
export type RowKind = (typeof rowKinds)[number];

/** Values that were validated, in the order of the columns of their table, without the id. */
export type Row = readonly unknown[];

/** Longest name of a project, task, model or task type in UTF-16 units. */
export const longestName = limits.name;
/** Longest note beside an outcome, in UTF-16 units. */
export const longestNote = 10_000;
/** Longest name of who found an outcome, in UTF-16 units. */
const longestSource = 64;

/** What a column holds: its type, a `flag` being a boolean in records and 0 or 1 in rows; and what can be true of it. */
export type ColumnKind = {
  type: 'text' | 'integer' | 'number' | 'flag';
  check: (value: unknown) => boolean;
};

const text = (longest: number): ColumnKind => ({
  type: 'text',
  check: (value) =>
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= longest &&
    value.isWellFormed() &&
    // SQLite's own tools end a text at NUL.
    !value.includes('\0'),
});
const number = (most: number): ColumnKind => ({
  type: 'number',
  check: (value) => typeof value === 'number' && value >= 0 && value <= most,
});
const integer = (least: number, most: number): ColumnKind => ({
  type: 'integer',
  check: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
});
const orNull = ({ type, check }: ColumnKind): ColumnKind => ({
  type,
  check: (value) => value === null || check(value),
});

const name = text(longestName);
export const isName = name.check;
const share = number(1);
const cost = number(limits.costUsd);
const latency = number(limits.latencyMs);
const time = number(limits.at);
const tokens = orNull(integer(0, limits.tokens));
const attempts = integer(0, limits.attempts);
const roles: ReadonlySet<unknown> = new Set(callRoles);
const flag: ColumnKind = { type: 'flag', check: (value) => value === 0 || value === 1 };

type Table<Record> = {
  table: string;
  columns: readonly (readonly [
    column: string,
    field: Extract<keyof Record, string>,
    kind: ColumnKind,
  ])[];
  /** A column of which null means that nobody judged: 0 in the table, as in the original, and noted beside it. */
  score?: string;
};
type Named = { projectId: string; recordedAt: number };

/** What a row of each kind tells. */
export type RecordOf = {
  events: Named & NamedTaskResult;
  snapshots: Named & ModelProfile & { model: string; taskType: string };
  calls: Named & ModelCall;
  outcomes: Named & ResultOutcome & { taskId: string };
  tags: Named & TagRow;
};

const tables = {
  events: {
    table: 'routing_events',
    score: 'score',
    columns: [
      ['project_id', 'projectId', name],
      ['task_id', 'taskId', name],
      ['task_type', 'taskType', name],
      ['model_chosen', 'model', name],
      ['reviewer', 'reviewer', orNull(name)],
      // Null: a usable answer that nobody judged.
      ['score', 'score', orNull(share)],
      ['cost_usd', 'costUsd', cost],
      ['iterations', 'iterations', attempts],
      ['det_passed', 'deterministicPassed', flag],
      ['recorded_at', 'recordedAt', time],
    ],
  },
  snapshots: {
    table: 'model_snapshots',
    score: 'quality_score',
    columns: [
      ['project_id', 'projectId', name],
      ['model', 'model', name],
      ['task_type', 'taskType', name],
      // Null: none of the attempts has a score, though not all failed.
      ['quality_score', 'qualityScore', orNull(share)],
      ['trust_factor', 'trustFactor', share],
      ['avg_latency_ms', 'avgLatencyMs', latency],
      ['latency_p95_ms', 'latencyP95Ms', latency],
      ['success_rate', 'successRate', share],
      ['avg_cost_usd', 'avgCostUsd', cost],
      ['call_count', 'callCount', integer(1, limits.attempts)],
      ['failure_count', 'failureCount', attempts],
      ['validator_fail_count', 'validatorFailCount', attempts],
      ['recorded_at', 'recordedAt', time],
    ],
  },
  calls: {
    table: 'model_calls',
    columns: [
      ['project_id', 'projectId', name],
      ['call_id', 'callId', name],
      ['task_id', 'taskId', orNull(name)],
      ['task_type', 'taskType', orNull(name)],
      ['attempt', 'attempt', orNull(attempts)],
      ['role', 'role', { type: 'text', check: (value) => roles.has(value) }],
      ['provider', 'provider', name],
      ['model', 'model', name],
      ['served_model', 'servedModel', orNull(name)],
      ['response_id', 'responseId', orNull(name)],
      ['subject_model', 'subjectModel', orNull(name)],
      ['score', 'score', orNull(share)],
      ['input_tokens', 'inputTokens', tokens],
      ['cached_input_tokens', 'cachedInputTokens', tokens],
      ['cache_write_tokens', 'cacheWriteTokens', tokens],
      ['output_tokens', 'outputTokens', tokens],
      ['reasoning_tokens', 'reasoningTokens', tokens],
      ['cost_usd', 'costUsd', cost],
      ['cost_estimated', 'costEstimated', flag],
      ['latency_ms', 'latencyMs', latency],
      ['outcome', 'outcome', name],
      ['propensity', 'propensity', orNull(share)],
      ['recorded_at', 'recordedAt', time],
    ],
  },
  outcomes: {
    table: 'outcomes',
    columns: [
      ['project_id', 'projectId', name],
      ['task_id', 'taskId', name],
      ['source', 'source', text(longestSource)],
      ['value', 'value', orNull(share)],
      ['sampled', 'sampled', orNull(share)],
      ['note', 'note', orNull(text(longestNote))],
      ['recorded_at', 'recordedAt', time],
    ],
  },
  tags: {
    table: 'task_tags',
    columns: [
      ['project_id', 'projectId', name],
      // Null: of every task of the project.
      ['task_id', 'taskId', orNull(name)],
      ['tag_name', 'tagName', { type: 'text', check: isTagName }],
      ['tag_value', 'tagValue', { type: 'text', check: isTagValue }],
      ['recorded_at', 'recordedAt', time],
    ],
  },
} satisfies { [Kind in RowKind]: Table<RecordOf[Kind]> };

/**
 * The one list of what is written: each column with the field of a record that it is made of, and what it
 * must be. The tables of either engine, rows, validation, inserts, import and export follow from it.
 */
export const recorded: Record<RowKind, Table<Record<string, unknown>>> = tables;

export type Rows = Record<RowKind, Row[]>;

export const noRows = (): Rows => ({
  events: [],
  snapshots: [],
  calls: [],
  outcomes: [],
  tags: [],
});

/** What makes a batch that comes twice count once. */
export type BatchName = {
  /** A random 63-bit integer in decimal digits, one per opened store. */
  writer: string;
  number: number;
};

/**
 * Records that reach the database together or not at all, and once: `writer` and `number` name the
 * batch for good, so that it may be tried again after any failure.
 */
export type Batch = Rows &
  BatchName & {
    /** The name of what is in it, which several writers may bring: then it is this that counts once. */
    once?: BatchName;
  };

/** A batch under the name by which it is looked up among those that are written. */
export function underItsName({ once, ...batch }: Batch): Batch {
  return { ...batch, ...once };
}

export function sizeOf({ events, snapshots, calls, outcomes, tags }: Rows): number {
  return events.length + snapshots.length + calls.length + outcomes.length + tags.length;
}

/** The names of the columns of a kind, in their order. */
export const columnNames = (kind: RowKind): string[] =>
  recorded[kind].columns.map(([column]) => column);

/** Some fields of a kind. */
type Selection<Record> = {
  /** What to select; `isUnscored`: the expression that tells whether nobody judged it. */
  columns: (isUnscored?: string) => string;
  /** What a row tells: what is null in it is absent. */
  recordOf: (row: readonly unknown[]) => Record;
};

/** The fields of a kind, or some of them, in the order of their columns. */
export function selection<
  Kind extends RowKind,
  Field extends keyof RecordOf[Kind] = keyof RecordOf[Kind],
>(kind: Kind, fields?: readonly Field[]): Selection<Pick<RecordOf[Kind], Field>>;
export function selection(kind: RowKind, fields?: readonly string[]): Selection<unknown> {
  const { columns, score } = recorded[kind];
  const selected = columns.filter(([, field]) => fields?.includes(field) ?? true);
  return {
    columns: (isUnscored = 'false') =>
      selected
        .map(([column]) =>
          column === score ? `CASE WHEN ${isUnscored} THEN NULL ELSE ${column} END` : column,
        )
        .join(', '),
    recordOf(row) {
      const record: Partial<Record<string, unknown>> = {};
      for (const [index, [, field, { type }]] of selected.entries()) {
        const value = row[index] ?? undefined;
        if (value !== undefined) record[field] = type === 'flag' ? value !== 0 : value;
      }
      return record;
    },
  };
}
