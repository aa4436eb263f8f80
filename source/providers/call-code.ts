import type { ModelCallErrorCode } from '../domain/model-api.ts';
import type { ErrorBody } from './error-body.ts';

/** Providers' own words that say more than the status they come with, the first match wins. */
const ownWords: readonly [ModelCallErrorCode, RegExp][] = [
  [
    'out-of-credit',
    /^(?:insufficient_quota|insufficient_balance|billing_.*|exceeded_current_quota_error|1008|1113)$/i,
  ],
  [
    'rate-limited',
    /^(?:rate_limit.*|RESOURCE_EXHAUSTED|too_many_requests|engine_overloaded_error|1002|1302|1303|1305)$/i,
  ],
  ['overloaded', /^(?:overloaded_error|server_overloaded|UNAVAILABLE|INTERNAL|1000|1013)$/i],
  ['unauthorized', /^(?:invalid_api_key|authentication_error|permission_error|1004)$/i],
  ['unknown-model', /^(?:model_not_found|not_found_error)$/i],
];

/** Said in prose only, with a status that means something else. */
const creditProse = /credit balance is too low|insufficient (?:account )?balance/i;

/** What went wrong, from the status and what the body calls it. */
export function callCodeOf(status: number, body: ErrorBody | undefined): ModelCallErrorCode {
  if (body?.message !== undefined && creditProse.test(body.message)) return 'out-of-credit';
  for (const [code, pattern] of ownWords) {
    if (body?.words.some((word) => pattern.test(word))) return code;
  }
  return codeOfStatus(status);
}

function codeOfStatus(status: number): ModelCallErrorCode {
  if (status === 429) return 'rate-limited';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 402) return 'out-of-credit';
  if (status === 404) return 'unknown-model';
  if (status === 408 || status === 504 || status === 524) return 'timed-out';
  if (status === 409 || status === 425 || status >= 500) return 'overloaded';
  return status >= 400 ? 'bad-request' : 'invalid-response';
}
