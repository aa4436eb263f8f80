import { performance } from 'node:perf_hooks';
import { type Attributes, context, SpanKind, SpanStatusCode } from 'opentelemetry-api';
import { defined } from '../../domain/defined.ts';
import type { ModelCallError, ModelOffer, ModelResponse } from '../../domain/model-api.ts';
import type { CallRole } from '../../domain/model-call.ts';
import { answersOf } from './evaluations.ts';
import { measureCall } from './metrics.ts';
import { tracer } from './tracer.ts';

/** What is reported of a request: never a prompt. */
export type TracedRequest = {
  model: string;
  maxOutputTokens: number;
  temperature?: number;
  role: CallRole;
  step: string;
  json?: boolean;
  attempt?: number;
};

export type CallSpan = {
  answered(response: ModelResponse, costUsd: number, latencyMs: number): void;
  failed(error: ModelCallError, latencyMs: number): void;
};

/** One HTTP call to a model; a child of the span of its task, of the plan, or of the run. */
export function traceCall(request: TracedRequest, offer: ModelOffer): CallSpan {
  const { model, maxOutputTokens, temperature, role, step, json, attempt } = request;
  const common = attributesOf(model, offer);
  const span = tracer().startSpan(`chat ${model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      ...common,
      'gen_ai.request.max_tokens': maxOutputTokens,
      ...defined({ 'gen_ai.request.temperature': temperature }),
      ...(json === true ? { 'gen_ai.output.type': 'json' } : {}),
      'orchestrator.role': role,
      'orchestrator.step': step,
    },
  });
  const answers = answersOf(context.active());
  return {
    answered(response, costUsd, latencyMs) {
      const { finishReason, usage, servedModel, responseId } = response;
      const served = defined({ 'gen_ai.response.model': servedModel });
      span.setAttributes({
        ...served,
        ...defined({ 'gen_ai.response.id': responseId }),
        'gen_ai.response.finish_reasons': [finishReason],
        'orchestrator.cost_usd': costUsd,
        ...(usage === undefined ? {} : usageOf(usage)),
      });
      measureCall({ ...common, ...served }, latencyMs, usage);
      const isAnswer = role === 'generator' || role === 'reviser';
      if (isAnswer && attempt !== undefined && answers !== undefined) {
        answers.keep(attempt, { span, endedAt: performance.now(), ...defined({ responseId }) });
      } else span.end();
    },
    failed({ code, status }, latencyMs) {
      const error = { 'error.type': status === undefined ? code : String(status) };
      span.setAttributes({ ...error, 'orchestrator.error': code });
      span.setStatus({ code: SpanStatusCode.ERROR, message: code });
      measureCall({ ...common, ...error }, latencyMs);
      span.end();
    },
  };
}

/** What spans and metrics say of every call. */
function attributesOf(model: string, { provider, server }: ModelOffer): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': server?.conventionalProvider ?? provider,
    'gen_ai.request.model': model,
    ...(server === undefined
      ? {}
      : { 'server.address': server.address, 'server.port': server.port }),
  };
}

/** Unknown is not 0: what the provider does not report is left out. */
function usageOf(usage: NonNullable<ModelResponse['usage']>): Attributes {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    'gen_ai.usage.cache_read.input_tokens': cachedInputTokens,
    ...defined({
      'gen_ai.usage.cache_creation.input_tokens': cacheWriteTokens,
      'gen_ai.usage.reasoning.output_tokens': reasoningTokens,
    }),
  };
}
