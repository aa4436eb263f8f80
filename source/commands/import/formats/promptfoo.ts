import type { ImportedRecord } from '../../../telemetry/transfer/index.ts';
import { contentId } from '../own-record.ts';
import { fieldsIn, numberIn, objectIn, Rejection, shown, textIn } from '../rejection.ts';
import { secondsOf } from '../times.ts';
import { answerRecord, type FormatContext, tokensIn } from './answer.ts';

export const promptfooPaths = {
  elements: ['$.results.results.*'],
  headers: ['$.evalId', '$.results.timestamp', '$.config.description', '$.metadata.exportedAt'],
};

/** A result of a promptfoo evaluation: what one model answered to one test. */
export function promptfooRecords(
  value: unknown,
  context: FormatContext & { header: ReadonlyMap<string, unknown> },
): ImportedRecord[] {
  const result = fieldsIn(value);
  const { header } = context;
  const written = header.get('timestamp') ?? header.get('exportedAt');
  if (written === undefined) throw new Rejection('the file says no timestamp before its results');
  const at = secondsOf(written, 'timestamp');
  const provider = objectIn(result, 'provider');
  const [vendor, model] = modelOf(textIn(provider, 'id') ?? textIn(result, 'provider'));
  const response = objectIn(result, 'response');
  const usage = objectIn(response, 'tokenUsage');
  const test = objectIn(result, 'testCase');
  const evaluation =
    textIn({ id: header.get('evalId') }, 'id') ?? `promptfoo-${contentId(String(at))}`;
  const place = `${textIn(result, 'testIdx') ?? '?'}-${textIn(result, 'promptIdx') ?? '?'}`;
  const taskId = textIn(result, 'id') ?? `${place}-${textIn(provider, 'id') ?? 'model'}`;
  const isError = numberIn(result, 'failureReason') === 2 || isEmpty(response);
  return [
    answerRecord(
      {
        id: `${evaluation}/${taskId}`.slice(0, 1024),
        projectId: evaluation,
        taskId,
        taskType:
          textIn(objectIn(result, 'metadata'), 'taskType', 'task_type') ??
          textIn(objectIn(test, 'metadata'), 'taskType', 'task_type') ??
          textIn(objectIn(result, 'vars'), 'taskType', 'task_type') ??
          textIn(objectIn(test, 'vars'), 'taskType', 'task_type') ??
          context.taskType ??
          textIn({ of: header.get('description') }, 'of'),
        model,
        provider: vendor,
        score: scoreOf(result),
        failure: isError ? 'failed' : undefined,
        costUsd: numberIn(result, 'cost') ?? numberIn(response, 'cost'),
        tokens: {
          input: tokensIn(usage, 'prompt'),
          output: tokensIn(usage, 'completion'),
        },
        latencyMs: response['cached'] === true ? undefined : numberIn(result, 'latencyMs'),
        at,
        passed: typeof result['success'] === 'boolean' ? result['success'] : undefined,
      },
      context,
    ),
  ];
}

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0;

function scoreOf(result: Readonly<Partial<Record<string, unknown>>>): number | undefined {
  const score = numberIn(result, 'score') ?? numberIn(objectIn(result, 'gradingResult'), 'score');
  if (score === undefined || (score >= 0 && score <= 1)) return score;
  throw new Rejection(`score ${shown(score)} is not a number from 0 to 1`);
}

/** `openai:chat:gpt-5` → openai, gpt-5; `anthropic:messages:claude-x`, `openrouter:vendor/model` likewise. */
function modelOf(
  id: string | undefined,
): [provider: string | undefined, model: string | undefined] {
  const [provider, ...rest] = (id ?? '').split(':');
  if (id === undefined || rest.length === 0) return [undefined, id];
  const kinds = /^(chat|completion|responses|messages|realtime|assistant)$/;
  const model = kinds.test(rest[0] ?? '') && rest.length > 1 ? rest.slice(1) : rest;
  return [provider, model.join(':')];
}
