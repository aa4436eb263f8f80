import { ModelCallError } from '../domain/model-api.ts';
import { isThisMachine } from '../domain/this-machine.ts';
import type { ReadAnswer } from './answer-reader.ts';
import { readBounded } from './bounded-fetch.ts';
import { causesOf } from './network-fault.ts';
import { withoutEchoes } from './quote.ts';
import type { Transport } from './transport.ts';

/** Redirects within one server that are followed for one request. */
const redirectsAtMost = 5;

export type Guarded = {
  transport: Transport;
  maxBytes: number;
  /** The provider's name, for the sentence. */
  provider: string;
  addressSetting: string;
  /** What is sent as a key; never part of a message. */
  secrets: readonly string[];
};

/**
 * `fetch` that sends key and prompt to one server alone: a redirect to another is an error that names
 * the address, and a key travels encrypted or within this machine. Reads the whole answer, up to a
 * limit. Rejects with a {@link ModelCallError} where it refuses.
 */
export function guardedFetch(
  guarded: Guarded,
): (url: URL, request: RequestInit) => Promise<ReadAnswer> {
  const { maxBytes } = guarded;
  return async (first, request) => {
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      refusePlainKey(url, guarded);
      const response = await sent(url, request, guarded);
      const target = redirectOf(response, url);
      if (target === undefined) return { response, bytes: await readBounded(response, maxBytes) };
      await response.body?.cancel();
      // See Other asks for a GET, which would answer something else.
      const isElsewhere = target.origin !== url.origin || target.username + target.password !== '';
      if (isElsewhere || response.status === 303 || redirects >= redirectsAtMost) {
        throw redirectRefused(target, response.status, guarded);
      }
      url = target;
    }
  };
}

const isRefusedArgument = (cause: Error): boolean =>
  'code' in cause &&
  typeof cause.code === 'string' &&
  /^(?:UND_ERR_INVALID_ARG|ERR_INVALID_.*)$/.test(cause.code);

/** Whatever the HTTP client refuses to send without trying: nothing of it is the model's. */
async function sent(url: URL, request: RequestInit, guarded: Guarded): Promise<Response> {
  const { provider, addressSetting } = guarded;
  try {
    return await guarded.transport(url, { ...request, redirect: 'manual' });
  } catch (error) {
    const causes = causesOf(error);
    const isPort = causes.some(({ message }) => message === 'bad port');
    if (!isPort && !causes.some(isRefusedArgument)) throw error;
    throw new ModelCallError(
      'misconfigured',
      isPort
        ? `Requests to ${provider} cannot be sent to port ${url.port}, which HTTP clients keep for other services: let it listen on another port, and set ${addressSetting} to that.`
        : `The request to ${provider} could not be sent (${causes.at(-1)?.name ?? 'unknown error'}): check its key and ${addressSetting}.`,
    );
  }
}

function refusePlainKey(url: URL, { secrets, provider, addressSetting }: Guarded): void {
  if (secrets.length === 0 || url.protocol === 'https:' || isThisMachine(url.hostname)) return;
  throw new ModelCallError('misconfigured', plainKeyMessage(provider, addressSetting, url));
}

/** Why a key is not sent there, and what to do. */
export function plainKeyMessage(provider: string, addressSetting: string, url: URL): string {
  return `The key of ${provider} would travel unencrypted to ${url.host}, so it is not sent: use https in ${addressSetting}, reach the server through a tunnel to 127.0.0.1, or leave out its key.`;
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}

function redirectRefused(target: URL, status: number, guarded: Guarded): ModelCallError {
  const { provider, addressSetting, secrets } = guarded;
  const path = target.pathname.replace(
    /\/(?:chat\/completions|responses|messages|models\/[^/]*)$/,
    '',
  );
  const address = withoutEchoes(`${target.protocol}//${target.host}${path}`, secrets).slice(0, 200);
  return new ModelCallError(
    'misconfigured',
    `${provider} redirects to ${address} (${status}), and neither key nor prompt is sent on: set ${addressSetting} to the address that is right.`,
    { status },
  );
}
