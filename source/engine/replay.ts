import type { FinishReason } from '../domain/model-api.ts';
import type { RoutingDecision } from '../domain/routing-decision.ts';
import type { MoneyPhase, RunEvent, RunEventOf, TaskSpec } from '../domain/run-event.ts';
import { toNano, type NanoDollars } from './money/nano-dollars.ts';

export type RecordedAnswer = {
  model: string;
  text: string;
  finishReason: FinishReason;
  cost: NanoDollars;
  latencyMs: number;
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
  /** Whether this call was in flight when the earlier part was killed; true once. */
  takeInterrupted(step: string): boolean;
};

/** The call of a task, named; `sample` tells apart those of one phase. */
export function stepOf(taskId: string, phase: string, iteration: number, sample = 1): string {
  return `${taskId}/${phase}/${iteration}/${sample}`;
}

/** What the calls of one phase of a task have in common. */
const phaseOfStep = (step: string): string => step.slice(0, step.lastIndexOf('/'));

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
  /** Calls begun and not ended, by phase of a task. */
  let inFlight = new Map<string, number>();
  let plan: readonly TaskSpec[] | undefined;
  let ended = false;
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
      case 'phase-started': {
        const key = `${event.taskId}/${event.phase}/${event.iteration}`;
        if (event.phase !== 'validate') inFlight.set(key, (inFlight.get(key) ?? 0) + 1);
        break;
      }
      case 'call-finished': {
        const { phase, model, taskId, step, answer, latencyMs } = event;
        const cost = toNano(event.costUsd);
        spent[phase] += cost;
        spentByModel.set(model, (spentByModel.get(model) ?? 0) + cost);
        if (taskId !== undefined) taskCosts.set(taskId, (taskCosts.get(taskId) ?? 0) + cost);
        if (step === undefined) break;
        const key = phaseOfStep(step);
        inFlight.set(key, (inFlight.get(key) ?? 0) - 1);
        if (answer !== undefined) answers.set(step, { model, ...answer, cost, latencyMs });
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
        // An orderly end waits for its calls: nothing is in flight.
        inFlight = new Map();
        ended = true;
        attemptsAtEnd = attempts.length;
        break;
      }
      case 'run-started': {
        ended = false;
        break;
      }
      case 'run-estimated':
      case 'task-started':
      case 'notice':
      case 'heartbeat': {
        break;
      }
    }
  }

  // Planning is the first thing that a run does, and nothing announces it.
  if (events.length > 0 && plan === undefined && !ended && spent.decomposition === 0) {
    inFlight.set(phaseOfStep(stepOf('', 'decompose', 1)), 1);
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
    takeInterrupted(step) {
      const key = phaseOfStep(step);
      const count = inFlight.get(key) ?? 0;
      if (count <= 0) return false;
      inFlight.set(key, count - 1);
      return true;
    },
  };
}
