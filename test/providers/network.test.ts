import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ModelCallError } from '../../source/domain/model-api.ts';
import { connectProviders, type ProviderKind } from '../../source/providers/index.ts';
import { completion, respond, startServer, type TestServer } from './server.ts';

const key = 'key-of-the-user-0123456789';
const prompt = 'a prompt that is nobody else’s business';

const open: { close(): unknown }[] = [];
const kept = <Thing extends { close(): unknown }>(thing: Thing): Thing => {
  open.push(thing);
  return thing;
};

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function failureAt(
  baseUrl: string,
  options: { kind?: ProviderKind; key?: string; environment?: Record<string, string> } = {},
): Promise<ModelCallError> {
  const failure: unknown = await callAt(baseUrl, options).catch((error: unknown) => error);
  if (!(failure instanceof ModelCallError))
    throw new Error(`no failure of a call: ${String(failure)}`);
  return failure;
}

async function callAt(
  baseUrl: string,
  options: { kind?: ProviderKind; key?: string; environment?: Record<string, string> } = {},
) {
  const { kind = 'openai-compatible', environment = {} } = options;
  const { client } = await connectProviders({
    settings: {
      providers: {
        it: { kind, baseUrl, ...(options.key === undefined ? {} : { apiKeyEnv: 'IT_KEY' }) },
      },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 1 } }],
      catalogue: false,
    },
    environment: { ...environment, ...(options.key === undefined ? {} : { IT_KEY: options.key }) },
  });
  return client.generate({ model: 'some-model', prompt, maxOutputTokens: 10 });
}

const serve = async (answer: Parameters<typeof startServer>[0]): Promise<TestServer> =>
  kept(await startServer(answer));

