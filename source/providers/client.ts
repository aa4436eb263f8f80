import { APICallError, type LanguageModelV4FinishReason } from '@ai-sdk/provider';
import { defined } from '../domain/defined.ts';
import {
  ModelCallError,
  type FinishReason,
  type ModelClient,
  type ModelRequest,
  type ModelResponse,
} from '../domain/model-api.ts';
import type { Clock } from '../domain/runtime.ts';
import { redactSecrets } from '../domain/secrets.ts';
import { bodyOf, callErrorOf, type FailedCall } from './call-error.ts';
import {
  chooseAddress,
  connectModel,
  type AddressChoice,
  type ConnectedProvider,
  type ModelConnection,
} from './connection.ts';
import { readErrorBody } from './error-body.ts';
import { causesOf } from './network-fault.ts';
import { withoutEchoes } from './quote.ts';
import type { Transport } from './transport.ts';
import { tokenUsageOf } from './usage.ts';

/** Forms in which one request is tried at most, where the server refuses the usual one. */
const formsAtMost = 8;

/** Answers requests for the given models (id → provider) through the providers' own interfaces. */
export function createModelClient(options: {
  providerOfModel: ReadonlyMap<string, ConnectedProvider>;
  transport: Transport;
  maxResponseBytes: number;
  /** Beside the keys: what no message may hold. */
  secrets: readonly string[];
  clock: Clock;
}): ModelClient {
  const { providerOfModel, transport, maxResponseBytes: maxBytes, clock } = options;
  const choices = new Map<string, AddressChoice>();
  const models = new Map<string, Promise<ModelConnection>>();

  const choiceOf = ({ name, address }: ConnectedProvider): AddressChoice =>
    remembered(choices, name, () => chooseAddress(address));
  // Making a model builds its schemas, which takes longer than the rest of a call.
  const modelOf = (id: string, provider: ConnectedProvider): Promise<ModelConnection> =>
    remembered(models, id, () =>
      connectModel(id, provider, { transport, maxBytes, choice: choiceOf(provider) }),
    );

  return {
    async generate(request) {
      const provider = providerOfModel.get(request.model);
      if (provider === undefined) {
        throw new ModelCallError(
          'unknown-model',
          `No provider is configured for ${request.model}: add it under models: in the configuration.`,
        );
      }
      const choice = choiceOf(provider);
      let sent = false;
      let notFound: ModelCallError | undefined;
      for (let form = 1; ; form += 1) {
        const address = choice.index();
        let connection: ModelConnection | undefined;
        try {
          refuseUnsendableKey(provider);
          connection = await modelOf(request.model, provider);
          request.signal?.throwIfAborted();
          sent = true;
          const response = await call(connection, provider, request, options.secrets);
          choice.answered();
          return response;
        } catch (error) {
          const failure = callErrorOf(error, {
            ...failedCall(provider, request, options.secrets),
            sent,
            now: clock(),
          });
          // Of several addresses at which nothing was found, the likeliest is the one to speak of.
          if (isNotFound(failure)) notFound ??= failure;
          const mayAdapt = form < formsAtMost && request.signal?.aborted !== true;
          if (mayAdapt && canBeSentOtherwise(error, failure, { connection, choice, address }))
            continue;
          throw isNotFound(failure) ? (notFound ?? failure) : failure;
        }
      }
    },
  };
}

/** Whether the request was refused in a way that its next form takes care of: nothing was answered. */
function canBeSentOtherwise(
  error: unknown,
  failure: ModelCallError,
  tried: { connection: ModelConnection | undefined; choice: AddressChoice; address: number },
): boolean {
  const { code, status = 0 } = failure;
  if (isNotFound(failure)) return tried.choice.notFound(tried.address);
  // Whatever else a server says, it is one that speaks this interface.
  if (status !== 0 && code !== 'network') tried.choice.answered();
  if (code !== 'bad-request' && status !== 422) return false;
  const answer = causesOf(error).find((cause) => APICallError.isInstance(cause));
  const body = readErrorBody(answer === undefined ? undefined : bodyOf(answer));
  if (body === undefined) return false;
  const { prose: message, parameter } = body;
  return tried.connection?.adaptTo({ message, ...defined({ parameter }) }) === true;
}

