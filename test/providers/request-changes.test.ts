import { afterEach, describe, expect, it } from 'vitest';
import { connectProviders, type ProviderKind } from '../../source/providers/index.ts';
import { completion, respond, startServer, type TestServer } from './server.ts';

let server: TestServer;

afterEach(() => server.close());

type Body = Record<string, unknown>;
type Refusal = string | { message: string; param?: string; code?: string } | undefined;

const refusalBody = (refusal: Exclude<Refusal, undefined>): string =>
  JSON.stringify({ error: typeof refusal === 'string' ? { message: refusal } : refusal });

/** A server that refuses bodies as it is told, and the two calls made to it. */
async function callTwice(
  refuse: (body: Body) => Refusal,
  options: { kind?: ProviderKind; maxOutputTokens?: number; status?: number } = {},
) {
  const { kind = 'openai-compatible', maxOutputTokens = 500, status = 400 } = options;
  server = await startServer((response, { body }) => {
    const parsed: unknown = JSON.parse(body);
    const refusal = refuse({ ...(typeof parsed === 'object' ? parsed : {}) });
    if (refusal === undefined) respond(response, 200, completion('fine'));
    else respond(response, status, refusalBody(refusal));
  });
  const { client } = await connectProviders({
    settings: {
      providers: { it: { kind, baseUrl: `${server.url}/v1`, jsonMode: true, apiKeyEnv: 'IT_KEY' } },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 1 } }],
      catalogue: false,
    },
    environment: { IT_KEY: 'key-of-the-user' },
  });
  const call = () =>
    client.generate({
      model: 'some-model',
      system: 'You are terse.',
      prompt: 'Say hello.',
      maxOutputTokens,
      temperature: 0.2,
      json: true,
    });
  const first = await call();
  await call();
  const sent = server.received.map(({ body }): Body => JSON.parse(body));
  return { text: first.text, sent };
}

describe('a parameter that the server refuses', () => {
  const unsupported = (name: string, more = ''): Refusal => ({
    message: `Unsupported parameter: '${name}' is not supported with this model.${more}`,
    param: name,
    code: 'unsupported_parameter',
  });

  it('max_tokens becomes max_completion_tokens, from then on', async () => {
    const { text, sent } = await callTwice((body) =>
      'max_tokens' in body
        ? unsupported('max_tokens', " Use 'max_completion_tokens' instead.")
        : undefined,
    );
    expect(text).toBe('fine');
    expect(sent.map(({ max_tokens: short, max_completion_tokens: long }) => [short, long])).toEqual(
      [
        [500, undefined],
        [undefined, 500],
        [undefined, 500],
      ],
    );
  });

  it('max_completion_tokens becomes max_tokens', async () => {
    const { sent } = await callTwice(
      (body) =>
        'max_completion_tokens' in body ? 'Unknown field max_completion_tokens' : undefined,
      { kind: 'moonshot' },
    );
    expect(sent.at(-1)).toMatchObject({ max_tokens: 500 });
    expect(sent).toHaveLength(3);
  });

  it.each<[string, string, number, Refusal]>([
    [
      'temperature',
      'temperature',
      400,
      { message: "Unsupported value: 'temperature' does not support 0.2.", param: 'temperature' },
    ],
    ['temperature', 'temperature', 400, '`temperature` is deprecated for this model.'],
    [
      'response_format',
      'response_format',
      400,
      "'response_format.type' must be 'json_schema' or 'text'",
    ],
    ['response_format', 'response_format', 422, 'JSON mode is not supported by this model'],
  ])('%s is left out', async (_name, field, status, refusal) => {
    const { text, sent } = await callTwice((body) => (field in body ? refusal : undefined), {
      status,
    });
    expect(text).toBe('fine');
    expect(sent).toHaveLength(3);
    expect(sent.at(-1)).not.toHaveProperty(field);
    expect(sent.at(-1)).toHaveProperty('max_tokens', 500);
  });

  it('a system text goes in front of the prompt', async () => {
    const { sent } = await callTwice((body) =>
      JSON.stringify(body).includes('"system"') ? 'System role not supported' : undefined,
    );
    expect(sent.at(-1)?.['messages']).toEqual([
      { role: 'user', content: 'You are terse.\n\nSay hello.' },
    ]);
  });

  it.each([
    ['max_tokens is too large: 8192. This model supports at most 4096 completion tokens.', 4096],
    ['Invalid max_tokens value, the valid range of max_tokens is [1, 4096]', 4096],
    ['`max_tokens` must be less than or equal to `4096`', 4096],
    ['max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens', 4096],
  ])('a limit beyond what it gives is lowered: %s', async (message, largest) => {
    const { sent } = await callTwice(
      ({ max_tokens: limit }) => (Number(limit) > largest ? message : undefined),
      { maxOutputTokens: 8192 },
    );
    expect(sent.map(({ max_tokens: limit }) => limit)).toEqual([8192, largest, largest]);
  });

  it('is none where only streams are given: they are read', async () => {
    const { text, sent } = await callTwice((body) =>
      body['stream'] === true ? undefined : 'This model only supports stream mode.',
    );
    expect(text).toBe('fine');
    expect(sent.at(-1)).toMatchObject({ stream: true, max_tokens: 500 });
  });

  it('one after the other are all taken care of', async () => {
    const { text, sent } = await callTwice((body) => {
      if ('max_tokens' in body) return unsupported('max_tokens');
      if ('temperature' in body) return unsupported('temperature');
      return 'response_format' in body ? unsupported('response_format') : undefined;
    });
    expect(text).toBe('fine');
    expect(sent).toHaveLength(5);
  });

  it('whose absence is refused too is the user’s to settle, and never sent without a limit', async () => {
    const failing = callTwice((body) =>
      unsupported('max_tokens' in body ? 'max_tokens' : 'max_completion_tokens'),
    );
    await expect(failing).rejects.toMatchObject({
      code: 'bad-request',
      blame: 'user',
      affects: 'model',
      message: expect.stringMatching(/takes no max_completion_tokens.*configuration/),
    });
    for (const { body } of server.received)
      expect(body).toMatch(/"max_(?:completion_)?tokens":500/);
    expect(server.received.length).toBeLessThan(4);
  });
});

