import { defined } from './defined.ts';
import type { RoleUsage } from './role-usage.ts';
import type { RunEventOf, TaskPhase } from './run-event.ts';
import type { RoutingDecision } from './routing-decision.ts';
import type { TaskType } from './task-type.ts';

/** One generation or revision of a task that is over. */
export type AttemptState = {
  iteration: number;
  /** The model that wrote it. */
  model: string;
  reviewer?: string;
  /** In [0, 1]; absent when the attempt failed or its judge did. */
  score?: number;
  /** Dollars and milliseconds of the attempt's own call, without critics and judges. */
  costUsd: number;
  latencyMs: number;
  failed: boolean;
  validatorsPassed: boolean;
  policyViolation: boolean;
  error?: string;
};

export type TaskState = {
  id: string;
  type: TaskType;
  dependsOn: string[];
  status: 'waiting' | 'running' | 'accepted' | 'best-effort' | 'failed';
  phase?: TaskPhase;
  /** Who works now: in a review or judgement not the author. */
  model?: string;
  /** The model that writes what is worked on. */
  author?: string;
  iteration: number;
  /** Best score so far. */
  score?: number;
  costUsd: number;
  startedAt?: number;
  /** When the phase began. */
  phaseAt?: number;
  finishedAt?: number;
  decision?: RoutingDecision;
  /** In the order in which they were made. */
  attempts: AttemptState[];
  /** What its calls came to, by attempt and role; empty where that is not known. */
  usage: RoleUsage[];
  /** Why it failed, or why it was left at its best attempt. */
  error?: string;
};

export const newTask = (id: string, type: TaskType, dependsOn: string[]): TaskState => ({
  id,
  type,
  dependsOn,
  status: 'waiting',
  iteration: 0,
  costUsd: 0,
  attempts: [],
  usage: [],
});

/** What happens to one task. */
export type TaskEvent = RunEventOf<
  'task-started' | 'task-routed' | 'phase-started' | 'attempt-finished' | 'task-finished'
>;

/** Takes an event of its own into a task, in place. */
export function applyTaskEvent(task: TaskState, event: TaskEvent): void {
  switch (event.type) {
    case 'task-started': {
      task.status = 'running';
      task.startedAt = event.at;
      return;
    }
    case 'task-routed': {
      const { decision } = event;
      task.decision = decision;
      if (decision.chosen === undefined) return;
      task.model = decision.chosen;
      task.author = decision.chosen;
      return;
    }
    case 'phase-started': {
      task.phase = event.phase;
      task.phaseAt = event.at;
      task.model = event.model;
      if (event.phase === 'generate' || event.phase === 'revise') task.author = event.model;
      task.iteration = event.iteration;
      return;
    }
    case 'attempt-finished': {
      task.iteration = event.iteration;
      if (event.score !== undefined) task.score = Math.max(task.score ?? 0, event.score);
      task.attempts.push(attemptOf(event));
      return;
    }
    case 'task-finished': {
      const { result, status, error } = event;
      task.status = status;
      task.model = result.model;
      task.author = result.model;
      if (error !== undefined) task.error = error;
      if (result.score === undefined) delete task.score;
      else task.score = result.score;
      task.costUsd = result.costUsd;
      task.finishedAt = event.at;
      leavePhase(task);
      return;
    }
  }
}

/** It is in no phase any more. */
export function leavePhase(task: TaskState): void {
  delete task.phase;
  delete task.phaseAt;
}

function attemptOf(event: RunEventOf<'attempt-finished'>): AttemptState {
  const { iteration, model, costUsd, latencyMs, failed, validatorsPassed, policyViolation } = event;
  const { score, reviewer, error } = event;
  return {
    iteration,
    model,
    costUsd,
    latencyMs,
    failed,
    validatorsPassed,
    policyViolation,
    ...defined({ score, reviewer, error }),
  };
}
