import { BlockList, isIP } from 'node:net';
import { isThisMachine } from '../domain/this-machine.ts';

/** Variables of the environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that the environment names, and the variable that does. */
export type Proxy = { variable: string; url: URL };
export type ProxyChoice =
  | { kind: 'direct' }
  | { kind: 'proxy'; proxy: Proxy }
  | { kind: 'problem'; message: string };

const direct: ProxyChoice = { kind: 'direct' };

/**
 * The proxy for a request, as curl finds it: `http_proxy` or `https_proxy`, else `all_proxy`; lower
 * case before upper; an empty variable is none; `no_proxy` says what goes directly. Unlike curl, this
 * machine is always reached directly, and HTTP_PROXY counts in upper case too, except where a request's
 * header could have set it (CGI).
 */
export function proxyFor(target: URL, environment: Environment): ProxyChoice {
  if (isThisMachine(target.hostname)) return direct;
  const found = proxyVariable(target, environment);
  if (found === undefined || isExempt(target, environment)) return direct;
  const [variable, value] = found;
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(value);
  const text = hasScheme ? value : `http://${value}`;
  const scheme = (/^[^:]*/.exec(text)?.[0] ?? '').toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    return problem(variable, `names a ${scheme} proxy, which cannot be used`);
  }
  if (!URL.canParse(text)) return problem(variable, 'is no address of a proxy');
  const url = new URL(text);
  // As curl does: a proxy is a host, whatever is written behind it.
  Object.assign(url, { pathname: '/', search: '', hash: '' });
  // curl's default port is not that of the scheme; URL drops one that is.
  if (url.port === '' && scheme === 'http' && !/:80(?:\/|$)/.test(text)) url.port = '1080';
  return { kind: 'proxy', proxy: { variable, url } };
}

/** Whether any variable of a proxy is set at all. */
export function namesProxy(environment: Environment): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].some(
    (name) => (environment[name] ?? '') !== '' || (environment[name.toUpperCase()] ?? '') !== '',
  );
}

/** Passwords of proxies, so that they can be blanked. */
export function proxySecrets(environment: Environment): string[] {
  return ['http_proxy', 'https_proxy', 'all_proxy']
    .flatMap((name) => [environment[name], environment[name.toUpperCase()]])
    .flatMap((value) => {
      const login = /^(?:[a-z][a-z\d+.-]*:\/\/)?([^/]*)@/i.exec(value?.trim() ?? '')?.[1];
      const password = login?.slice(login.indexOf(':') + 1) ?? '';
      return password === '' ? [] : [password, decoded(password)];
    });
}

function problem(variable: string, what: string): ProxyChoice {
  return {
    kind: 'problem',
    message: `${variable} ${what}: set it to an http or https proxy, as in http://host:3128, or name the hosts to reach directly in NO_PROXY.`,
  };
}

function proxyVariable(target: URL, environment: Environment): [string, string] | undefined {
  const isPlain = target.protocol === 'http:';
  const isCgi = (environment['REQUEST_METHOD'] ?? '') !== '';
  const names = isPlain
    ? ['http_proxy', ...(isCgi ? [] : ['HTTP_PROXY'])]
    : ['https_proxy', 'HTTPS_PROXY'];
  for (const name of [...names, 'all_proxy', 'ALL_PROXY']) {
    const value = withoutQuotes(environment[name] ?? '');
    if (value !== '') return [name, value];
  }
  return undefined;
}

/** Quotes of a file that came with the value, as `docker --env-file` leaves them. */
function withoutQuotes(value: string): string {
  return value
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
}

function isExempt(target: URL, environment: Environment): boolean {
  const list =
    [environment['no_proxy'], environment['NO_PROXY']].find((value) => (value ?? '') !== '') ?? '';
  if (list.trim() === '*') return true;
  const host = plainHost(target.hostname);
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  return list
    .slice(0, 100_000)
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(host, entry);
  const [, name = entry, ofPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  const suffix = plainHost(name.replace(/^\*?\./, ''));
  if (suffix === '') return false;
  return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

/** Whether an address that is written as a number lies in a network, as in 10.0.0.0/8. */
function isInNetwork(host: string, network: string): boolean {
  const [address = '', length = ''] = network.replaceAll(/[[\]]/g, '').split('/');
  const family = isIP(address);
  const bits = Number(length);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(length)) return false;
  if (bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const name = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, bits, name);
  return list.check(host, name);
}

function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
