export type NetworkFault = {
  /** The system's or the HTTP client's code, for example ECONNRESET. */
  code: string;
  /** Whether the request may have left before the connection failed. */
  sent: boolean;
  timedOut: boolean;
  /** Whether the next try could find it otherwise. */
  passing: boolean;
};

/** Nothing was sent: there was no connection yet. */
const beforeSending =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EACCES|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS.*|ERR_SSL.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO.*)$/;
const timeouts =
  /^(?:ETIMEDOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_CONNECT_TIMEOUT)$/;
const certificates = /^(?:CERT_.*|ERR_TLS.*|ERR_SSL.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO.*)$/;
const others = /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_.*|HPE_.*)$/;

/** The failure of a connection somewhere in an error's chain of causes, if that is what it is. */
export function networkFaultOf(error: unknown): NetworkFault | undefined {
  for (const link of causesOf(error)) {
    const code = 'code' in link && typeof link.code === 'string' ? link.code : undefined;
    if (code !== undefined && [beforeSending, timeouts, others].some((set) => set.test(code))) {
      return {
        code,
        sent: !beforeSending.test(code),
        timedOut: timeouts.test(code),
        passing: !certificates.test(code),
      };
    }
    // What fetch throws when a body ends too early.
    if (link instanceof TypeError && /^(?:terminated|fetch failed)$/.test(link.message)) {
      if (link.cause === undefined) {
        return { code: link.message, sent: true, timedOut: false, passing: true };
      }
    }
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
