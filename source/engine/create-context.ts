import { performance } from 'node:perf_hooks';
import { defined } from '../domain/defined.ts';
import type { RunEvent, RunEventOf } from '../domain/run-event.ts';
import { applyRunEvent, emptyRunState, type RunState } from '../domain/run-state.ts';
import {
  createJudgeRecord,
  createProfileStore,
  type JudgeRecord,
  medianStrength,
  type ProfileStore,
  routableModel,
  strengthOf,
  type SupportCall,
} from '../routing/index.ts';
import { createCaller } from './calls/caller.ts';
import { createReasoningRoom } from './calls/reasoning-room.ts';
import type { Tuning } from './constants.ts';
import type { RunContext } from './context.ts';
import { createCostBounds } from './money/cost-bounds.ts';
import { createSupervision } from './money/supervision.ts';
import { createBudgetLedger } from './money/budget-ledger.ts';
import { toNano } from '../domain/nano-dollars.ts';
import type { RunOptions } from './options.ts';
import { createResumeState } from './resume-state.ts';
import { createEmit } from './emit.ts';
import { answerKey, comparable, observationOf } from './tasks/observation.ts';
import type { Stopper } from './stopper.ts';

/** Everything that a run works with, with what earlier parts of it did already in its place. */
export function createContext(
  options: RunOptions,
  { stopper, tuning }: { stopper: Stopper; tuning: Tuning },
): RunContext {
  const resume = createResumeState(options.resumeFrom);
  const bounds = createCostBounds();
  const state = options.state ?? stateOf(options);
  const { simulatedTime } = options;
  const ledger = createBudgetLedger(toNano(options.budgetUsd), state.money, (calls) =>
    simulatedTime?.waitForMoney(calls),
  );
  const offers = new Map(options.offers.map((offer) => [offer.id, offer]));
  const { projectId, clock, secrets = [] } = options;
  const judges = createJudges(options);
  const sink = (event: RunEvent): unknown => {
    if (event.type === 'call-finished') judges.note(supportCallOf(event));
    return options.emit(event);
  };
  const emit = createEmit({ projectId, clock, secrets, state, sink });
  const caller = createCaller({
    offers,
    client: options.client,
    ledger,
    bounds,
    resume,
    lastCallId: state.lastCallId,
    emit,
    random: options.random,
    tuning,
    // A task has at most two calls at once: its two judgements.
    callsPerProvider: Math.max(1, Math.floor(options.concurrency)) * 2,
    now: () => simulatedTime?.elapsedMs() ?? performance.now(),
    onUnrecorded: () => stopper.stop('unrecorded', unrecordedMessage),
  });
  const profiles = createProfiles(options, options.history);
  const observed = createProfiles(options, []);
  for (const event of options.resumeFrom ?? []) {
    if (event.type === 'call-finished') judges.note(supportCallOf(event));
  }
  for (const attempt of resume.attempts) {
    profiles.observe(comparable({ judges }, attempt.taskId, attempt));
  }
  const unrecorded = options.snapshotsRecorded === true ? resume.attemptsSinceEnd : resume.attempts;
  for (const attempt of unrecorded) observed.observe(observationOf(attempt));
  return {
    options,
    tuning,
    offers,
    profiles,
    observed,
    judges,
    supervision: createSupervision(state, options.supervision),
    ledger,
    bounds,
    state,
    caller,
    room: createReasoningRoom(),
    resume,
    emit,
    signals: stopper.signals,
    stopReason: () => stopper.stopped()?.reason,
    progress: () => (state.plan.length === 0 ? 0 : state.results.length / state.plan.length),
  };
}

/** The events of the earlier parts of a run, in one. */
function stateOf({ projectId, resumeFrom = [] }: RunOptions): RunState {
  const state = emptyRunState(projectId);
  for (const event of resumeFrom) applyRunEvent(state, event);
  return state;
}

const unrecordedMessage =
  'The journal of this run cannot be written, so no call is made that a continuation would not know of: free some space, then continue with --resume.';

/** With what the past says of them; the weaker a model is taken to be, the more it is doubted from the start. */
function createJudges({ offers, supportCalls = [] }: RunOptions): JudgeRecord {
  const models = offers.map(routableModel);
  const median = medianStrength(models);
  const doubts = new Map(
    models.map((model) => {
      const { last, value } = strengthOf(model);
      return [model.id, last ? 0.3 : value < median ? 0.2 : 0.1];
    }),
  );
  const judges = createJudgeRecord((model) => doubts.get(model) ?? 0.1);
  for (const call of supportCalls) judges.note(call);
  return judges;
}

function supportCallOf(event: RunEventOf<'call-finished'>): SupportCall {
  const { role, model, provider, outcome, subjectModel, taskType, taskId, attempt, score } = event;
  return {
    role,
    model,
    provider,
    outcome,
    ...defined({ subject: subjectModel, taskType, score }),
    ...(taskId === undefined ? {} : { answer: answerKey(taskId, attempt ?? 0) }),
  };
}

function createProfiles({ offers }: RunOptions, history: RunOptions['history']): ProfileStore {
  return createProfileStore({ models: offers.map(routableModel), history });
}
