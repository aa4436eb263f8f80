import type { LanguageModelV4, LanguageModelV4FinishReason } from '@ai-sdk/provider';
import {
  ModelCallError,
  type FinishReason,
  type ModelClient,
  type ModelRequest,
  type ModelResponse,
} from '../domain/model-api.ts';
import type { Clock } from '../domain/runtime.ts';
import type { Adapter, ModelFactory } from './adapters.ts';
import { callErrorOf } from './call-error.ts';
import { tokenUsageOf } from './usage.ts';

/** A provider as the client calls it. */
export type ConnectedProvider = {
  name: string;
  adapter: Adapter;
  jsonMode: boolean;
  keyVariables: readonly string[];
  apiKey?: string;
  baseUrl?: string;
};

/** Answers requests for the given models (id → provider) through the providers' own interfaces. */
export function createModelClient(options: {
  providerOfModel: ReadonlyMap<string, ConnectedProvider>;
  fetch: typeof fetch;
  clock: Clock;
}): ModelClient {
  const { providerOfModel, fetch, clock } = options;
  const factories = new Map<string, Promise<ModelFactory>>();
  const models = new Map<string, Promise<LanguageModelV4>>();

  const factoryOf = (provider: ConnectedProvider): Promise<ModelFactory> =>
    remembered(factories, provider.name, () => provider.adapter.load({ ...provider, fetch }));

  // Making a model builds its schemas, which takes longer than the rest of a call.
  const modelOf = (id: string, provider: ConnectedProvider): Promise<LanguageModelV4> =>
    remembered(models, id, async () => (await factoryOf(provider))(id));

  return {
    async generate(request) {
      const provider = providerOfModel.get(request.model);
      if (provider === undefined) {
        throw new ModelCallError(
          'unknown-model',
          `No provider is configured for ${request.model}: add it under models: in the configuration.`,
        );
      }
      let sent = false;
      try {
        const model = await modelOf(request.model, provider);
        request.signal?.throwIfAborted();
        sent = true;
        return await call(model, provider, request);
      } catch (error) {
        throw callErrorOf(error, {
          provider: provider.name,
          model: request.model,
          keyVariables: provider.keyVariables,
          secrets: provider.apiKey === undefined ? [] : [provider.apiKey],
          prompts: [request.prompt, request.system ?? ''],
          sent,
          now: clock(),
          ...(provider.baseUrl === undefined ? {} : { baseUrl: provider.baseUrl }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        });
      }
    },
  };
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

async function call(
  model: LanguageModelV4,
  provider: ConnectedProvider,
  request: ModelRequest,
): Promise<ModelResponse> {
  const { system, prompt, maxOutputTokens, temperature, signal } = request;
  const result = await model.doGenerate({
    prompt: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: [{ type: 'text', text: prompt }] },
    ],
    maxOutputTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(request.json === true && provider.jsonMode ? { responseFormat: { type: 'json' } } : {}),
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(provider.adapter.options === undefined
      ? {}
      : { providerOptions: provider.adapter.options }),
  });
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const usage = tokenUsageOf(result.usage, text);
  const { id: responseId, modelId: servedModel } = result.response ?? {};
  return {
    text,
    finishReason: finishReasons[result.finishReason.unified],
    ...(usage === undefined ? {} : { usage }),
    ...(servedModel === undefined ? {} : { servedModel }),
    ...(responseId === undefined ? {} : { responseId }),
  };
}

/** Why the model stopped, in our words. */
const finishReasons: Record<LanguageModelV4FinishReason['unified'], FinishReason> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'refusal',
  'tool-calls': 'other',
  error: 'other',
  interrupted: 'other',
  other: 'other',
};
