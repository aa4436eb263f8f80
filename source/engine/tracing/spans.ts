import { type Attributes, context, type Span, SpanStatusCode, trace } from 'opentelemetry-api';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import type { RunStatus } from '../../domain/run-event.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { createAnswers, type Evaluation, withAnswers } from './evaluations.ts';
import { tracer } from './tracer.ts';

/**
 * OpenTelemetry through its API alone: without an SDK, which the user brings, all of this does
 * nothing. Names follow the semantic conventions for generative AI; what they do not know is under
 * `orchestrator.*`. Prompts and outputs are never recorded.
 */

/** What all runs are called: of names of runs there are too many. */
const workflow = 'orchestrator';

/** Runs the work of a whole run inside its span. */
export async function traceRun<Outcome extends { status: RunStatus; spentUsd: number }>(
  { projectId, tags = {} }: { projectId: string; tags?: Readonly<Record<string, string>> },
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  return inSpan(
    `invoke_workflow ${workflow}`,
    {
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': workflow,
      'orchestrator.project.id': projectId,
      ...Object.fromEntries(
        Object.entries(tags).map(([name, value]) => [`orchestrator.tag.${name}`, value]),
      ),
    },
    async (span) => {
      const outcome = await work();
      span.setAttributes({
        'orchestrator.run.status': outcome.status,
        'orchestrator.cost_usd': outcome.spentUsd,
      });
      if (outcome.status === 'failed') {
        span.setAttribute('error.type', outcome.status);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      return outcome;
    },
  );
}

/** Has a project split into tasks inside a span of its own, whose children are the planners' calls. */
export function tracePlan<Plan extends readonly unknown[]>(
  work: () => Promise<Plan>,
): Promise<Plan> {
  return inSpan('plan', { 'gen_ai.operation.name': 'plan' }, async (span) => {
    const plan = await work();
    span.setAttribute('orchestrator.plan.tasks', plan.length);
    return plan;
  });
}

export type TaskSpan = {
  evaluated(evaluation: Evaluation): void;
  finished(result: NamedTaskResult): void;
};

/** Runs one task inside its span. */
export async function traceTask<Outcome>(
  task: { id: string; type: TaskType },
  work: (span: TaskSpan) => Promise<Outcome>,
): Promise<Outcome> {
  const attributes = { 'orchestrator.task.id': task.id, 'orchestrator.task.type': task.type };
  return inSpan('orchestrator.task', attributes, async (span) => {
    const answers = createAnswers(span);
    const taskSpan: TaskSpan = {
      evaluated: (evaluation) => answers.evaluated(evaluation),
      finished({ model, score, costUsd, iterations }) {
        span.setAttributes({
          'orchestrator.task.model': model,
          ...defined({ 'orchestrator.task.score': score }),
          'orchestrator.task.iterations': iterations,
          'orchestrator.cost_usd': costUsd,
        });
      },
    };
    try {
      return await context.with(withAnswers(context.active(), answers), () => work(taskSpan));
    } finally {
      answers.close();
    }
  });
}

async function inSpan<Outcome>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<Outcome>,
): Promise<Outcome> {
  const parent = context.active();
  const span = tracer().startSpan(name, { attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

function errorType(error: unknown): string {
  if (error instanceof OrchestratorError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
