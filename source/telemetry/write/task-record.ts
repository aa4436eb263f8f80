import { hash } from 'node:crypto';
import { defined } from '../../domain/defined.ts';
import type { ModelCall } from '../../domain/model-call.ts';
import type { TaskRecord, TaskResult } from '../../domain/task-result.ts';
import type { BatchName } from '../database/columns.ts';

/** Where a record does not say who offers a model. */
const unknownProvider = 'unknown';

/** The finished task of a record. */
export function resultOf(record: TaskRecord): TaskResult {
  const { iterations = 1, deterministicPassed = true } = record;
  return { ...record, iterations, deterministicPassed };
}

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
