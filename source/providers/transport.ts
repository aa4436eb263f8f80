import { ModelCallError } from '../domain/model-api.ts';
import { causesOf, isProxyLogin, networkFaultOf } from './network-fault.ts';
import type { ProxiedFetch } from './proxied-fetch.ts';
import { namesProxy, proxyFor, type Proxy } from './proxy.ts';

/** One request over the network: no redirect is followed, no answer is read. */
export type Transport = (url: URL, request: RequestInit) => Promise<Response>;

/**
 * Requests directly, or through the proxies that the environment names. Connections are kept alive and
 * reused. The HTTP client with proxies is loaded where there are any: without, the runtime's own does.
 */
export function createTransport(
  environment: Readonly<Record<string, string | undefined>>,
): Transport {
  if (!namesProxy(environment)) return (url, request) => fetch(url, request);
  const clients = new Map<string, Promise<ProxiedFetch>>();
  return async (url, request) => {
    const choice = proxyFor(url, environment);
    if (choice.kind === 'problem') throw new ModelCallError('misconfigured', choice.message);
    const proxy = choice.kind === 'proxy' ? choice.proxy : undefined;
    const key = proxy?.url.href ?? '';
    const client = clients.get(key) ?? loadClient(proxy);
    clients.set(key, client);
    try {
      return await (
        await client
      )(url, request);
    } catch (error) {
      throw proxy === undefined || request.signal?.aborted === true
        ? error
        : proxyFailure(error, proxy, url);
    }
  };
}

async function loadClient(proxy: Proxy | undefined): Promise<ProxiedFetch> {
  const { proxiedFetch } = await import('./proxied-fetch.ts');
  return proxiedFetch(proxy?.url);
}

/** A failure on the way through a proxy, which says nothing of the provider. */
function proxyFailure(error: unknown, { variable, url }: Proxy, target: URL): unknown {
  const messages = causesOf(error).map(({ message }) => message);
  const said = messages
    .map((message) => /Proxy response \((\d{3})\)/.exec(message)?.[1])
    .find((status) => status !== undefined);
  const where = `The proxy ${url.host} of ${variable}`;
  if (said === '407' || messages.some((message) => isProxyLogin.test(message))) {
    return new ModelCallError(
      'misconfigured',
      `${where} asks for a login (407): put user and password into ${variable}, as in http://user:password@host:port.`,
    );
  }
  if (said !== undefined) {
    return new ModelCallError(
      'network',
      `${where} opens no connection to the provider (${said}): check its rules, or name the host in NO_PROXY.`,
      { blame: 'nobody', mayHaveCost: false },
    );
  }
  const fault = networkFaultOf(error);
  // Where only the way to the proxy is encrypted, it is the proxy that does not speak it.
  if (fault?.kind === 'no-tls' && url.protocol === 'https:' && target.protocol === 'http:') {
    return new ModelCallError(
      'misconfigured',
      `${where} does not speak TLS (${fault.code}): write http:// instead of https:// in ${variable}.`,
    );
  }
  if (fault?.kind !== 'unreachable' && fault?.kind !== 'unknown-host') return error;
  return new ModelCallError(
    'network',
    `${where} could not be reached (${fault.code}): check ${variable}, or name the host in NO_PROXY.`,
    { blame: 'nobody', mayHaveCost: false },
  );
}
