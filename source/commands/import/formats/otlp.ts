import type { ImportedRecord } from '../../../telemetry/transfer/index.ts';
import {
  type Fields,
  fieldsIn,
  listIn,
  numberIn,
  objectIn,
  Rejection,
  shown,
  textIn,
} from '../rejection.ts';
import { answerRecord, chosenScore, type FormatContext, tokensIn } from './answer.ts';

export const otlpPaths = { elements: ['$.resourceSpans.*', '$.resourceLogs.*'] };

/** One answer until its evaluation has been seen, or the buffer is full. */
type Pending = { record: ImportedRecord; scores: Map<string, number> };

/** Answers that wait for their evaluations. */
const maxPending = 20_000;
const evaluation = 'gen_ai.evaluation.result';

/** Reads spans of model calls by the GenAI conventions, and evaluations of them wherever they are said. */
export type OtlpReader = {
  read: (value: unknown) => ImportedRecord[];
  /** Those that still wait. */
  finish: () => ImportedRecord[];
};

export function createOtlpReader(context: FormatContext): OtlpReader {
  const pending = new Map<string, Pending>();
  /** Keys of answers by the id of their response. */
  const responses = new Map<string, string>();
  /** Evaluations that came before their span. */
  const early = new Map<string, Map<string, number>>();

  const release = (key: string, { record, scores }: Pending): ImportedRecord => {
    pending.delete(key);
    const score = chosenScore(scores, context.score);
    if (score === undefined) return record;
    return { ...record, fields: { ...record.fields, score } };
  };

  /** The record of an evaluation whose answer is not at hand: what was found of its result afterwards. */
  const evaluate = (span: Fields, fields: Fields, at: number | undefined): ImportedRecord[] => {
    const found = scoreIn(fields, context.score);
    if (found === undefined) return [];
    const { name, value } = found;
    const response = textIn(fields, 'gen_ai.response.id');
    const key = keyOf(span) ?? responses.get(response ?? '');
    if (key === undefined)
      throw new Rejection('the evaluation names no span and no known response');
    const known = pending.get(key) ?? pending.get(responses.get(response ?? '') ?? '');
    if (known !== undefined) {
      known.scores.set(name, value);
      return [];
    }
    if (at === undefined) {
      const scores = early.get(key) ?? new Map<string, number>();
      if (early.size < maxPending) early.set(key, scores.set(name, value));
      return [];
    }
    const [projectId = '', taskId = ''] = key.split('/');
    return [
      {
        kind: 'outcome',
        sourceId: `${key}/${name}`,
        fields: { projectId, taskId, source: 'import', value, note: name, at },
      },
    ];
  };

  const readSpan = (span: Fields): ImportedRecord[] => {
    const attributes = attributesOf(span);
    const records: ImportedRecord[] = [];
    const key = `${textIn(span, 'traceId') ?? ''}/${textIn(span, 'spanId') ?? ''}`;
    for (const value of listIn(span, 'events')) {
      const event = fieldsIn(value);
      if (textIn(event, 'name') === evaluation) evaluate(span, attributesOf(event), undefined);
    }
    const record = spanRecord(span, attributes, context);
    if (record === undefined) return records;
    pending.set(key, { record, scores: early.get(key) ?? new Map() });
    early.delete(key);
    const response = textIn(attributes, 'gen_ai.response.id');
    if (response !== undefined && responses.size < 4 * maxPending) responses.set(response, key);
    const [oldest] = pending;
    if (pending.size > maxPending && oldest !== undefined) records.push(release(...oldest));
    return records;
  };

  return {
    read(value) {
      const resource = fieldsIn(value);
      const spans = listIn(resource, 'scopeSpans', 'instrumentationLibrarySpans').flatMap((scope) =>
        listIn(fieldsIn(scope), 'spans'),
      );
      const logs = listIn(resource, 'scopeLogs').flatMap((scope) =>
        listIn(fieldsIn(scope), 'logRecords'),
      );
      return [
        ...spans.flatMap((span) => readSpan(fieldsIn(span))),
        ...logs.flatMap((one) => {
          const log = fieldsIn(one);
          const attributes = attributesOf(log);
          const name = textIn(log, 'eventName') ?? textIn(attributes, 'event.name');
          if (name !== evaluation) return [];
          const at = secondsOfNanos(log['timeUnixNano'] ?? log['observedTimeUnixNano']);
          return evaluate(log, attributes, at);
        }),
      ];
    },
    finish: () => [...pending].map(([key, one]) => release(key, one)),
  };
}

