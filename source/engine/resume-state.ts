import { defined } from '../domain/defined.ts';
import type { FinishReason, TokenUsage } from '../domain/model-api.ts';
import type { RoutingDecision } from '../domain/routing-decision.ts';
import type { RunEvent, RunEventOf } from '../domain/run-event.ts';
import { toNano, type NanoDollars } from '../domain/nano-dollars.ts';

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

/**
 * What earlier parts of a run did, by what the engine asks for when it goes the same way again, and what
 * no screen shows: plan, results and money are in the run's own state.
 */
export type ResumeState = {
  /** Whether there was an earlier part. */
  readonly resumed: boolean;
  /** Every attempt of the earlier parts, in order: what profiles have seen. */
  readonly attempts: readonly RunEventOf<'attempt-finished'>[];
  /** Those after the last part that came to an end: later ones were killed. */
  readonly attemptsSinceEnd: readonly RunEventOf<'attempt-finished'>[];
  /** The answer that was paid for already. */
  answer(key: string): RecordedAnswer | undefined;
  attempt(taskId: string, iteration: number): RunEventOf<'attempt-finished'> | undefined;
  /** The next of the routing decisions that the task went by, once each. */
  claimDecision(taskId: string): RoutingDecision | undefined;
};

/**
 * Names a call, the same in every part of a run: its journal has it as `step`. `sample` distinguishes the
 * calls of one phase.
 */
export function callKey(taskId: string, phase: string, iteration: number, sample = 1): string {
  return `${taskId}/${phase}/${iteration}/${sample}`;
}

/** Folds a journal; that of a run that was not interrupted changes nothing. */
export function createResumeState(events: readonly RunEvent[] = []): ResumeState {
  const answers = new Map<string, RecordedAnswer>();
  const attempts: RunEventOf<'attempt-finished'>[] = [];
  const attemptOf = new Map<string, RunEventOf<'attempt-finished'>>();
  const decisions = new Map<string, RoutingDecision[]>();
  let attemptsAtEnd = 0;

  for (const event of events) {
    if (event.type === 'task-routed') {
      const known = decisions.get(event.taskId) ?? [];
      known.push(event.decision);
      decisions.set(event.taskId, known);
    } else if (event.type === 'call-finished' && event.answer !== undefined) {
      const { model, step, answer, score, usage, estimated, latencyMs } = event;
      const cost = toNano(event.costUsd);
      const shares = estimated ? { cost: 0, possibleCost: cost } : { cost, possibleCost: 0 };
      answers.set(step, { model, ...answer, ...shares, latencyMs, ...defined({ score, usage }) });
    } else if (event.type === 'attempt-finished') {
      attempts.push(event);
      attemptOf.set(`${event.taskId}/${event.iteration}`, event);
    } else if (event.type === 'run-finished') attemptsAtEnd = attempts.length;
  }

  return {
    resumed: events.length > 0,
    attempts,
    attemptsSinceEnd: attempts.slice(attemptsAtEnd),
    answer: (key) => answers.get(key),
    attempt: (taskId, iteration) => attemptOf.get(`${taskId}/${iteration}`),
    claimDecision: (taskId) => decisions.get(taskId)?.shift(),
  };
}
