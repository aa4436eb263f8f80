import { defined } from '../domain/defined.ts';
import type { FinishReason, TokenUsage } from '../domain/model-api.ts';
import type { RoutingDecision } from '../domain/routing-decision.ts';
import {
  phaseOfRole,
  type MoneyPhase,
  type RunEvent,
  type RunEventOf,
  type TaskSpec,
} from '../domain/run-event.ts';
import { toNano, type NanoDollars } from './money/nano-dollars.ts';

export type RecordedAnswer = {
  model: string;
  text: string;
  finishReason: FinishReason;
  cost: NanoDollars;
  possibleCost: NanoDollars;
  latencyMs: number;
  usage?: TokenUsage;
  /** A judge's. */
  score?: number;
};

export type FinishedTask = RunEventOf<'task-finished'>;

/** What earlier parts of a run did, by what the engine asks for when it goes the same way again. */
export type Replay = {
  /** Whether there was an earlier part. */
  readonly resumed: boolean;
  readonly plan: readonly TaskSpec[] | undefined;
  readonly finished: ReadonlyMap<string, FinishedTask>;
  /** Every attempt of the earlier parts, in order: what profiles have seen. */
  readonly attempts: readonly RunEventOf<'attempt-finished'>[];
  /** Those after the last part that came to an end: later ones were killed. */
  readonly attemptsSinceEnd: readonly RunEventOf<'attempt-finished'>[];
  readonly spent: Readonly<Record<MoneyPhase, NanoDollars>>;
  readonly spentByModel: ReadonlyMap<string, NanoDollars>;
  taskCost(taskId: string): NanoDollars;
  /** The answer that was paid for already. */
  answer(step: string): RecordedAnswer | undefined;
  attempt(taskId: string, iteration: number): RunEventOf<'attempt-finished'> | undefined;
  /** The next of the routing decisions that the task went by, once each. */
  takeDecision(taskId: string): RoutingDecision | undefined;
  /** Calls that were sent and have no end: their process was killed. */
  readonly interrupted: readonly RunEventOf<'call-started'>[];
  /** The highest number of a call so far; 0 where there is none. */
  readonly lastCallId: number;
};

/** The call of a task, named; `sample` tells apart those of one phase. */
export function stepOf(taskId: string, phase: string, iteration: number, sample = 1): string {
  return `${taskId}/${phase}/${iteration}/${sample}`;
}

/** Folds a journal. Events of a run that nobody interrupted fold to nothing that changes anything. */
export function createReplay(events: readonly RunEvent[] = []): Replay {
  const spent = { decomposition: 0, generation: 0, review: 0, evaluation: 0 };
  const spentByModel = new Map<string, NanoDollars>();
  const taskCosts = new Map<string, NanoDollars>();
  const answers = new Map<string, RecordedAnswer>();
  const attempts: RunEventOf<'attempt-finished'>[] = [];
  const attemptOf = new Map<string, RunEventOf<'attempt-finished'>>();
  const decisions = new Map<string, RoutingDecision[]>();
  const finished = new Map<string, FinishedTask>();
  /** Calls begun and not ended, by their ids. */
  const open = new Map<string, RunEventOf<'call-started'>>();
  let lastCallId = 0;
  let plan: readonly TaskSpec[] | undefined;
  let attemptsAtEnd = 0;

  for (const event of events) {
    switch (event.type) {
      case 'run-planned': {
        plan = event.tasks;
        break;
      }
      case 'task-routed': {
        const known = decisions.get(event.taskId) ?? [];
        known.push(event.decision);
        decisions.set(event.taskId, known);
        break;
      }
      case 'call-started': {
        open.set(event.callId, event);
        lastCallId = Math.max(lastCallId, numberOf(event.callId));
        break;
      }
      case 'call-finished': {
        const { callId, role, model, taskId, step, answer, score, usage, estimated, latencyMs } =
          event;
        const cost = toNano(event.costUsd);
        open.delete(callId);
        lastCallId = Math.max(lastCallId, numberOf(callId));
        spent[phaseOfRole[role]] += cost;
        spentByModel.set(model, (spentByModel.get(model) ?? 0) + cost);
        if (taskId !== undefined) taskCosts.set(taskId, (taskCosts.get(taskId) ?? 0) + cost);
        if (answer === undefined) break;
        const shares = estimated ? { cost: 0, possibleCost: cost } : { cost, possibleCost: 0 };
        const scored = score === undefined ? {} : { score };
        answers.set(step, {
          model,
          ...answer,
          ...shares,
          latencyMs,
          ...scored,
          ...defined({ usage }),
        });
        break;
      }
      case 'attempt-finished': {
        attempts.push(event);
        attemptOf.set(`${event.taskId}/${event.iteration}`, event);
        break;
      }
      case 'task-finished': {
        finished.set(event.result.taskId, event);
        break;
      }
      case 'run-finished': {
        attemptsAtEnd = attempts.length;
        break;
      }
      case 'run-started':
      case 'phase-started':
      case 'run-estimated':
      case 'task-started':
      case 'notice':
      case 'heartbeat': {
        break;
      }
    }
  }

  return {
    resumed: events.length > 0,
    plan,
    finished,
    attempts,
    attemptsSinceEnd: attempts.slice(attemptsAtEnd),
    spent,
    spentByModel,
    taskCost: (taskId) => taskCosts.get(taskId) ?? 0,
    answer: (step) => answers.get(step),
    attempt: (taskId, iteration) => attemptOf.get(`${taskId}/${iteration}`),
    takeDecision: (taskId) => decisions.get(taskId)?.shift(),
    interrupted: [...open.values()],
    lastCallId,
  };
}

/** Ids are numbers from 1; whatever else a journal holds counts as none. */
function numberOf(callId: string): number {
  const number = Number(callId);
  return Number.isSafeInteger(number) ? number : 0;
}