/** The span that something names, if it does. */
function keyOf(span: Fields): string | undefined {
  const traceId = textIn(span, 'traceId');
  const spanId = textIn(span, 'spanId');
  return traceId === undefined || spanId === undefined ? undefined : `${traceId}/${spanId}`;
}

/** What an evaluation says, if it is the one that is asked for. */
function scoreIn(
  fields: Fields,
  wanted: string | undefined,
): { name: string; value: number } | undefined {
  const name = textIn(fields, 'gen_ai.evaluation.name') ?? 'score';
  const value = numberIn(fields, 'gen_ai.evaluation.score.value');
  if (value === undefined || (wanted !== undefined && name !== wanted)) return undefined;
  if (!(value >= 0 && value <= 1)) {
    throw new Rejection(`evaluation ${shown(name)}: ${shown(value)} is not a number from 0 to 1`);
  }
  return { name, value };
}

const operations = new Set(['chat', 'text_completion', 'generate_content', 'completion']);

/** Undefined for a span that is no call of a model, or one that criticises, judges or plans. */
function spanRecord(
  span: Fields,
  attributes: Fields,
  context: FormatContext,
): ImportedRecord | undefined {
  const operation = textIn(attributes, 'gen_ai.operation.name');
  const asked = textIn(attributes, 'gen_ai.request.model');
  const model = asked ?? textIn(attributes, 'gen_ai.response.model');
  if (model === undefined || (operation !== undefined && !operations.has(operation)))
    return undefined;
  const role = textIn(attributes, 'orchestrator.role') ?? 'generator';
  if (role !== 'generator' && role !== 'reviser') return undefined;
  const projectId = textIn(span, 'traceId');
  const taskId = textIn(span, 'spanId');
  if (projectId === undefined || taskId === undefined) throw new Rejection('the span has no ids');
  const from = secondsOfNanos(span['startTimeUnixNano']);
  const at = secondsOfNanos(span['endTimeUnixNano']) ?? from;
  if (at === undefined) throw new Rejection('the span has no endTimeUnixNano');
  const isError =
    numberIn(objectIn(span, 'status'), 'code') === 2 ||
    textIn(objectIn(span, 'status'), 'code') === 'STATUS_CODE_ERROR';
  return answerRecord(
    {
      id: `${projectId}/${taskId}`,
      projectId,
      taskId,
      taskType: textIn(attributes, 'orchestrator.task.type', 'gen_ai.task.type', 'task_type'),
      model,
      provider: textIn(attributes, 'gen_ai.provider.name', 'gen_ai.system'),
      servedModel: textIn(attributes, 'gen_ai.response.model'),
      responseId: textIn(attributes, 'gen_ai.response.id'),
      failure: isError ? (textIn(attributes, 'error.type') ?? 'failed') : undefined,
      costUsd: numberIn(
        attributes,
        'orchestrator.cost_usd',
        'gen_ai.usage.cost',
        'gen_ai.cost.usd',
      ),
      tokens: {
        input: tokensIn(attributes, 'gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'),
        cached: tokensIn(attributes, 'gen_ai.usage.cache_read.input_tokens'),
        written: tokensIn(attributes, 'gen_ai.usage.cache_creation.input_tokens'),
        output: tokensIn(
          attributes,
          'gen_ai.usage.output_tokens',
          'gen_ai.usage.completion_tokens',
        ),
        reasoning: tokensIn(attributes, 'gen_ai.usage.reasoning.output_tokens'),
      },
      latencyMs: from === undefined ? undefined : (at - from) * 1000,
      at,
    },
    context,
  );
}

/** Attributes as an object: OTLP writes a list of keys, each with a value of a named type. */
function attributesOf(fields: Fields): Fields {
  const attributes: Record<string, unknown> = {};
  for (const entry of listIn(fields, 'attributes')) {
    const { key, value } = fieldsIn(entry);
    if (typeof key !== 'string' || typeof value !== 'object' || value === null) continue;
    const [held] = Object.values(value);
    // 64-bit integers are written as text.
    attributes[key] = 'intValue' in value ? Number(held) : held;
  }
  return attributes;
}

function secondsOfNanos(value: unknown): number | undefined {
  const nanos = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(nanos) && nanos > 0 ? nanos / 1e9 : undefined;
}