/** The model or the address: servers do not always say which. */
const isNotFound = ({ status }: ModelCallError): boolean => status === 404 || status === 405;

/** A line break, a curly quote or the quotes of a file come with a key when it is copied; none is part of one. */
function refuseUnsendableKey({ name, apiKey, keyVariable }: ConnectedProvider): void {
  if (apiKey === undefined || keyVariable === undefined) return;
  if (/^[\u0021-\u007e]+$/.test(apiKey) && !/^(["'`]).*\1$/.test(apiKey)) return;
  throw new ModelCallError(
    'misconfigured',
    `What ${keyVariable} holds cannot be a key of ${name} (it has quotes around it, or a space, a line break or another character within that no key has), so nothing is sent: set ${keyVariable} to the key alone.`,
  );
}

function failedCall(
  provider: ConnectedProvider,
  request: ModelRequest,
  secrets: readonly string[],
): Omit<FailedCall, 'sent' | 'now'> {
  const { name, keyVariable, keyVariables, apiKey, addressSetting } = provider;
  return {
    provider: name,
    model: request.model,
    keyVariables: keyVariable === undefined ? keyVariables : [keyVariable],
    addressSetting,
    secrets: apiKey === undefined ? secrets : [apiKey, ...secrets],
    prompts: [request.prompt, request.system ?? ''],
    ...defined({ signal: request.signal }),
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
  connection: ModelConnection,
  provider: ConnectedProvider,
  request: ModelRequest,
  secrets: readonly string[],
): Promise<ModelResponse> {
  const standIn = connection.longTexts.standIn(request.prompt);
  try {
    return await ask(connection, provider, { ...request, prompt: standIn.text }, secrets);
  } finally {
    standIn.release();
  }
}

async function ask(
  { model }: ModelConnection,
  provider: ConnectedProvider,
  request: ModelRequest,
  secrets: readonly string[],
): Promise<ModelResponse> {
  const { system, prompt, maxOutputTokens, temperature, signal } = request;
  const result = await model.doGenerate({
    prompt: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: [{ type: 'text', text: prompt }] },
    ],
    maxOutputTokens,
    ...defined({ temperature }),
    ...(request.json === true && provider.jsonMode ? { responseFormat: { type: 'json' } } : {}),
    ...defined({ abortSignal: signal, providerOptions: provider.adapter.options }),
  });
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const usage = tokenUsageOf(result.usage, text);
  const { id, modelId } = result.response ?? {};
  // They are kept for good, and a server can put into them what it was sent.
  const known = provider.apiKey === undefined ? secrets : [provider.apiKey, ...secrets];
  const responseId = unlessSecret(id, known);
  const servedModel = unlessSecret(modelId, known);
  return {
    text,
    finishReason: finishReasonOf(result.finishReason),
    ...defined({ usage, servedModel, responseId }),
  };
}

/** A name that a server gave, unless any of it was made from a secret. */
function unlessSecret(name: string | undefined, secrets: readonly string[]): string | undefined {
  if (name === undefined) return undefined;
  const blanked = redactSecrets(withoutEchoes(name, secrets), secrets);
  return blanked === name ? name : undefined;
}

/** Ends that the adapters count among the usual ones, or do not know: there is no more to come. */
const brokenOff: ReadonlySet<string> = new Set([
  'pause_turn',
  'compaction',
  'LANGUAGE',
  'OTHER',
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
]);

function finishReasonOf({ unified, raw }: LanguageModelV4FinishReason): FinishReason {
  return raw !== undefined && brokenOff.has(raw) ? 'broken-off' : finishReasons[unified];
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
