import { APICallError } from '@ai-sdk/provider';
import { ModelCallError, type ModelCallErrorCode } from '../domain/model-api.ts';
import { ResponseTooLargeError } from './bounded-fetch.ts';
import { callCodeOf } from './call-code.ts';
import { readErrorBody } from './error-body.ts';
import { causesOf, networkFaultOf } from './network-fault.ts';
import { quotable } from './quote.ts';
import { retryAfterMs } from './retry-after.ts';

/** What is known of a call beside the error it ended in. */
export type FailedCall = {
  provider: string;
  model: string;
  /** The environment variables that may hold the key, for the remedy. */
  keyVariables: readonly string[];
  baseUrl?: string;
  /** Never in a message: keys, and what was sent. */
  secrets: readonly string[];
  prompts: readonly string[];
  signal?: AbortSignal;
  /** Whether the request got as far as the network. */
  sent: boolean;
  /** Unix seconds. */
  now: number;
};

/**
 * Says in our words how a call failed. The original error is not kept as the cause: it holds the
 * prompt, the answer and sometimes the key.
 */
export function callErrorOf(error: unknown, call: FailedCall): ModelCallError {
  const causes = causesOf(error);
  if (call.signal?.aborted === true) return endedBySignal(call, call.signal);
  if (causes.some((cause) => cause instanceof ResponseTooLargeError)) return tooLarge(call);
  const answered = causes.find((cause) => APICallError.isInstance(cause));
  const fault = networkFaultOf(error);
  if (fault !== undefined) {
    const said = fault.timedOut ? 'did not answer in time' : 'could not be reached';
    return new ModelCallError(
      fault.timedOut ? 'timed-out' : 'network',
      `${call.provider} ${fault.sent && !fault.timedOut ? 'broke off the connection' : said} (${fault.code}): ${checkServer(call)}.`,
      { mayHaveCost: fault.sent, isRetryable: fault.passing },
    );
  }
  if (answered?.statusCode !== undefined) return fromAnswer(answered, answered.statusCode, call);
  if (answered !== undefined || isUnusableAnswer(error))
    return unusable(call, 'an answer without content');
  return new ModelCallError(
    'bad-request',
    `The request to ${call.model} of ${call.provider} could not be made (${causes.at(-1)?.name ?? 'unknown error'}): check the provider's settings in the configuration.`,
    { mayHaveCost: false },
  );
}

function endedBySignal(call: FailedCall, signal: AbortSignal): ModelCallError {
  const reason: unknown = signal.reason;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? new ModelCallError(
        'timed-out',
        `${call.model} of ${call.provider} did not answer in time: allow more time or use a faster model.`,
        { mayHaveCost: call.sent },
      )
    : new ModelCallError('aborted', `The call to ${call.model} of ${call.provider} was stopped.`, {
        mayHaveCost: call.sent,
      });
}

function tooLarge(call: FailedCall): ModelCallError {
  return new ModelCallError(
    'invalid-response',
    `${call.provider} sent more than a model's answer can hold: ${checkServer(call)}.`,
    { mayHaveCost: true },
  );
}

function unusable(call: FailedCall, what: string, status?: number): ModelCallError {
  return new ModelCallError(
    'invalid-response',
    `${call.provider} sent ${what}: ${checkServer(call)}.`,
    { mayHaveCost: true, ...(status === undefined ? {} : { status }) },
  );
}

function fromAnswer(error: APICallError, status: number, call: FailedCall): ModelCallError {
  const body = readErrorBody(error.responseBody);
  const succeeded = status >= 200 && status < 300;
  if (succeeded && body === undefined) {
    return /^\s*</.test(error.responseBody ?? '')
      ? unusable(call, `a web page instead of an answer (status ${status})`, status)
      : unusable(call, `an answer that is not of its interface (status ${status})`, status);
  }
  const code = callCodeOf(status, body);
  const wait = retryAfterMs(error.responseHeaders ?? {}, call.now) ?? body?.retryAfterMs;
  const quote = quotable(body?.message, call);
  const remark = quote === undefined ? `${status}` : `${status}, "${quote}"`;
  const { said, remedy } = wordings[code];
  return new ModelCallError(code, `${said(call)} (${remark}): ${remedy(call)}.`, {
    status,
    // An error inside a success came instead of an answer; a gateway gave up on one being made.
    mayHaveCost: code === 'timed-out' || code === 'invalid-response',
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** The SDK's words for an answer that parsed and held nothing. */
function isUnusableAnswer(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^AI_(?:NoContentGenerated|InvalidResponseData|EmptyResponseBody|JSONParse|TypeValidation)Error$/.test(
      error.name,
    )
  );
}

/** What happened, and what to do about it. */
type Wording = { said: (call: FailedCall) => string; remedy: (call: FailedCall) => string };

const later = (): string => 'try again later, or use another model';
const failedToAnswer: Wording = {
  said: ({ provider, model }) => `${provider} failed to answer for ${model}`,
  remedy: later,
};

const wordings: Record<ModelCallErrorCode, Wording> = {
  'rate-limited': {
    said: ({ provider, model }) => `${provider} limits the rate of requests to ${model}`,
    remedy: later,
  },
  overloaded: failedToAnswer,
  network: failedToAnswer,
  aborted: failedToAnswer,
  'invalid-response': failedToAnswer,
  'timed-out': {
    said: ({ provider, model }) => `${provider} did not answer for ${model} in time`,
    remedy: later,
  },
  unauthorized: {
    said: ({ provider, model }) => `${provider} refused the key for ${model}`,
    remedy: ({ keyVariables }) =>
      keyVariables.length === 0
        ? 'name the variable that holds its key as apiKeyEnv in the configuration'
        : `check ${keyVariables.join(' or ')}`,
  },
  'out-of-credit': {
    said: ({ provider }) => `${provider} has no credit left for this key`,
    remedy: () => 'top it up, or block its models by policy',
  },
  'unknown-model': {
    said: ({ provider, model }) => `${provider} has no model ${model}`,
    remedy: () => 'check the id under models: in the configuration',
  },
  'bad-request': {
    said: ({ provider, model }) => `${provider} refused the request to ${model}`,
    remedy: () => 'shorten the task, or use another model',
  },
};

function checkServer({ provider, baseUrl }: FailedCall): string {
  return baseUrl === undefined
    ? 'check the network, and any proxy'
    : `check the server, and baseUrl of ${provider} in the configuration`;
}
