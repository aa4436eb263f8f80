/**
 * Whether a host name of a URL can only mean this machine: `localhost`, 127.0.0.0/8, and ::1, also as
 * IPv4 written in IPv6. What is sent there crosses no network. Names below `localhost`, and `localhost.` with
 * its dot, are not among them: some resolvers ask the network for those.
 */
export function isThisMachine(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (host === 'localhost') return true;
  if (host === '::1' || /^::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(host)) return true;
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
