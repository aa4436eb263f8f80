import { describe, expect, it } from 'vitest';
import { proxyFor, proxySecrets } from '../../source/providers/proxy.ts';

type Environment = Record<string, string>;
const wayTo = (target: string, environment: Environment): string => {
  const choice = proxyFor(new URL(target), environment);
  if (choice.kind === 'problem') return choice.message;
  return choice.kind === 'direct' ? 'direct' : choice.proxy.url.href;
};

describe('the proxy for a request', () => {
  it.each<[string, Environment, string]>([
    ['https://api.example.org/v1', {}, 'direct'],
    ['https://api.example.org/v1', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    ['https://api.example.org/v1', { HTTPS_PROXY: '"http://p:3128"' }, 'http://p:3128/'],
    ['https://api.example.org/v1', { HTTPS_PROXY: 'http://p:3128/a?b#c' }, 'http://p:3128/'],
    ['https://api.example.org/v1', { HTTP_PROXY: 'http://p:3128' }, 'direct'],
    ['http://api.example.org/v1', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    ['http://api.example.org/v1', { HTTP_PROXY: 'http://p:3128', REQUEST_METHOD: 'GET' }, 'direct'],
    [
      'http://api.example.org/v1',
      { http_proxy: 'http://low:1', HTTP_PROXY: 'http://up:2' },
      'http://low:1/',
    ],
    [
      'https://api.example.org/v1',
      { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:2' },
      'http://low:1/',
    ],
    ['https://api.example.org/v1', { https_proxy: '', HTTPS_PROXY: 'http://up:2' }, 'http://up:2/'],
    ['https://api.example.org/v1', { ALL_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    ['http://api.example.org/v1', { all_proxy: 'http://p:3128' }, 'http://p:3128/'],
    [
      'https://api.example.org/v1',
      { HTTPS_PROXY: 'http://p:1', ALL_PROXY: 'socks5://s:2' },
      'http://p:1/',
    ],
    ['https://api.example.org/v1', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128/'],
    ['https://api.example.org/v1', { HTTPS_PROXY: 'http://p' }, 'http://p:1080/'],
    ['https://api.example.org/v1', { HTTPS_PROXY: 'http://p:80' }, 'http://p/'],
    ['https://api.example.org/v1', { HTTPS_PROXY: 'https://p' }, 'https://p/'],
    [
      'https://api.example.org/v1',
      { HTTPS_PROXY: 'http://u:w%40rd@p:3128' },
      'http://u:w%40rd@p:3128/',
    ],
  ])('to %s with %j is %s', (target, environment, expected) => {
    expect(wayTo(target, environment)).toBe(expected);
  });

  it.each([
    'http://127.0.0.1:11434/v1',
    'http://localhost:1/v1',
    'http://[::1]:8080/v1',
    'http://127.8.9.1/',
  ])('is never used to reach this machine: %s', (target) => {
    expect(wayTo(target, { http_proxy: 'http://p:1', all_proxy: 'http://p:1' })).toBe('direct');
  });

  it.each<[string, string, boolean]>([
    ['api.example.org', '*', true],
    ['api.example.org', 'example.org', true],
    ['api.example.org', '.example.org', true],
    ['api.example.org', '*.example.org', true],
    ['example.org', '.example.org', true],
    ['badexample.org', 'example.org', false],
    ['api.example.org', 'other.org, API.EXAMPLE.ORG', true],
    ['api.example.org', 'other.org api.example.org', true],
    ['api.example.org.', 'example.org', true],
    ['api.example.org:8443', 'example.org:8443', true],
    ['api.example.org', 'example.org:443', true],
    ['api.example.org', 'example.org:8443', false],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['110.1.2.3', '10.1.2.3', false],
    ['[2001:db8::1]', '2001:db8::/32', true],
    ['[2001:db9::1]', '2001:db8::/32', false],
    ['10.1.2.3', '10.0.0.0/99', false],
    ['api.example.org', '', false],
    ['api.example.org', ',, ,', false],
  ])('to %s with NO_PROXY=%j goes directly: %s', (host, list, isDirect) => {
    const environment = { HTTPS_PROXY: 'http://p:1', NO_PROXY: list };
    expect(wayTo(`https://${host}/v1`, environment) === 'direct').toBe(isDirect);
  });

  it('takes no_proxy before NO_PROXY', () => {
    const environment = { HTTPS_PROXY: 'http://p:1', no_proxy: 'a.org', NO_PROXY: 'b.org' };
    expect(wayTo('https://a.org', environment)).toBe('direct');
    expect(wayTo('https://b.org', environment)).not.toBe('direct');
  });

  it.each(['socks5://s:1080', 'socks://s', 'ftp://s:1'])(
    'of another kind, %s, is named with a remedy',
    (value) => {
      expect(wayTo('https://api.example.org', { ALL_PROXY: value })).toMatch(
        /^ALL_PROXY names a \w+ proxy.*set it to an http or https proxy.*NO_PROXY\.$/,
      );
    },
  );

  it('has a password that is kept out of messages', () => {
    expect(proxySecrets({ https_proxy: 'http://user:p%40ssw0rd@proxy:1' })).toEqual([
      'p%40ssw0rd',
      'p@ssw0rd',
    ]);
  });
});
