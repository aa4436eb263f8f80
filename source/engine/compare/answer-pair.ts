import type { TaskSpec } from '../../domain/run-event.ts';
import type { PriorWork, TaskBrief } from '../../domain/prompts.ts';
import type { RunContext } from '../context.ts';
import { supportingModels } from '../routes.ts';
import { report, withinTime } from '../run-tasks.ts';
import { makeAttempt } from '../tasks/make-attempt.ts';
import type { TaskEnd } from '../tasks/run-task.ts';
import type { TaskWork } from '../tasks/task-work.ts';
import { traceTask } from '../tracing/index.ts';
import { requirementsOf, validatorsOf } from '../validators/index.ts';

/** A task that both models are given, and what it builds on. */
export type ComparedItem = {
  prompt: string;
  criteria: string;
  validators: readonly unknown[];
  priorWork: readonly PriorWork[];
};

export type PairOutcome =
  | { kind: 'pair'; scores: { a: number; b: number } }
  /** One of the two is no evidence: its model could not be reached, or its judges differ. */
  | { kind: 'dropped' }
  | { kind: 'no-budget' }
  | { kind: 'no-judge'; message: string };

type Side = { score: number; judges?: readonly string[] } | 'no-budget' | 'nothing';

/** Both answers to one task, judged by the same judges. */
export async function answerPair(
  context: RunContext,
  pair: {
    models: readonly [a: string, b: string];
    item: ComparedItem;
    tasks: readonly [a: TaskSpec, b: TaskSpec];
  },
): Promise<PairOutcome> {
  const { models, item, tasks } = pair;
  const judges = judgesOf(context, models, tasks[0].type);
  const [first] = judges;
  if (first === undefined) {
    return {
      kind: 'no-judge',
      message: `Nobody but ${models.join(' and ')} can be asked to judge: configure a third model.`,
    };
  }
  const noticed = new Set<string>();
  const answer = async (task: TaskSpec, model: string): Promise<Side> => {
    context.emit({ type: 'task-started', taskId: task.id, taskType: task.type });
    return traceTask(task, async (span) => {
      let side: Side = 'nothing';
      const end = await withinTime(context, task, { span, noticed }, async (work) => {
        const made = await attemptOf(work, { item, model, judges });
        ({ side } = made);
        return made.end;
      });
      report(context, task, end, span);
      return side;
    });
  };
  const [a, b] = await Promise.all([answer(tasks[0], models[0]), answer(tasks[1], models[1])]);
  if (a === 'no-budget' || b === 'no-budget') return { kind: 'no-budget' };
  if (a === 'nothing' || b === 'nothing' || !areJudgedAlike(a, b)) return { kind: 'dropped' };
  return { kind: 'pair', scores: { a: a.score, b: b.score } };
}

/** What failed scores 0, whoever would have judged it. */
function areJudgedAlike({ judges }: Judges, { judges: others }: Judges): boolean {
  return judges === undefined || others === undefined || judges.join('\0') === others.join('\0');
}

type Judges = { judges?: readonly string[] };

/** Neither of the two judges: it would know its own answer, or a rival's. */
function judgesOf(context: RunContext, models: readonly string[], taskType: string): string[] {
  const request = { role: 'judge', taskTypes: ['evaluation', taskType], exclude: models } as const;
  return supportingModels(context, request).map(({ model }) => model);
}

async function attemptOf(
  work: TaskWork,
  { item, model, judges }: { item: ComparedItem; model: string; judges: readonly string[] },
): Promise<{ end: TaskEnd; side: Side }> {
  const specs = validatorsOf(work.task);
  const requirements = requirementsOf(specs);
  const brief: TaskBrief = {
    type: work.task.type,
    instructions: item.prompt,
    criteria: item.criteria,
    ...(requirements.length === 0 ? {} : { requirements }),
  };
  const outcome = await makeAttempt(work, {
    brief,
    specs,
    priorWork: item.priorWork,
    iteration: 1,
    model,
    outputShare: 1,
    // Nobody else could have been chosen.
    propensity: () => 1,
    judges,
  });
  if (outcome.kind === 'none') {
    const { reason, message } = outcome;
    const isMoney = reason === 'no-budget';
    const why = isMoney ? 'no-budget' : reason === 'aborted' ? 'stopped' : 'no-model';
    return { end: { why, attempts: [], message }, side: isMoney ? 'no-budget' : 'nothing' };
  }
  const { attempt } = outcome;
  const end: TaskEnd = { why: 'done', attempts: [attempt], best: attempt };
  if (attempt.output === undefined) return { end, side: { score: 0 } };
  const { score, judges: asked } = attempt;
  if (score === undefined || asked === undefined) return { end, side: 'nothing' };
  return { end, side: { score, judges: asked } };
}
