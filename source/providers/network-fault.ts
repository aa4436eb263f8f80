/** What kept a request from being answered. */
export type NetworkFaultKind =
  /** No connection came about: nothing was sent. */
  | 'unreachable'
  /** The host has no address. */
  | 'unknown-host'
  /** The connection ended before the answer did. */
  | 'cut'
  | 'timed-out'
  /** The certificate is of no authority that is trusted here. */
  | 'untrusted-certificate'
  | 'expired-certificate'
  /** The certificate belongs to another host. */
  | 'foreign-certificate'
  /** One side speaks TLS and the other does not, or not a common version of it. */
  | 'no-tls'
  /** A proxy on the way wants to know who asks. */
  | 'proxy-login'
  /** What came was no HTTP. */
  | 'no-http';

export type NetworkFault = {
  kind: NetworkFaultKind;
  /** The system's or the HTTP client's code, for example ECONNRESET. */
  code: string;
};

/** The codes of Node, OpenSSL and undici, the first pattern that fits wins. */
const kindsOfCodes: readonly [NetworkFaultKind, RegExp][] = [
  ['unknown-host', /^(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_NODATA)$/],
  [
    'unreachable',
    /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EACCES|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_.*)$/,
  ],
  ['expired-certificate', /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/],
  ['foreign-certificate', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  [
    'untrusted-certificate',
    /^(?:CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|.*_SIGNATURE_FAILURE|ERROR_IN_.*|CRL_.*)$/,
  ],
  ['no-tls', /^(?:ERR_SSL_.*|ERR_TLS_.*|EPROTO)$/],
  ['no-http', /^HPE_.*$/],
  ['timed-out', /^(?:ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/],
  [
    'cut',
    /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_.*|UND_ERR_HEADERS_OVERFLOW|Z_[A-Z_]+|ERR__ERROR_.*|ERR_.*DECOMPRESS.*)$/,
  ],
];

/** The HTTP client hands a 407 on as a failure without a status. */
export const isProxyLogin = /^proxy authentication required\b/i;

/** The failure of a connection somewhere in an error's chain of causes, if that is what it is. */
export function networkFaultOf(error: unknown): NetworkFault | undefined {
  for (const link of causesOf(error)) {
    const code = 'code' in link && typeof link.code === 'string' ? link.code : undefined;
    const kind =
      code === undefined ? undefined : kindsOfCodes.find(([, codes]) => codes.test(code))?.[0];
    if (code !== undefined && kind !== undefined) return { kind, code };
    if (isProxyLogin.test(link.message)) return { kind: 'proxy-login', code: '407' };
    // What fetch throws when a body ends too early.
    const isFetchError =
      link instanceof Error && /^(?:terminated|fetch failed)$/.test(link.message);
    if (isFetchError && link.cause === undefined) return { kind: 'cut', code: link.message };
  }
  return undefined;
}

/** An error and what it says caused it, the outermost first; ends at a circle. */
export function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let link = error;
  while (link instanceof Error && !chain.includes(link)) {
    chain.push(link);
    // Node tries each address of a name; any of the failures stands for all.
    link = link.cause ?? (link instanceof AggregateError ? link.errors[0] : undefined);
  }
  return chain;
}