it.each(['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL'])(
  'a blank %s is as if it were not set, whatever the packages of the providers make of it',
  async (variable) => {
    const server = await serve((response) => respond(response, 401, '{"error":{}}'));
    const kind = variable.startsWith('OPENAI') ? 'openai' : 'anthropic';
    const settings = {
      providers: { it: { kind, baseUrl: server.url, apiKeyEnv: 'IT_KEY' } },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 1 } }],
      catalogue: false,
    };
    // A process of its own: the packages look at the environment while they are loaded.
    const script = `
      const { connectProviders } = await import('./source/providers/index.ts');
      const { client } = await connectProviders({
        settings: ${JSON.stringify(settings)}, environment: { IT_KEY: '${key}' },
      });
      await client
        .generate({ model: 'some-model', prompt: 'p', maxOutputTokens: 5 })
        .catch((error) => console.log(error.code));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script],
      { env: { ...process.env, [variable]: ' ' } },
    );
    expect(stdout).toBe('unauthorized\n');
  },
);

it.each([
  ['as it is', key],
  ['in part', key.slice(0, 14)],
  ['in base64', Buffer.from(`Bearer ${key}`).toString('base64')],
  ['in hexadecimal', Buffer.from(key).toString('hex')],
])('a key that a server gives back %s is no name of a model or an answer', async (_, echo) => {
  const body = completion('hello', { id: `id-${echo}`, model: echo });
  const server = await serve((response) => respond(response, 200, body));
  const answer = await callAt(`${server.url}/v1`, { key });
  expect(answer.text).toBe('hello');
  expect([answer.servedModel, answer.responseId]).toEqual([undefined, undefined]);
});

describe('what cannot be sent at all', () => {
  it.each([
    ['quotes of a file', `"${key}"`],
    ['curly quotes', `“${key}”`],
    ['a line break', `${key}\nX-Other: 1`],
    ['a control character', `${key}\u0001end`],
    ['an invisible character', `${key}\u200b`],
    ['the word before it', `Bearer ${key}`],
  ])('is a key with %s: its variable is named, and the models are not to blame', async (_, bad) => {
    for (const kind of ['openai-compatible', 'openai', 'anthropic', 'google'] as const) {
      const server = await serve((response) => respond(response, 200, completion('hello')));
      const failure = await failureAt(`${server.url}/v1`, { kind, key: bad });
      expect(failure).toMatchObject({
        code: 'misconfigured',
        blame: 'user',
        affects: 'provider',
        mayHaveCost: false,
      });
      expect(failure.message).toMatch(/set IT_KEY to the key alone\.$/);
      expect(failure.message).not.toContain(key);
      expect(server.received).toEqual([]);
    }
  });

  it('is a request to a port that HTTP clients refuse', async () => {
    const failure = await failureAt('http://127.0.0.1:6666/v1');
    expect(failure).toMatchObject({ code: 'misconfigured', mayHaveCost: false });
    expect(failure.message).toMatch(/port 6666.*set baseUrl of it in the configuration to that\.$/);
  });

  it('is a redirect to an address with a user in it', async () => {
    const first = await serve((response) =>
      respond(response, 307, '', { location: first.url.replace('//', '//u:p@') }),
    );
    const failure = await failureAt(`${first.url}/v1`, { key });
    expect(failure.message).toContain(`redirects to ${first.url}/ (307)`);
  });
});

describe('a redirect to another host', () => {
  const kinds: ProviderKind[] = [
    'openai',
    'anthropic',
    'google',
    'deepseek',
    'moonshot',
    'openai-compatible',
  ];

  it.each(
    kinds.flatMap((kind) => [301, 302, 303, 307, 308].map((status) => [kind, status] as const)),
  )('is not followed by %s after %i, and the address to set is named', async (kind, status) => {
    const other = await serve((response) => respond(response, 200, completion('stolen')));
    const first = await serve((response, { url }) =>
      respond(response, status, '', { location: `${other.url}${url}?key=${key}` }),
    );
    const failure = await failureAt(`${first.url}/v1`, { kind, key });
    expect(other.received).toEqual([]);
    expect(failure).toMatchObject({ code: 'misconfigured', blame: 'user', mayHaveCost: false });
    expect(failure.message).toContain(other.url);
    expect(failure.message).toContain('set baseUrl of it in the configuration');
    expect(failure.message).not.toContain(key);
  });

  it('is not followed to another port of this machine, nor to the same in plain', async () => {
    const first = await serve((response) =>
      respond(response, 307, '', { location: 'http://localhost:1/v1' }),
    );
    expect((await failureAt(`${first.url}/v1`)).code).toBe('misconfigured');
  });
});

describe('a redirect within the server', () => {
  it('is followed with the whole request', async () => {
    const server = await serve((response, { url, body }) => {
      if (url.startsWith('/v1/')) respond(response, 308, '', { location: `/v2${url.slice(3)}` });
      else respond(response, 200, completion(body.includes(prompt) ? 'whole' : 'empty'));
    });
    expect((await callAt(`${server.url}/v1`, { key })).text).toBe('whole');
    expect(server.received[1]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  it('ends where it goes round in a circle', async () => {
    const server = await serve((response, { url }) =>
      respond(response, 307, '', { location: url }),
    );
    expect((await failureAt(`${server.url}/v1`)).code).toBe('misconfigured');
    expect(server.received.length).toBeLessThan(10);
  });
});

describe('a key', () => {
  it.each(['http://models.example.org/v1', 'http://10.0.0.1:8000/v1', 'http://0.0.0.0:1/v1'])(
    'is not sent in plain to %s',
    async (baseUrl) => {
      await expect(callAt(baseUrl, { key })).rejects.toMatchObject({
        code: 'bad-configuration',
        message: expect.stringMatching(/would travel unencrypted.*https.*baseUrl of it/),
      });
    },
  );

  it('in the address of a server counts as one, and is never said', async () => {
    const failing = callAt(`http://10.0.0.1:8000/v1?key=${key}`);
    await expect(failing).rejects.toMatchObject({ code: 'bad-configuration' });
    await expect(failing).rejects.not.toThrow(key);
  });

  it('is blanked however a server repeats it', async () => {
    const echoes = [
      key,
      encodeURIComponent(key),
      Buffer.from(key).toString('base64'),
      Buffer.from(`user:${key}`).toString('base64'),
      Buffer.from(key).toString('hex'),
      `${key.slice(0, 9)}***${key.slice(-4)}`,
      key.slice(4, 18),
    ];
    for (const echo of echoes) {
      const server = await serve((response) =>
        respond(response, 400, JSON.stringify({ error: { message: `bad header (${echo}) sent` } })),
      );
      const { message } = await failureAt(`${server.url}/v1`, { key });
      expect(message).toContain('[redacted]');
      expect(message).not.toContain(echo);
    }
  });
});

