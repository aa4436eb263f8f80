import { ownValue } from '../../../domain/own-value.ts';
import type { ImportedRecord } from '../../../telemetry/transfer/index.ts';
import {
  type Fields,
  fieldsIn,
  numberIn,
  objectIn,
  Rejection,
  shown,
  textIn,
} from '../rejection.ts';
import { secondsOf } from '../times.ts';
import { answerRecord, type FormatContext, type Tokens, tokensIn } from './answer.ts';

export const inspectPaths = { elements: ['$.samples.*'], headers: ['$.eval'] };

/** A sample of an inspect_ai log: what the model of the evaluation made of one item in one epoch. */
export function inspectRecords(
  value: unknown,
  context: FormatContext & { header: ReadonlyMap<string, unknown> },
): ImportedRecord[] {
  const sample = fieldsIn(value);
  const evaluation = objectIn({ eval: context.header.get('eval') }, 'eval');
  const asked = textIn(evaluation, 'model');
  if (asked === undefined) throw new Rejection('the log says no eval.model before its samples');
  const run = textIn(evaluation, 'run_id', 'eval_id', 'task_id');
  if (run === undefined) throw new Rejection('the log says no eval.run_id before its samples');
  const usages = objectIn(sample, 'model_usage');
  const usage = objectIn(usages, asked);
  const id = textIn(sample, 'id') ?? shown(sample['id']);
  const epoch = textIn(sample, 'epoch') ?? '1';
  const written = textIn(sample, 'completed_at', 'started_at') ?? textIn(evaluation, 'created');
  const seconds = numberIn(sample, 'working_time', 'total_time');
  const slash = asked.indexOf('/');
  const name = textIn(evaluation, 'task') ?? '';
  return [
    answerRecord(
      {
        id: textIn(sample, 'uuid') ?? `${run}/${id}/${epoch}`.slice(0, 1024),
        projectId: run,
        taskId: `${id}/${epoch}`.slice(0, 1024),
        taskType:
          textIn(objectIn(sample, 'metadata'), 'task_type', 'taskType') ??
          context.taskType ??
          name.slice(name.lastIndexOf('/') + 1),
        model: slash > 0 ? asked.slice(asked.lastIndexOf('/') + 1) : asked,
        provider: slash > 0 ? asked.slice(0, slash) : undefined,
        score: scoreOf(sample, context.score),
        failure: objectIn(sample, 'error')['message'] === undefined ? undefined : 'failed',
        costUsd: numberIn(usage, 'total_cost'),
        tokens: tokensOf(usage),
        latencyMs: seconds === undefined ? undefined : seconds * 1000,
        at: secondsOf(written, 'completed_at'),
      },
      context,
    ),
  ];
}

/** Its input tokens are the fresh ones alone. */
function tokensOf(usage: Fields): Tokens {
  const cached = tokensIn(usage, 'input_tokens_cache_read');
  const written = tokensIn(usage, 'input_tokens_cache_write');
  const fresh = tokensIn(usage, 'input_tokens');
  return {
    input: fresh === undefined ? undefined : fresh + (cached ?? 0) + (written ?? 0),
    cached,
    written,
    output: tokensIn(usage, 'output_tokens'),
    reasoning: tokensIn(usage, 'reasoning_tokens'),
  };
}

/** The words for correct, partly so, incorrect, and no answer. */
const grades: Partial<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 };

/** Of the first scorer, or the named one; absent of an unscored sample. */
function scoreOf(sample: Fields, name: string | undefined): number | undefined {
  const scores = objectIn(sample, 'scores');
  const first =
    name === undefined ? (Object.values(scores)[0] ?? sample['score']) : ownValue(scores, name);
  if (first === undefined || first === null) return undefined;
  const { value } = fieldsIn(first);
  const score =
    typeof value === 'boolean'
      ? Number(value)
      : typeof value === 'string'
        ? (ownValue(grades, value) ?? Number.NaN)
        : value;
  if (typeof score === 'number' && score >= 0 && score <= 1) return score;
  throw new Rejection(`score ${shown(value)} is neither C, P, I, N nor a number from 0 to 1`);
}
