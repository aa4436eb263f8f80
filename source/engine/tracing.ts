import {
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { defined } from '../domain/defined.ts';
import type { ModelCallError, ModelResponse } from '../domain/model-api.ts';
import type { RunStatus } from '../domain/run-event.ts';
import type { NamedTaskResult } from '../domain/task-result.ts';
import type { TaskType } from '../domain/task-type.ts';
import type { CallRequest } from './calls/call.ts';

/**
 * OpenTelemetry through its API alone: without an SDK, which the user brings, all of this does
 * nothing. Names follow the semantic conventions for generative AI; what they do not know is under
 * `orchestrator.*`. Prompts and outputs are never recorded.
 */
const tracer = () => trace.getTracer('multi-llm-orchestrator');

/** The provider names of the conventions, by what this project calls them. */
const conventionalProviders: Record<string, string> = {
  google: 'gcp.gemini',
  deepseek: 'deepseek',
  moonshotai: 'moonshot_ai',
};

export type CallSpan = {
  answered(response: ModelResponse, costUsd: number): void;
  failed(error: ModelCallError): void;
};

/** One HTTP call to a model; a child of its task's span, or of the run's. */
export function traceCall(request: CallRequest, provider: string): CallSpan {
  const { model, maxOutputTokens, temperature, role, step, json } = request;
  const span = tracer().startSpan(`chat ${model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': conventionalProviders[provider] ?? provider,
      'gen_ai.request.model': model,
      'gen_ai.request.max_tokens': maxOutputTokens,
      ...defined({ 'gen_ai.request.temperature': temperature }),
      ...(json === true ? { 'gen_ai.output.type': 'json' } : { 'gen_ai.output.type': 'text' }),
      'orchestrator.role': role,
      'orchestrator.step': step,
    },
  });
  return {
    answered({ finishReason, usage }, costUsd) {
      span.setAttributes({
        'gen_ai.response.finish_reasons': [finishReason],
        'orchestrator.cost_usd': costUsd,
        ...(usage === undefined
          ? {}
          : {
              'gen_ai.usage.input_tokens': usage.inputTokens,
              'gen_ai.usage.output_tokens': usage.outputTokens,
              'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
            }),
      });
      span.end();
    },
    failed({ code, status }) {
      span.setAttributes({
        'error.type': status === undefined ? code : String(status),
        'orchestrator.error': code,
      });
      span.setStatus({ code: SpanStatusCode.ERROR, message: code });
      span.end();
    },
  };
}

/** Runs the work of a whole run inside its span. */
export async function traceRun<Outcome extends { status: RunStatus; spentUsd: number }>(
  projectId: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  return inSpan(
    'orchestrator.run',
    { 'gen_ai.operation.name': 'invoke_workflow', 'orchestrator.project.id': projectId },
    async (span) => {
      const outcome = await work();
      span.setAttributes({
        'orchestrator.run.status': outcome.status,
        'orchestrator.cost_usd': outcome.spentUsd,
      });
      if (outcome.status === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
      return outcome;
    },
  );
}

export type TaskSpan = {
  evaluated(score: number, judge: string): void;
  finished(result: NamedTaskResult): void;
};

/** Runs one task inside its span. */
export async function traceTask<Outcome>(
  task: { id: string; type: TaskType },
  work: (span: TaskSpan) => Promise<Outcome>,
): Promise<Outcome> {
  const attributes = { 'orchestrator.task.id': task.id, 'orchestrator.task.type': task.type };
  return inSpan('orchestrator.task', attributes, (span) =>
    work({
      evaluated(score, judge) {
        span.addEvent('gen_ai.evaluation.result', {
          'gen_ai.evaluation.name': 'judge',
          'gen_ai.evaluation.score.value': score,
          'orchestrator.judge.model': judge,
        });
      },
      finished({ model, score, costUsd, iterations }) {
        span.setAttributes({
          'orchestrator.task.model': model,
          ...defined({ 'orchestrator.task.score': score }),
          'orchestrator.task.iterations': iterations,
          'orchestrator.cost_usd': costUsd,
        });
      },
    }),
  );
}

async function inSpan<Outcome>(
  name: string,
  attributes: Record<string, string>,
  work: (span: Span) => Promise<Outcome>,
): Promise<Outcome> {
  const parent: Context = context.active();
  const span = tracer().startSpan(name, { attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
    throw error;
  } finally {
    span.end();
  }
}