describe('a proxy', () => {
  it('that does not speak TLS itself is named, not the provider', async () => {
    const proxy = await serve((response) => respond(response, 200, ''));
    const http_proxy = proxy.url.replace('http:', 'https:');
    const failure = await failureAt('http://models.invalid/v1', { environment: { http_proxy } });
    expect(failure).toMatchObject({ code: 'misconfigured', blame: 'user', mayHaveCost: false });
    expect(failure.message).toMatch(/^The proxy .* write http:\/\/ .* in http_proxy\.$/);
  });

  /** A proxy that answers plain requests itself, and opens connections to `target`. */
  async function startProxy(options: { login?: string; refuse?: number; target?: number } = {}) {
    const asked: string[] = [];
    const isAllowed = (header: string | undefined): boolean =>
      options.login === undefined ||
      header === `Basic ${Buffer.from(options.login).toString('base64')}`;
    const server = createHttp((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume();
      if (isAllowed(request.headers['proxy-authorization'])) {
        respond(response, 200, completion('through the proxy'));
      } else respond(response, 407, '<html>login</html>', { 'content-type': 'text/html' });
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      const refused = isAllowed(request.headers['proxy-authorization']) ? options.refuse : 407;
      if (refused !== undefined) {
        socket.end(`HTTP/1.1 ${refused} No\r\n\r\n`);
        return;
      }
      const through = connectSocket(options.target ?? 1, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        through.pipe(socket).pipe(through);
      });
      for (const end of [through, socket]) end.on('error', () => void through.destroy());
    });
    const port = await listening(server);
    kept({ close: () => closed(server) });
    return { asked, url: `http://127.0.0.1:${port}` };
  }

  it('gets plain requests as they are, with user and password', async () => {
    const proxy = await startProxy({ login: 'me:p@ss' });
    const http_proxy = proxy.url.replace('//', '//me:p%40ss@');
    const answer = await callAt('http://models.invalid:8080/v1', { environment: { http_proxy } });
    expect(answer.text).toBe('through the proxy');
    expect(proxy.asked).toEqual(['POST http://models.invalid:8080/v1/chat/completions']);
  });

  it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])(
    'is found in %s',
    async (name) => {
      const proxy = await startProxy();
      const answer = await callAt('http://models.invalid/v1', {
        environment: { [name]: proxy.url },
      });
      expect(answer.text).toBe('through the proxy');
    },
  );

  it('that asks for a login is named, and its password is not', async () => {
    const proxy = await startProxy({ login: 'me:right-password' });
    const url = proxy.url.replace('//', '//me:wrong-password@');
    for (const target of ['http://models.invalid/v1', 'https://models.invalid/v1']) {
      const failure = await failureAt(target, { environment: { ALL_PROXY: url } });
      expect(failure).toMatchObject({ code: 'misconfigured', blame: 'user' });
      expect(failure.message).toMatch(/proxy.*login.*user.*password/i);
      expect(failure.message).not.toContain('wrong-password');
    }
  });

  it('that opens no connection is not the fault of the model', async () => {
    const proxy = await startProxy({ refuse: 503 });
    const environment = { HTTPS_PROXY: proxy.url };
    const failure = await failureAt('https://models.invalid/v1', { environment });
    expect(failure).toMatchObject({ code: 'network', blame: 'nobody', mayHaveCost: false });
    expect(failure.message).toContain('HTTPS_PROXY');
  });

  it('that is not there is named by its variable', async () => {
    const environment = { https_proxy: 'http://127.0.0.1:1' };
    const failure = await failureAt('https://models.invalid/v1', { environment });
    expect(failure).toMatchObject({ code: 'network', blame: 'nobody', isRetryable: true });
    expect(failure.message).toMatch(/proxy 127\.0\.0\.1:1 of https_proxy/);
  });

  it('of an unknown kind is refused before anything is sent', async () => {
    const environment = { all_proxy: 'socks5://127.0.0.1:1080' };
    await expect(callAt('https://models.invalid/v1', { environment })).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.stringContaining('all_proxy names a socks5 proxy'),
    });
  });

  it('is not asked for this machine', async () => {
    const server = await serve((response) => respond(response, 200, completion('direct')));
    const environment = { http_proxy: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' };
    expect((await callAt(`${server.url}/v1`, { environment })).text).toBe('direct');
  });
});

describe('a certificate', () => {
  it.each<[string, string[], RegExp]>([
    [
      'nobody trusts',
      ['-days', '2', '-addext', 'subjectAltName=DNS:localhost'],
      /NODE_EXTRA_CA_CERTS/,
    ],
  ])('that %s is said to be that, with the remedy', async (_name, options, remedy) => {
    const port = await startTls(options);
    const failure = await failureAt(`https://localhost:${port}/v1`, { key });
    expect(failure).toMatchObject({
      code: 'misconfigured',
      blame: 'user',
      isRetryable: false,
      mayHaveCost: false,
    });
    expect(failure.message).toMatch(remedy);
  });

  it('is not expected of a server that speaks plain http', async () => {
    const server = await serve(() => undefined);
    const failure = await failureAt(`${server.url.replace('http:', 'https:')}/v1`);
    expect(failure).toMatchObject({ code: 'misconfigured', blame: 'user' });
    expect(failure.message).toMatch(/TLS.*http or https/);
  });

  async function startTls(options: readonly string[]): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    const [keyFile, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const fixed = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...fixed, '-keyout', keyFile, '-out', certificate, ...options], {
      stdio: 'ignore',
    });
    const server = createTls({ key: readFileSync(keyFile), cert: readFileSync(certificate) });
    kept({
      close: async () => {
        rmSync(folder, { recursive: true });
        await closed(server);
      },
    });
    return listening(server);
  }
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
