import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { noAnswerReason } from '../../domain/model-api.ts';
import { planPrompt } from '../../domain/prompts.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import { supportingOutputTokens } from '../constants.ts';
import type { CallFailure, CallFailureReason, CallResult } from '../calls/call.ts';
import { callWithRoom } from '../calls/call-with-room.ts';
import type { RunContext } from '../context.ts';
import { inspect } from '../inspection/index.ts';
import { supportingModels } from '../routes.ts';
import { callKey } from '../resume-state.ts';
import { waitForRecovery, waitsAtMost } from '../tasks/wait-for-models.ts';
import type { ReadPlan } from './read-plan.ts';

export type DecompositionErrorCode = 'no-model' | 'no-plan' | 'no-budget' | 'stopped';

/** The project could not be split into tasks. */
export class DecompositionError extends OrchestratorError<DecompositionErrorCode> {
  override readonly name = 'DecompositionError';
}

/** Models asked one after the other for a plan. */
const modelsAtMost = 4;
/** Times that a model is asked for a plan: once more with what was wrong with its first. */
const roundsAtMost = 2;

/** A rejected plan is shown to its planner up to here. */
const longestRejected = 20_000;

/** Why there is no plan from a model: it could not be had, or what it planned cannot be used. */
type NoPlan = { failure: CallFailure } | { problems: readonly string[] };

/**
 * Has a model split the project into tasks. A plan that cannot be used is sent back once with what is
 * wrong with it; then another model is asked. Where none can be reached, the first to come back is
 * waited for.
 */
export async function decompose(context: RunContext): Promise<TaskSpec[]> {
  /** Models that are not asked again, and those that are left alone until the next wait is over. */
  const excluded = new Set<string>();
  const coolingDown = new Set<string>();
  /** All that could not be had once: several waits may be needed until one can be called. */
  const mayReturn = new Set<string>();
  let last: NoPlan | undefined;
  for (let waits = 0; excluded.size < modelsAtMost;) {
    const model = nextPlanner(context, [...excluded, ...coolingDown]);
    if (model === undefined) {
      if (waits >= waitsAtMost || !(await waitForPlanner(context, mayReturn))) break;
      if (context.signals.admission.aborted) break;
      waits += 1;
      coolingDown.clear();
      continue;
    }
    const outcome = await planBy(context, model, excluded.size + coolingDown.size + 1);
    if ('tasks' in outcome) return outcome.tasks;
    // That a model could not be had says less than that another one did not manage.
    if ('problems' in outcome || last === undefined || 'failure' in last) last = outcome;
    if ('failure' in outcome && outcome.failure.reason === 'aborted') break;
    // It is left out for the rest of the run, which was said.
    if (context.caller.recoversInMs(model) === undefined) continue;
    const passing = 'failure' in outcome && mayPass.has(outcome.failure.reason);
    (passing ? coolingDown : excluded).add(model);
    if (passing) mayReturn.add(model);
    else mayReturn.delete(model);
    notice(context, noPlanMessage(model, outcome));
  }
  throw context.signals.admission.aborted ? failed('aborted', '') : errorOf(last);
}

/** Failures of a server that is there, after which it may do better a while later. */
const mayPass: ReadonlySet<CallFailureReason> = new Set([
  'overloaded',
  'network',
  'timed-out',
  'rate-limited',
  'unhealthy',
]);

function nextPlanner(context: RunContext, exclude: readonly string[]): string | undefined {
  const [chosen] = supportingModels(context, {
    role: 'planner',
    taskTypes: ['complex_reasoning', 'evaluation'],
    exclude,
  });
  return chosen?.model;
}

function waitForPlanner(context: RunContext, mayReturn: ReadonlySet<string>): Promise<boolean> {
  return waitForRecovery(context, {
    signals: context.signals,
    excluded: (model) => !mayReturn.has(model),
    notice: (message) => notice(context, message),
  });
}

/** One model's plan; `place` distinguishes its calls from those of other planners. */
async function planBy(
  context: RunContext,
  model: string,
  place: number,
): Promise<{ tasks: TaskSpec[] } | NoPlan> {
  const { project, criteria, ownTaskTypes = [] } = context.options;
  const brief = { project, criteria, ownTaskTypes };
  let rejected: { answer: string; problems: readonly string[] } | undefined;
  for (let round = 1; round <= roundsAtMost; round += 1) {
    const prompt = planPrompt({ ...brief, ...defined({ rejected }) });
    const result = await ask(context, {
      model,
      prompt,
      step: callKey('', 'decompose', round, place),
    });
    if (!result.ok) return { failure: result };
    const plan = await planIn(context, result);
    if ('tasks' in plan) return plan;
    rejected = { answer: result.text.slice(0, longestRejected), problems: plan.problems };
    // It would not answer otherwise if it were asked again.
    if (noAnswerReason(result.finishReason) !== undefined || result.cut === 'reasoning') break;
    if (round < roundsAtMost) {
      notice(
        context,
        `The plan of ${result.model} was not usable, so it was asked for again: ${plan.problems.join(' ')}`,
      );
    }
  }
  return { problems: rejected?.problems ?? [] };
}

function ask(
  context: RunContext,
  request: { model: string; prompt: ReturnType<typeof planPrompt>; step: string },
): Promise<CallResult> {
  const call = {
    ...request,
    role: 'planner' as const,
    maxOutputTokens: supportingOutputTokens.decomposition,
    json: true,
    signals: context.signals,
  };
  return callWithRoom(context, call, { onCut: (message) => notice(context, message) });
}

async function planIn(context: RunContext, result: CallResult & { ok: true }): Promise<ReadPlan> {
  const noAnswer = noAnswerReason(result.finishReason);
  if (noAnswer !== undefined) return { problems: [`There is no plan, since ${noAnswer}.`] };
  const { ownTaskTypes = [] } = context.options;
  const signal = context.signals.execution;
  const read = await inspect('plan', { answer: result.text, ownTaskTypes }, { signal });
  if (!read.ok) return { problems: [`The answer could not be read, because ${read.message}.`] };
  if ('tasks' in read.value || result.cut === undefined) return read.value;
  return {
    problems: [
      result.cut === 'reasoning'
        ? 'The output limit was used up by reasoning, before there was a plan.'
        : 'The plan was cut off at the output limit: plan fewer tasks, with shorter prompts.',
    ],
  };
}

function notice(context: RunContext, message: string): void {
  context.emit({ type: 'notice', message });
}

function noPlanMessage(model: string, outcome: NoPlan): string {
  return 'failure' in outcome
    ? `${model} could not plan the project (${outcome.failure.reason}): ${outcome.failure.message}`
    : `${model} gave no usable plan: ${outcome.problems.join(' ')}`;
}

function errorOf(last: NoPlan | undefined): DecompositionError {
  if (last === undefined) return failed(undefined, '');
  if ('failure' in last) return failed(last.failure.reason, last.failure.message);
  return new DecompositionError(
    'no-plan',
    `The project could not be split into tasks, even when asked again (${last.problems.join(' ')}): describe it in more detail, have other models plan, or list its tasks in a project file.`,
  );
}

function failed(reason: CallFailureReason | undefined, detail: string): DecompositionError {
  if (reason === 'aborted') return new DecompositionError('stopped', 'Stopped while planning.');
  if (reason === 'no-budget') {
    return new DecompositionError(
      'no-budget',
      'The budget is too small to plan the project: give more with --budget, or list the tasks in a project file.',
    );
  }
  return new DecompositionError(
    'no-model',
    `No model could plan the project (${detail === '' ? 'none is able and allowed' : detail}): check the keys, the policy and the network, then try again.`,
  );
}
