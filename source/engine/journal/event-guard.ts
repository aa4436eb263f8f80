import { isRecord } from '../../domain/is-record.ts';
import { limits } from '../../domain/limits.ts';
import { callRoles } from '../../domain/model-call.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { runStatuses, type RunEvent } from '../../domain/run-event.ts';
import type { RunDigest } from '../../domain/run-digest.ts';

/*
 * Checked by hand, not by a schema library: open dashboards load this before their first screen, and a
 * library would take longer to load than that screen to draw.
 */
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
/** Money, tokens, milliseconds: what is added up and never taken off, and of which one must not be all. */
const upTo =
  (most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= 0 && value <= most;
const dollars = upTo(limits.costUsd);
const tokens = upTo(limits.tokens);
const duration = upTo(limits.latencyMs);
const share = upTo(1);
const truth: Check = (value) => typeof value === 'boolean';
const anything: Check = () => true;
/** What may be left out. */
const perhaps =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record = (fields: Record<string, Check>): Check => {
  const checks = Object.entries(fields);
  return (value) => isRecord(value) && checks.every(([name, check]) => check(value[name]));
};

const task = record({
  id: text,
  type: text,
  prompt: text,
  dependsOn: listOf(text),
  validators: listOf(anything),
});
const result = record({
  taskId: text,
  taskType: text,
  model: text,
  reviewer: perhaps(text),
  score: perhaps(share),
  costUsd: dollars,
  iterations: upTo(limits.attempts),
  deterministicPassed: truth,
});

const call = {
  callId: text,
  role: oneOf(...callRoles),
  provider: text,
  model: text,
  step: text,
  taskId: perhaps(text),
  taskType: perhaps(text),
  attempt: perhaps(upTo(limits.attempts)),
  subjectModel: perhaps(text),
};
const usage = record({
  inputTokens: tokens,
  cachedInputTokens: tokens,
  cacheWriteTokens: perhaps(tokens),
  outputTokens: tokens,
  reasoningTokens: perhaps(tokens),
});

const digest = record({
  project: text,
  startedAt: upTo(limits.at),
  tasks: upTo(limits.attempts),
  averageQuality: (value) => value === null || share(value),
  spentUsd: dollars,
  budgetUsd: dollars,
  models: listOf(text),
});

const step = oneOf('generate', 'critique', 'revise', 'validate', 'judge');

/** What a fold relies on of each event; everything else in it is carried as it is. */
const checks: Record<RunEvent['type'], Check> = {
  'run-started': record({
    project: text,
    criteria: text,
    budgetUsd: number,
    timeLimitSeconds: number,
    concurrency: number,
    simulated: truth,
    pid: number,
    comparison: perhaps(truth),
    tags: perhaps((value) => isRecord(value) && Object.values(value).every(text)),
  }),
  'run-estimated': record({ lowUsd: number, expectedUsd: number, highUsd: number, basis: text }),
  'run-planned': record({ tasks: listOf(task) }),
  'task-started': record({ taskId: text, taskType: text }),
  'task-routed': record({
    taskId: text,
    decision: record({
      taskType: text,
      chosen: perhaps(text),
      reason: text,
      candidates: listOf(record({ model: text, reason: text })),
    }),
  }),
  'phase-started': record({ taskId: text, phase: step, model: text, iteration: number }),
  'call-started': record({ ...call, reservedUsd: dollars }),
  'call-finished': record({
    ...call,
    servedModel: perhaps(text),
    responseId: perhaps(text),
    score: perhaps(share),
    usage: perhaps(usage),
    costUsd: dollars,
    estimated: truth,
    latencyMs: duration,
    outcome: text,
    propensity: perhaps(share),
    answer: perhaps(record({ text, finishReason: text })),
  }),
  'attempt-finished': record({
    taskId: text,
    taskType: text,
    model: text,
    iteration: number,
    score: perhaps(share),
    costUsd: dollars,
    possibleCostUsd: perhaps(dollars),
    latencyMs: duration,
    failed: truth,
    validatorsPassed: truth,
    problems: perhaps(listOf(text)),
    reviewer: perhaps(text),
    error: perhaps(text),
  }),
  notice: record({ taskId: perhaps(text), message: text }),
  'task-finished': record({
    result,
    output: perhaps(text),
    tested: perhaps(truth),
    error: perhaps(text),
    status: oneOf('accepted', 'best-effort', 'failed'),
  }),
  heartbeat: record({ spentUsd: number }),
  'run-finished': record({
    status: oneOf(...runStatuses),
    spentUsd: number,
    results: listOf(result),
    message: perhaps(text),
    resumable: truth,
  }),
};

const isEventType = (type: unknown): type is RunEvent['type'] =>
  typeof type === 'string' && Object.hasOwn(checks, type);

/** Whether a value read from a journal is an event that can be folded. */
export function isRunEvent(value: unknown): value is RunEvent {
  if (!isRecord(value)) return false;
  const { type, projectId, at } = value;
  return isEventType(type) && text(projectId) && upTo(limits.at)(at) && checks[type](value);
}

/** Whether a value read from a journal is what a list of runs shows of one. */
export const isRunDigest = (value: unknown): value is RunDigest => digest(value);

/** The event in a line of a journal; undefined for one that is half-written or rubbish. */
export function readEventLine(line: string): RunEvent | undefined {
  // An editor may have put a byte order mark in front.
  const value = parseJson(line.startsWith('\uFEFF') ? line.slice(1) : line);
  return isRunEvent(value) ? value : undefined;
}
