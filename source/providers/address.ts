import type { ProviderKind } from './settings.ts';

/** Where a provider is, read from what people write into settings and variables. */
export type Address = {
  /**
   * What requests' paths are put behind, the most likely first: a host alone may or may not have its
   * interface below a version.
   */
  bases: readonly [string, ...string[]];
  /** Sent with every request; without its question mark. */
  query: string;
};

export type ReadAddress = { address: Address } | { problem: string };

/** The version below which each interface lives, where an address names the host alone. */
const versions: Record<ProviderKind, string> = {
  openai: '/v1',
  anthropic: '/v1',
  google: '/v1beta',
  deepseek: '',
  moonshot: '/v1',
  'openai-compatible': '/v1',
};

/** What people copy along with an address: the path of one request, or of the list of models. */
const endpoints =
  /\/(?:chat\/completions|completions|responses|messages(?:\/count_tokens)?|embeddings|models(?:\/[^/]+)?)$/i;

/**
 * Reads a base address as people set it: with or without scheme, version, endpoint, trailing slash,
 * query or white space around it. The problem is one clause, without what may be secret in it.
 */
export function readAddress(text: string, kind: ProviderKind): ReadAddress {
  const trimmed = text
    .trim()
    .replaceAll(/^(["'])(.*)\1$/g, '$2')
    .trim();
  if (trimmed === '') return { problem: 'is empty' };
  const url = parseUrl(trimmed);
  if (url === undefined) return { problem: 'is no address such as https://host/v1' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { problem: `begins with ${url.protocol.slice(0, 20)}//, not with https:// or http://` };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'holds a user or password, which belong into the variable of its key' };
  }
  const path = url.pathname
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .replace(endpoints, '')
    .replace(/(\/v\d+)\/chat\/?$/i, '$1')
    .replace(/\/$/, '');
  const query = url.search.replace(/^\?/, '');
  const base = `${url.origin}${path}`;
  const version = versions[kind];
  const hasVersion = /\/v\d+(?:(?:alpha|beta)\d*)?(?:\/|$)/i.test(path);
  if (version === '' || hasVersion) return { address: { bases: [base], query } };
  const below = `${base}${version}`;
  // Anthropic's own tools put the version behind whatever address they are given.
  const isVersionImplied = path === '' || kind === 'anthropic';
  return { address: { bases: isVersionImplied ? [below, base] : [base, below], query } };
}

/** Values of an address' query that may be keys, whatever their names are: versions are shorter. */
export function secretsInQuery({ query }: Address): string[] {
  return [...new URLSearchParams(query).values()].filter((value) => value.length >= 16);
}

function parseUrl(text: string): URL | undefined {
  // A host with a port reads as a scheme of its own.
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  const guessed = isLikelyPlain(text) ? 'http' : 'https';
  try {
    return new URL(hasScheme ? text : `${guessed}://${text.replace(/^\/+/, '')}`);
  } catch {
    return undefined;
  }
}

/** Without a scheme: servers of one's own, by port, number or short name, speak plain HTTP. */
function isLikelyPlain(text: string): boolean {
  const host = text.split(/[/?#]/, 1)[0] ?? '';
  if (host.endsWith(':443')) return false;
  return /:\d+$/.test(host) || /^[\d.]+$/.test(host) || host.startsWith('[') || !host.includes('.');
}