describe('a host alone', () => {
  it('whose interface is not below a version is found there, and looked for once', async () => {
    server = await startServer((response, { url }) => {
      if (url === '/chat/completions') respond(response, 200, completion('here'));
      else respond(response, 404, '{"detail":"Not Found"}');
    });
    const { client } = await connectProviders({
      settings: {
        providers: { it: { kind: 'openai-compatible', baseUrl: server.url } },
        models: [{ id: 'm', provider: 'it', price: { input: 1, output: 1 } }],
        catalogue: false,
      },
      environment: {},
    });
    const call = () => client.generate({ model: 'm', prompt: 'Hi', maxOutputTokens: 5 });
    expect((await call()).text).toBe('here');
    await call();
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1/chat/completions',
      '/chat/completions',
      '/chat/completions',
    ]);
  });

  it('at which nothing answers is named as the cause', async () => {
    server = await startServer((response) => respond(response, 404, '<html>no</html>'));
    const { client } = await connectProviders({
      settings: { providers: {}, models: [], catalogue: true },
      environment: { ANTHROPIC_API_KEY: 'key-of-the-user', ANTHROPIC_BASE_URL: `${server.url}/x/` },
    });
    const failing = client.generate({ model: 'claude-sonnet-5', prompt: 'Hi', maxOutputTokens: 5 });
    await expect(failing).rejects.toMatchObject({
      code: 'misconfigured',
      blame: 'user',
      message: expect.stringContaining('check ANTHROPIC_BASE_URL'),
    });
    expect(server.received.map(({ url }) => url)).toEqual(['/x/v1/messages', '/x/messages']);
  });

  it('gets the query of its address with every request', async () => {
    server = await startServer((response) => respond(response, 200, completion('here')));
    const { client } = await connectProviders({
      settings: {
        providers: {
          it: {
            kind: 'openai-compatible',
            baseUrl: `${server.url}/v1/chat/completions?api-version=7`,
          },
        },
        models: [{ id: 'm', provider: 'it', price: { input: 1, output: 1 } }],
        catalogue: false,
      },
      environment: {},
    });
    await client.generate({ model: 'm', prompt: 'Hi', maxOutputTokens: 5 });
    expect(server.received[0]?.url).toBe('/v1/chat/completions?api-version=7');
  });
});
