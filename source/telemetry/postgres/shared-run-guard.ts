import { defined } from '../../domain/defined.ts';
import { hasHiddenCharacters } from '../../domain/hidden-characters.ts';
import { isRecord } from '../../domain/is-record.ts';
import { limits } from '../../domain/limits.ts';
import { runStatuses, type TaskPhase } from '../../domain/run-event.ts';
import {
  type SharedAttempt,
  sharedLimits as most,
  type SharedRun,
  type SharedTask,
} from '../../domain/shared-run.ts';
import type { TaskState } from '../../domain/task-state.ts';

const taskStatuses: readonly TaskState['status'][] = [
  'waiting',
  'running',
  'accepted',
  'best-effort',
  'failed',
];
const phases: readonly TaskPhase[] = ['generate', 'critique', 'revise', 'validate', 'judge'];

type Fields = Record<string, unknown>;

/**
 * A run as another machine, of perhaps another version, says it is. What cannot be true is taken for 0, or
 * left out; undefined where it is no run at all.
 */
export function readSharedRun(value: unknown): SharedRun | undefined {
  if (!isRecord(value)) return undefined;
  const projectId = nameIn(value, 'projectId');
  const at = timeIn(value, 'at');
  const startedAt = timeIn(value, 'startedAt');
  if (projectId === undefined || at === undefined || startedAt === undefined) return undefined;
  const ended = endOf(value['ended']);
  return {
    projectId,
    machine: nameIn(value, 'machine') ?? '',
    at,
    startedAt,
    lastEventAt: timeIn(value, 'lastEventAt') ?? at,
    budgetUsd: numberIn(value, 'budgetUsd', limits.costUsd) ?? 0,
    spentUsd: numberIn(value, 'spentUsd', limits.costUsd) ?? 0,
    timeLimitSeconds: numberIn(value, 'timeLimitSeconds', limits.latencyMs) ?? 0,
    concurrency: numberIn(value, 'concurrency', limits.attempts) ?? 1,
    simulated: value['simulated'] === true,
    ...defined({ ended }),
    taskCount: Math.floor(numberIn(value, 'taskCount', limits.attempts) ?? 0),
    doneCount: Math.floor(numberIn(value, 'doneCount', limits.attempts) ?? 0),
    averageQuality: numberIn(value, 'averageQuality', 1) ?? null,
    models: listIn(value, 'models', most.models).filter(isName),
    tasks: listIn(value, 'tasks', most.tasks).flatMap((task) => taskOf(task) ?? []),
  };
}

function endOf(value: unknown): SharedRun['ended'] {
  if (!isRecord(value)) return undefined;
  const at = timeIn(value, 'at');
  const status = runStatuses.find((known) => known === value['status']);
  if (at === undefined || status === undefined) return undefined;
  return { at, status, resumable: value['resumable'] === true };
}

function taskOf(value: unknown): SharedTask | undefined {
  if (!isRecord(value)) return undefined;
  const id = nameIn(value, 'id');
  const status = taskStatuses.find((known) => known === value['status']);
  if (id === undefined || status === undefined) return undefined;
  const phase = phases.find((known) => known === value['phase']);
  return {
    id,
    type: nameIn(value, 'type') ?? '',
    status,
    iteration: numberIn(value, 'iteration', limits.attempts) ?? 0,
    costUsd: numberIn(value, 'costUsd', limits.costUsd) ?? 0,
    ...defined({
      phase,
      model: nameIn(value, 'model'),
      author: nameIn(value, 'author'),
      score: numberIn(value, 'score', 1),
      startedAt: timeIn(value, 'startedAt'),
      phaseAt: timeIn(value, 'phaseAt'),
      finishedAt: timeIn(value, 'finishedAt'),
    }),
    attempts: listIn(value, 'attempts', most.attempts).flatMap((one) => attemptOf(one) ?? []),
  };
}

function attemptOf(value: unknown): SharedAttempt | undefined {
  if (!isRecord(value)) return undefined;
  const model = nameIn(value, 'model');
  if (model === undefined) return undefined;
  return {
    iteration: numberIn(value, 'iteration', limits.attempts) ?? 0,
    model,
    costUsd: numberIn(value, 'costUsd', limits.costUsd) ?? 0,
    latencyMs: numberIn(value, 'latencyMs', limits.latencyMs) ?? 0,
    failed: value['failed'] === true,
    validatorsPassed: value['validatorsPassed'] === true,
    policyViolation: value['policyViolation'] === true,
    ...defined({
      reviewer: nameIn(value, 'reviewer'),
      score: numberIn(value, 'score', 1),
    }),
  };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= limits.name &&
  !hasHiddenCharacters(value);

function nameIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return isName(value) ? value : undefined;
}

function numberIn(fields: Fields, name: string, most: number): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && value >= 0 && value <= most ? value : undefined;
}

const timeIn = (fields: Fields, name: string): number | undefined =>
  numberIn(fields, name, limits.at);

function listIn(fields: Fields, name: string, most: number): unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value.slice(0, most) : [];
}
