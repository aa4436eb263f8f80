import { daySeconds } from '../../../domain/durations.ts';
import type { ImportedRecord } from '../../../telemetry/transfer/index.ts';
import { contentId } from '../own-record.ts';
import { fieldsIn, listIn, numberIn, objectIn, Rejection, textIn } from '../rejection.ts';
import { secondsOf } from '../times.ts';
import { answerRecord, type FormatContext, tokensIn } from './answer.ts';

/** Calls of which no text came back are no answers: embeddings, pictures, speech, moderation, rerankings. */
const otherCalls =
  /embedding|image|speech|transcription|moderation|rerank|video|ocr|search|file|batch/i;

/** A row of LiteLLM's spend logs: one request. */
export function litellmRecords(
  value: unknown,
  content: string,
  context: FormatContext,
): ImportedRecord[] {
  const fields = fieldsIn(value);
  const type = textIn(fields, 'call_type');
  if (type !== undefined && otherCalls.test(type)) return [];
  const metadata = objectIn(fields, 'metadata');
  const usage = objectIn(metadata, 'usage_object');
  const details = objectIn(usage, 'prompt_tokens_details', 'input_tokens_details');
  const answered = objectIn(usage, 'completion_tokens_details', 'output_tokens_details');
  const end = fields['endTime'] ?? fields['end_time'];
  const start = fields['startTime'] ?? fields['start_time'];
  if (end === undefined && start === undefined) throw new Rejection('there is no endTime');
  const at = secondsOf(end ?? start, 'endTime');
  const from = start === undefined ? undefined : secondsOf(start, 'startTime');
  const id = textIn(fields, 'request_id', 'id') ?? contentId(content);
  const served = textIn(fields, 'model');
  const status = textIn(fields, 'status') ?? textIn(metadata, 'status');
  const error = objectIn(metadata, 'error_information');
  const session = textIn(fields, 'session_id');
  const isFailure = status !== undefined && /fail|error/i.test(status);
  return [
    answerRecord(
      {
        id,
        projectId: session ?? `litellm-${dayOf(at)}`,
        taskId: id,
        taskType:
          textIn(metadata, 'task_type', 'taskType') ??
          textIn(objectIn(metadata, 'requester_metadata'), 'task_type', 'taskType') ??
          taggedType(listIn(fields, 'request_tags')),
        model: textIn(fields, 'model_group') ?? served,
        provider: textIn(fields, 'custom_llm_provider'),
        servedModel: served,
        failure: isFailure ? (textIn(error, 'error_code', 'error_class') ?? 'failed') : undefined,
        score: numberIn(metadata, 'score'),
        costUsd: numberIn(fields, 'spend'),
        tokens: {
          input: tokensIn(fields, 'prompt_tokens'),
          cached: tokensIn(usage, 'cache_read_input_tokens') ?? tokensIn(details, 'cached_tokens'),
          written: tokensIn(usage, 'cache_creation_input_tokens'),
          output: tokensIn(fields, 'completion_tokens'),
          reasoning: tokensIn(answered, 'reasoning_tokens'),
        },
        latencyMs: from === undefined ? undefined : Math.max(0, (at - from) * 1000),
        at,
        tags: listIn(fields, 'request_tags'),
      },
      context,
    ),
  ];
}

/** `task_type:summarization` or `task:summarization` among the tags of a request. */
function taggedType(tags: readonly unknown[]): string | undefined {
  for (const tag of tags) {
    const named =
      typeof tag === 'string' ? /^task(?:[_-]?type)?[:=](.+)$/i.exec(tag)?.[1] : undefined;
    if (named !== undefined) return named;
  }
  return undefined;
}

/** A day in UTC. */
export function dayOf(at: number): string {
  const day = Math.floor(at / daySeconds) * daySeconds * 1000;
  return Number.isFinite(day) && Math.abs(day) < 8.64e15
    ? new Date(day).toISOString().slice(0, 10)
    : 'unknown';
}
