import { ModelCallError } from '../domain/model-api.ts';
import { isThisMachine } from '../domain/this-machine.ts';
import type { ReadAnswer } from './answer-reader.ts';
import { readBounded } from './bounded-fetch.ts';
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
  const { transport, maxBytes } = guarded;
  return async (first, request) => {
    let url = first;
    for (let redirects = 0; ; redirects += 1) {
      refusePlainKey(url, guarded);
      const response = await transport(url, { ...request, redirect: 'manual' });
      const target = redirectOf(response, url);
      if (target === undefined) return { response, bytes: await readBounded(response, maxBytes) };
      await response.body?.cancel();
      // See Other asks for a GET, which would answer something else.
      if (target.origin !== url.origin || response.status === 303 || redirects >= redirectsAtMost) {
        throw redirectRefused(target, response.status, guarded);
      }
      url = target;
    }
  };
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
