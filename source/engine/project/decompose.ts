import { OrchestratorError } from '../../domain/errors.ts';
import { planPrompt } from '../../domain/prompts.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import { supportingOutputTokens } from '../constants.ts';
import type { CallFailureReason } from '../calls/call.ts';
import type { RunContext } from '../context.ts';
import { supportingModels } from '../routes.ts';
import { stepOf } from '../replay.ts';
import { waitForRecovery, waitsAtMost } from '../tasks/wait-for-models.ts';
import { readPlan } from './plan-schema.ts';

export type DecompositionErrorCode = 'no-model' | 'no-plan' | 'no-budget' | 'stopped';

/** The project could not be split into tasks. */
export class DecompositionError extends OrchestratorError<DecompositionErrorCode> {
  override readonly name = 'DecompositionError';
}

/** Models asked one after the other when they cannot be reached. */
const modelsAtMost = 4;

/**
 * Has a model split the project into tasks. A plan that cannot be used is sent back once with what is
 * wrong with it.
 */
export async function decompose(context: RunContext): Promise<TaskSpec[]> {
  const { project, criteria, ownTaskTypes = [] } = context.options;
  const first = await ask(context, planPrompt({ project, criteria, ownTaskTypes }), 1);
  const plan = readPlan(first, ownTaskTypes);
  if ('tasks' in plan) return plan.tasks;
  context.say({
    type: 'notice',
    message: `The plan was not usable, so it was asked for again: ${plan.problems.join(' ')}`,
  });
  const rejected = { answer: first.slice(0, 20_000), problems: plan.problems };
  const second = await ask(context, planPrompt({ project, criteria, ownTaskTypes, rejected }), 2);
  const repaired = readPlan(second, ownTaskTypes);
  if ('tasks' in repaired) return repaired.tasks;
  throw new DecompositionError(
    'no-plan',
    `The project could not be split into tasks, even when asked again (${repaired.problems.join(' ')}): describe it in more detail, or list its tasks in a project file.`,
  );
}

async function ask(
  context: RunContext,
  prompt: ReturnType<typeof planPrompt>,
  round: number,
): Promise<string> {
  let tried: string[] = [];
  let waits = 0;
  let lastReason: CallFailureReason | undefined;
  let lastMessage = '';
  const passing = new Set<string>();
  for (;;) {
    const [chosen] = supportingModels(context, {
      taskTypes: ['complex_reasoning', 'evaluation'],
      exclude: tried,
    });
    if (chosen === undefined || tried.length >= modelsAtMost) {
      // Those that were tried may only be loading, or asked to be left alone.
      if (waits >= waitsAtMost || !(await mayComeBack(context, passing))) break;
      waits += 1;
      tried = tried.filter((model) => !passing.has(model));
      continue;
    }
    tried.push(chosen);
    const result = await context.caller.call({
      step: stepOf('', 'decompose', round),
      role: 'planner',
      model: chosen,
      prompt,
      maxOutputTokens: supportingOutputTokens.decomposition,
      json: true,
      scopes: context.scopes,
    });
    if (result.ok) return result.text;
    lastReason = result.reason;
    lastMessage = result.message;
    if (lastReason === 'aborted') break;
    if (passingReasons.has(lastReason)) passing.add(chosen);
    context.say({
      type: 'notice',
      message: `${chosen} could not plan the project (${result.reason}): ${result.message}`,
    });
  }
  throw failed(lastReason, lastMessage);
}

/** Failures after which the same model may plan a while later. */
const passingReasons: ReadonlySet<CallFailureReason> = new Set([
  'rate-limited',
  'overloaded',
  'network',
  'timed-out',
  'unhealthy',
]);

function mayComeBack(context: RunContext, passing: ReadonlySet<string>): Promise<boolean> {
  const { scopes, say } = context;
  return waitForRecovery(context, {
    scopes,
    excluded: (model) => !passing.has(model),
    notice: (message) => void say({ type: 'notice', message }),
  });
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
