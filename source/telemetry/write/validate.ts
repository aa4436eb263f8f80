import { hasHiddenCharacters } from '../../domain/hidden-characters.ts';
import type { ModelCall, ResultOutcome } from '../../domain/model-call.ts';
import type { ProfileSnapshot } from '../../domain/profile.ts';
import { readTags } from '../../domain/tags.ts';
import type { TaskRecord } from '../../domain/task-result.ts';
import { isName, recorded, type Row, type RowKind, type BatchName } from '../database/columns.ts';
import { hash } from 'node:crypto';
import { defined } from '../../domain/defined.ts';

/** Where a record does not say who offers a model. */
const unknownProvider = 'unknown';

/** The calls that a record tells of: the answer's where its tokens are known, the judge's where one is named. */
export function callsOf(taskId: string, record: TaskRecord, now: number): ModelCall[] {
  const { id, at = now, taskType, model, provider, judge, score, tokens, latencyMs } = record;
  const isAnswer = tokens !== undefined || latencyMs !== undefined;
  const isJudged = judge !== undefined && typeof score === 'number';
  // Most tell of none: a digest would be most of what recording costs its caller.
  if (!isAnswer && !isJudged) return [];
  const name = digestOf(id ?? `${taskId}\0${at}`).toString('hex', 0, 12);
  const common = { taskId, taskType, attempt: 1, at, outcome: 'ok' };
  const calls: ModelCall[] = [];
  if (isAnswer) {
    const { input, cachedInput, output, reasoning } = tokens ?? {};
    calls.push({
      ...common,
      callId: `${name}-generator`,
      role: 'generator',
      provider: provider ?? unknownProvider,
      model,
      costUsd: record.costUsd,
      costEstimated: false,
      latencyMs: latencyMs ?? 0,
      ...defined({
        inputTokens: input,
        cachedInputTokens: cachedInput,
        outputTokens: output,
        reasoningTokens: reasoning,
      }),
    });
  }
  if (isJudged) {
    // What it cost is in the cost of the task.
    const price = { costUsd: 0, costEstimated: true, latencyMs: 0 };
    const judged = { role: 'judge', provider: unknownProvider, subjectModel: model } as const;
    calls.push({ ...common, ...price, ...judged, callId: `${name}-judge`, model: judge, score });
  }
  return calls;
}

/** The name of what happened, the same from every writer: 63 and 31 bits of what the id comes to. */
export function onceOf(projectId: string, id: string): BatchName {
  const digest = digestOf(`${projectId}\0${id}`);
  return {
    writer: (digest.readBigUInt64BE(0) >> 1n).toString(),
    number: digest.readUInt32BE(8) >>> 1,
  };
}

const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * The name of the first field of a row that cannot be true; undefined of a row that may be written. The
 * same for what is recorded and for what is read back from a spool, which may come from anybody.
 */
export function invalidField(kind: RowKind, row: readonly unknown[]): string | undefined {
  const { columns } = recorded[kind];
  if (row.length !== columns.length) return 'shape';
  // By index: this runs for every record that is made.
  for (let index = 0; index < row.length; index += 1) {
    const column = columns[index];
    if (column?.[2].check(row[index]) !== true) return column?.[1] ?? 'shape';
  }
  return excessiveCount(kind, row);
}

/** No more attempts can have failed than were made. */
function excessiveCount(kind: RowKind, row: readonly unknown[]): string | undefined {
  if (kind !== 'snapshots') return undefined;
  const [calls, failures, validatorFailures] = row.slice(9, 12).map(Number);
  if (calls === undefined || (failures ?? 0) > calls) return 'failureCount';
  return (validatorFailures ?? 0) > calls ? 'validatorFailCount' : undefined;
}

/** The row of a record, in whose place `given` has some of the fields; or the first field that cannot be true. */
export function rowOf(
  kind: RowKind,
  record: Readonly<Partial<Record<string, unknown>>>,
  given: Readonly<Partial<Record<string, unknown>>> = {},
): Row | string {
  const row: unknown[] = [];
  for (const [, field, { type, check }] of recorded[kind].columns) {
    let value = field in given ? given[field] : record[field];
    if (type === 'flag' && typeof value === 'boolean') value = value ? 1 : 0;
    else if (type === 'flag') return field;
    else if (value === undefined && check(null)) value = null;
    if (!check(value)) return field;
    row.push(value);
  }
  return excessiveCount(kind, row) ?? row;
}

/** The row for a finished task, or the name of the first field that cannot be true. */
export function validateEvent(
  projectId: string,
  taskId: string,
  record: TaskRecord,
  recordedAt: number,
): Row | string {
  const { iterations = 1, deterministicPassed = true } = record;
  const given = { projectId, taskId, iterations, deterministicPassed, recordedAt };
  return rowOf('events', record, given);
}

/** The row for what one run observed, or the name of the first field that cannot be true. */
export function validateSnapshot(
  projectId: string,
  { model, taskType, profile, unscored = false }: ProfileSnapshot,
  recordedAt: number,
): Row | string {
  if (typeof profile.qualityScore !== 'number') return 'qualityScore';
  const qualityScore = unscored && profile.qualityScore === 0 ? null : profile.qualityScore;
  return rowOf('snapshots', profile, { projectId, model, taskType, qualityScore, recordedAt });
}

/** The row for a call that is over, or the name of the first field that cannot be true. */
export function validateCall(projectId: string, call: ModelCall, now: number): Row | string {
  return rowOf('calls', call, {
    projectId,
    servedModel: nameOrNull(call.servedModel),
    responseId: nameOrNull(call.responseId),
    recordedAt: call.at ?? now,
  });
}

/** What a server says of itself is left out where it is no name: its nonsense must not hide what it cost. */
function nameOrNull(value: string | undefined): string | null {
  return value !== undefined && isName(value) && !hasHiddenCharacters(value) ? value : null;
}

/** The rows for the tags of a task, or of all of a project where `taskId` is null; or the name of what is no tag. */
export function validateTags(
  projectId: string,
  taskId: string | null,
  tags: unknown,
  recordedAt: number,
): Row[] | string {
  const read = readTags(tags);
  if (read === undefined) return 'tags';
  const rows: Row[] = [];
  for (const [tagName, tagValue] of read) {
    const row = rowOf('tags', { projectId, taskId, tagName, tagValue, recordedAt });
    if (typeof row === 'string') return row;
    rows.push(row);
  }
  return rows;
}

/** The row for what was found of a result, or the name of the first field that cannot be true. */
export function validateOutcome(
  projectId: string,
  taskId: string,
  outcome: ResultOutcome,
  recordedAt: number,
): Row | string {
  // Null is said to withdraw another; nothing is a mistake.
  if (outcome.value === undefined) return 'value';
  return rowOf('outcomes', outcome, { projectId, taskId, recordedAt });
}
