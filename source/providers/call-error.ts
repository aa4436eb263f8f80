import { APICallError } from '@ai-sdk/provider';
import { defined } from '../domain/defined.ts';
import { ModelCallError, type ModelCallErrorCode } from '../domain/model-api.ts';
import { ResponseTooLargeError } from './bounded-fetch.ts';
import { classify, factsOf } from './classify.ts';
import { readErrorBody } from './error-body.ts';
import { failureKinds, type FailureMeaning, type Named } from './failure-kinds.ts';
import { causesOf, networkFaultOf } from './network-fault.ts';
import { networkFailure } from './network-failure.ts';
import { quotable } from './quote.ts';
import { resetMs, retryAfterMs } from './retry-after.ts';

/** What is known of a call beside the error it ended in. */
export type FailedCall = Named & {
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
  // What our own HTTP client refused to do says itself what is wrong.
  const ours = causes.find((cause) => cause instanceof ModelCallError);
  if (ours !== undefined) return ours;
  if (causes.some((cause) => cause instanceof ResponseTooLargeError)) return tooLarge(call);
  const fault = networkFaultOf(error);
  if (fault !== undefined) return networkFailure(fault, call);
  const answered = causes.find((cause) => APICallError.isInstance(cause));
  if (answered?.statusCode !== undefined) return fromAnswer(answered, answered.statusCode, call);
  if (answered !== undefined || isUnusableAnswer(error)) {
    return unusable(call, 'an answer without content');
  }
  return new ModelCallError(
    'misconfigured',
    `The request to ${call.model} of ${call.provider} could not be made (${causes.at(-1)?.name ?? 'unknown error'}): check the provider's settings in the configuration.`,
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
    `${call.provider} sent more than a model's answer can hold: check the server, and ${call.addressSetting}.`,
    { mayHaveCost: true },
  );
}

function unusable(call: FailedCall, what: string, status?: number): ModelCallError {
  return new ModelCallError(
    'invalid-response',
    `${call.provider} sent ${what}: check the server, and ${call.addressSetting}.`,
    { mayHaveCost: true, ...defined({ status }) },
  );
}

function fromAnswer(error: APICallError, status: number, call: FailedCall): ModelCallError {
  const text = bodyOf(error);
  const body = readErrorBody(text);
  const facts = factsOf({ status, model: call.model, text, body });
  if (status >= 200 && status < 300 && body === undefined) {
    return facts.isPage
      ? unusable(call, `a web page instead of an answer (status ${status})`, status)
      : unusable(call, `an answer that is not of its interface (status ${status})`, status);
  }
  const meaning: FailureMeaning = failureKinds[classify(facts)];
  const headers = error.responseHeaders ?? {};
  const wait =
    retryAfterMs(headers, call.now) ??
    body?.retryAfterMs ??
    (meaning.code === 'rate-limited' ? resetMs(headers, call.now) : undefined);
  const quote = facts.isPage ? undefined : quotable(body?.message, call);
  const named: Named =
    body?.parameter === undefined
      ? call
      : { ...call, parameter: quotable(body.parameter, call) ?? 'parameter' };
  const remark = quote === undefined ? `${status}` : `${status}, "${quote}"`;
  return new ModelCallError(
    meaning.code,
    `${meaning.said(named)} (${remark}): ${meaning.remedy(named)}.`,
    {
      status,
      mayHaveCost: body?.mayBeBilled ?? meaning.mayHaveCost ?? mayBeBilled(meaning.code, status),
      ...defined({ blame: meaning.blame, affects: meaning.affects, retryAfterMs: wait }),
    },
  );
}

/** The text of an answer that is an error. */
export function bodyOf({ responseBody }: APICallError): string | undefined {
  // One of the packages puts the parsed body there, whatever the types promise.
  const body: unknown = responseBody;
  if (body === undefined || typeof body === 'string') return body;
  return JSON.stringify(body);
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

/**
 * Whether an answer may have been made, and billed, before the error: by a server that failed on the
 * way out, or said so within a success, or behind a gateway that gave up on it. One that is too busy, or
 * knows no such method, did not begin.
 */
function mayBeBilled(code: ModelCallErrorCode, status: number): boolean {
  if (code === 'timed-out' || code === 'invalid-response') return true;
  return code === 'overloaded' && (status < 300 || status >= 500) && !tooBusy.has(status);
}

/** 501 and 505 refuse the method and the version; 503 and 529 everything, for now. */
const tooBusy: ReadonlySet<number> = new Set([501, 503, 505, 529]);
