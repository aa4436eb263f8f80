import { defined } from '../../../domain/defined.ts';
import { isTagName, isTagValue, mostTags } from '../../../domain/tags.ts';
import { isBuiltInTaskType, builtInTaskTypes, taskTypeLabel } from '../../../domain/task-type.ts';
import type { ImportedRecord } from '../../../telemetry/transfer/index.ts';
import { type Fields, numberIn, Rejection, shown } from '../rejection.ts';
import { checkPast } from '../times.ts';

export type Tokens = {
  /** All of them, cached ones included. */
  input?: number | undefined;
  cached?: number | undefined;
  written?: number | undefined;
  output?: number | undefined;
  reasoning?: number | undefined;
};

/** What a format needs besides the file. */
export type FormatContext = {
  /** Unix seconds. */
  now: number;
  /** The task type of records that name none. */
  taskType?: string;
  /** The name of the score that counts, of records that have several. */
  score?: string;
  /** Dollars of a call, by the price list or the user's own prices; undefined where it is unknown. */
  priceOf: (call: { provider?: string; model: string; tokens: Tokens }) => number | undefined;
};

/** What another tool knows of one answer of a model. */
export type Answer = {
  id: string;
  projectId: string;
  taskId: string;
  taskType?: string | undefined;
  model: string | undefined;
  provider?: string | undefined;
  servedModel?: string | undefined;
  responseId?: string | undefined;
  reviewer?: string | undefined;
  /** Absent where nobody judged. */
  score?: number | undefined;
  /** The code of the error of a call that failed. */
  failure?: string | undefined;
  costUsd?: number | undefined;
  tokens: Tokens;
  latencyMs?: number | undefined;
  /** Unix seconds. */
  at: number;
  passed?: boolean | undefined;
  /** As other tools have them: texts like `team:search`, or `production` alone. */
  tags?: readonly unknown[] | undefined;
};

/**
 * An answer as a finished task of one attempt, with its call.
 *
 * @throws Rejection
 */
export function answerRecord(answer: Answer, context: FormatContext): ImportedRecord {
  const { id, projectId, taskId, provider, servedModel, responseId, reviewer } = answer;
  const { failure, tokens, latencyMs, at, passed } = answer;
  if (answer.model === undefined) throw new Rejection('there is no model');
  checkPast(at, context.now);
  const model = bareName(answer.model, provider);
  const taskType = taskTypeFrom(answer.taskType ?? context.taskType ?? 'general');
  const { costUsd, isEstimated } = costOf(answer, model, context);
  const named = { projectId, taskId, taskType, model, costUsd, at };
  const fields = {
    ...named,
    ...defined({ reviewer, score: failure === undefined ? answer.score : 0 }),
    iterations: 1,
    deterministicPassed: passed ?? failure === undefined,
  };
  const call = {
    ...named,
    callId: id.slice(0, 1024),
    attempt: 1,
    role: 'generator',
    provider: provider ?? 'imported',
    ...defined({ servedModel, responseId }),
    ...defined({
      inputTokens: tokens.input,
      cachedInputTokens: tokens.cached,
      cacheWriteTokens: tokens.written,
      outputTokens: tokens.output,
      reasoningTokens: tokens.reasoning,
    }),
    costEstimated: isEstimated,
    // Without a call, what this one cost would be missing where others of its project have theirs.
    latencyMs: latencyMs !== undefined && latencyMs >= 0 ? latencyMs : 0,
    outcome: failure ?? 'ok',
  };
  const tags = tagsFrom(answer.tags ?? []);
  return { kind: 'task', sourceId: id, fields, call, ...defined({ tags }) };
}

/** Those of other tools that can be tags here; what says the task type, or which program asked, is none. */
function tagsFrom(given: readonly unknown[]): Record<string, string> | undefined {
  const tags = new Map<string, string>();
  for (const text of given) {
    if (typeof text !== 'string' || /^(?:task(?:[_-]?type)?|user-agent)[:=]/i.test(text)) continue;
    const [, name, value = 'true'] = /^([^:=]+)(?:[:=]\s*(.*))?$/s.exec(text.trim()) ?? [];
    if (isTagName(name) && isTagValue(value) && tags.size < mostTags) tags.set(name, value);
  }
  return tags.size === 0 ? undefined : Object.fromEntries(tags);
}

function costOf(
  { costUsd, provider, tokens, failure }: Answer,
  model: string,
  { priceOf }: FormatContext,
): { costUsd: number; isEstimated: boolean } {
  if (costUsd !== undefined) return { costUsd, isEstimated: false };
  const isMeasured = tokens.input !== undefined || tokens.output !== undefined;
  if (failure !== undefined && !isMeasured) return { costUsd: 0, isEstimated: true };
  if (!isMeasured) throw new Rejection('there is neither a cost nor a count of tokens');
  const priced = priceOf({ model, tokens, ...defined({ provider }) });
  if (priced === undefined) {
    throw new Rejection(
      `there is no cost, and the price of ${shown(model)} is not known: state it under models in orchestrator.yaml`,
    );
  }
  return { costUsd: priced, isEstimated: true };
}

/** A model as a run of this program names it: without the provider before it. */
function bareName(model: string, provider: string | undefined): string {
  const slash = model.indexOf('/');
  return slash > 0 && provider !== undefined && model.slice(0, slash) === provider
    ? model.slice(slash + 1)
    : model;
}

/** A whole number of 0 or more; undefined for anything else. */
export function tokensIn(fields: Fields, ...names: readonly string[]): number | undefined {
  const value = numberIn(fields, ...names);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

const labelled = new Map<string, string>(
  builtInTaskTypes.map((type) => [taskTypeLabel(type), type]),
);

/** A task type in the letters that task types are written in; the short names of screens are known. */
export function taskTypeFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64);
  if (name === '') throw new Rejection(`taskType ${shown(text)} is no name of a task type`);
  return isBuiltInTaskType(name) ? name : (labelled.get(name) ?? name);
}

/** What may be the one score of an answer, where no name is given: these first, in this order. */
const overall = ['quality', 'overall', 'score', 'judge', 'correctness', 'accuracy'];

/** One of several scores by their names: the named one, else one that speaks of the whole, else the first. */
export function chosenScore(
  scores: ReadonlyMap<string, number>,
  name: string | undefined,
): number | undefined {
  if (name !== undefined) return scores.get(name);
  const byName = new Map([...scores].map(([key, value]) => [key.toLowerCase(), value]));
  const best = overall.find((one) => byName.has(one));
  return best === undefined ? scores.values().next().value : byName.get(best);
}
