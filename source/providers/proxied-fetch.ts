import { Agent, fetch, ProxyAgent } from 'undici';

/** A request that goes through one proxy, or through none. */
export type ProxiedFetch = (url: URL, request: RequestInit) => Promise<Response>;

/**
 * Requests through a proxy, over connections that are kept alive; without one directly, whatever the
 * runtime itself would do. A module of its own, since it is loaded where there are proxies only.
 */
export function proxiedFetch(proxy: URL | undefined): ProxiedFetch {
  const dispatcher =
    proxy === undefined
      ? new Agent()
      : // Plain requests are handed to the proxy as they are: many allow CONNECT to TLS ports alone.
        new ProxyAgent({ uri: proxy.href, proxyTunnel: false });
  return async (url, { method = 'GET', headers, body, signal }) => {
    const answer = await fetch(url, {
      method,
      dispatcher,
      redirect: 'manual',
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' || body instanceof Uint8Array ? { body } : {}),
      ...(signal === undefined || signal === null ? {} : { signal }),
    });
    const hasBody = answer.body !== null && ![204, 205, 304].includes(answer.status);
    return new Response(hasBody ? ReadableStream.from(answer.body) : null, {
      status: answer.status,
      statusText: answer.statusText,
      headers: [...answer.headers],
    });
  };
}
