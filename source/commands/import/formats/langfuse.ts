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
import { secondsOf } from '../times.ts';
import { answerRecord, chosenScore, type FormatContext, tokensIn } from './answer.ts';

/** A list, alone or as the `data` of an answer of the API. */
export const langfusePaths = { elements: ['$.*'] };

/**
 * What Langfuse exports, in the names of its API or of its files: an observation, a score, or a trace with
 * both in it. A trace is a project here, a generation a task.
 */
export function langfuseRecords(value: unknown, context: FormatContext): ImportedRecord[] {
  const fields = fieldsIn(value);
  const observations = listIn(fields, 'observations').filter((one) => typeof one === 'object');
  if (observations.length > 0) {
    const scores = listIn(fields, 'scores').map(fieldsIn);
    return observations.flatMap((one) =>
      observationRecords(fieldsIn(one), fields, scores, context),
    );
  }
  if (fields['type'] !== undefined) return observationRecords(fields, {}, [], context);
  if ('value' in fields || 'dataType' in fields || 'data_type' in fields) {
    return scoreRecords(fields, context);
  }
  return [];
}

function observationRecords(
  observation: Fields,
  trace: Fields,
  traceScores: readonly Fields[],
  context: FormatContext,
): ImportedRecord[] {
  // Spans, events, tools: no answer of a model.
  if (textIn(observation, 'type')?.toUpperCase() !== 'GENERATION') return [];
  const id = textIn(observation, 'id');
  if (id === undefined) throw new Rejection('there is no id');
  const usage = objectIn(observation, 'usageDetails', 'usage_details', 'usage');
  const costs = objectIn(observation, 'costDetails', 'cost_details');
  const metadata = { ...objectIn(trace, 'metadata'), ...objectIn(observation, 'metadata') };
  const start = observation['startTime'] ?? observation['start_time'];
  const end = observation['endTime'] ?? observation['end_time'] ?? start;
  if (end === undefined || end === null) throw new Rejection('there is no endTime');
  const at = secondsOf(end, 'endTime');
  const from = start === undefined || start === null ? undefined : secondsOf(start, 'startTime');
  const project = textIn(observation, 'traceId', 'trace_id') ?? textIn(trace, 'id') ?? 'langfuse';
  const cached = tokensIn(
    usage,
    'input_cached_tokens',
    'cache_read_input_tokens',
    'input_cache_read',
  );
  const fresh = tokensIn(usage, 'input', 'promptTokens', 'input_tokens', 'prompt_tokens');
  const cost =
    numberIn(observation, 'calculatedTotalCost', 'totalCost', 'total_cost') ??
    numberIn(costs, 'total');
  return [
    answerRecord(
      {
        id,
        projectId: project,
        taskId: id,
        taskType: textIn(metadata, 'taskType', 'task_type'),
        model: textIn(observation, 'model', 'providedModelName', 'provided_model_name'),
        failure: textIn(observation, 'level')?.toUpperCase() === 'ERROR' ? 'failed' : undefined,
        score: chosenScore(scoresOf(traceScores, id), context.score),
        // Langfuse writes 0 where it knows no price.
        costUsd: cost === 0 && fresh !== undefined && fresh > 0 ? undefined : cost,
        tokens: {
          input: fresh === undefined ? undefined : fresh + (cached ?? 0),
          cached,
          output: tokensIn(
            usage,
            'output',
            'completionTokens',
            'output_tokens',
            'completion_tokens',
          ),
        },
        latencyMs: from === undefined ? undefined : (at - from) * 1000,
        at,
        tags: listIn(trace, 'tags'),
      },
      context,
    ),
  ];
}

/** Of one observation, or where it has none, of its trace. */
function scoresOf(scores: readonly Fields[], id: string): Map<string, number> {
  const of = (wanted: (observation: string | undefined) => boolean): Map<string, number> =>
    new Map(
      scores
        .filter((score) => wanted(textIn(score, 'observationId', 'observation_id')))
        .flatMap((score) => {
          const value = numberIn(score, 'value');
          const isShare = value !== undefined && value >= 0 && value <= 1;
          return isShare ? [[textIn(score, 'name') ?? 'score', value] as const] : [];
        }),
    );
  const own = of((observation) => observation === id);
  return own.size > 0 ? own : of((observation) => observation === undefined);
}

/** A score by itself: what was found of a result afterwards. */
function scoreRecords(score: Fields, context: FormatContext): ImportedRecord[] {
  const type = textIn(score, 'dataType', 'data_type')?.toUpperCase();
  const taskId = textIn(score, 'observationId', 'observation_id');
  const name = textIn(score, 'name') ?? 'score';
  const isOther = context.score !== undefined && name !== context.score;
  // Of a whole trace, or in words: nothing that is kept of a task.
  if (taskId === undefined || type === 'CATEGORICAL' || type === 'TEXT' || isOther) return [];
  const value = numberIn(score, 'value');
  if (value === undefined || !(value >= 0 && value <= 1)) {
    throw new Rejection(`value ${shown(score['value'])} is not a number from 0 to 1`);
  }
  const projectId = textIn(score, 'traceId', 'trace_id') ?? 'langfuse';
  const at = secondsOf(
    score['timestamp'] ?? score['createdAt'] ?? score['created_at'],
    'timestamp',
  );
  const source = textIn(score, 'source')?.toUpperCase() === 'ANNOTATION' ? 'person' : 'import';
  return [
    {
      kind: 'outcome',
      sourceId: textIn(score, 'id') ?? `${taskId}/${name}`,
      fields: { projectId, taskId, source, value, note: name, at },
    },
  ];
}
