import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelResponse } from '../../source/domain/model-api.ts';
import { connectProviders, type ProviderKind } from '../../source/providers/index.ts';
import { completion, connectLocal, respond, startServer, type TestServer } from './server.ts';

let server: TestServer;

afterEach(() => server.close());

async function textOf(
  answer: (response: ServerResponse) => void,
  kind: ProviderKind = 'openai-compatible',
): Promise<ModelResponse> {
  server = await startServer(answer);
  const { client } = await connectProviders({
    settings: {
      providers: { it: { kind, baseUrl: `${server.url}/v1`, apiKeyEnv: 'IT_KEY' } },
      models: [{ id: 'm', provider: 'it', price: { input: 1, output: 1 } }],
      catalogue: false,
    },
    environment: { IT_KEY: 'key-of-the-user' },
  });
  return client.generate({ model: 'm', prompt: 'Hi', maxOutputTokens: 50 });
}

const chat = (message: unknown, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ choices: [{ message, finish_reason: 'stop', ...more }] });

describe('an answer that is unusual but readable', () => {
  it.each<[string, string]>([
    [
      'parts',
      chat({
        content: [
          { type: 'text', text: 'Hel' },
          { type: 'output_text', text: 'lo' },
        ],
      }),
    ],
    [
      'parts with thoughts',
      chat({
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'Hello' },
        ],
      }),
    ],
    ['parts that are strings', chat({ content: ['Hel', 'lo'] })],
    ['a part with a value', chat({ content: [{ type: 'text', text: { value: 'Hello' } }] })],
    ['another role', chat({ role: 'model', content: 'Hello' })],
    ['an empty role', chat({ role: '', content: 'Hello' })],
    ['odd reasoning', chat({ content: 'Hello', reasoning: { effort: 1 }, tool_calls: [] })],
    [
      'nulls',
      JSON.stringify({
        id: null,
        error: null,
        usage: null,
        choices: [{ message: { content: 'Hello', refusal: null }, finish_reason: null }],
      }),
    ],
    [
      'odd types beside it',
      JSON.stringify({
        id: 7,
        model: 1,
        created: 'now',
        choices: [{ index: 'x', message: { content: 'Hello' }, finish_reason: 5 }],
      }),
    ],
    ['a byte-order mark', `\uFEFF${completion('Hello')}`],
    ['white space before it', `${' \n'.repeat(10_000)}${completion('Hello')}`],
    [
      'an extra choice',
      JSON.stringify({
        choices: [{ message: { content: 'Hello' } }, { message: { content: 'Other' } }],
      }),
    ],
  ])('%s is used', async (_name, body) => {
    expect((await textOf((response) => respond(response, 200, body))).text).toBe('Hello');
  });

  it('compressed, in pieces, or without a length is used', async () => {
    const first = await textOf((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(completion('Hello')));
    });
    expect(first.text).toBe('Hello');
    await server.close();
    const second = await textOf((response) => {
      response.writeHead(200);
      const body = Buffer.from(completion('Hé llo 😀'));
      let at = 0;
      const next = (): void => {
        if (at >= body.length) response.end();
        else response.write(body.subarray(at, (at += 7)), next);
      };
      next();
    });
    expect(second.text).toBe('Hé llo 😀');
    await server.close();
    const third = await textOf((response) => {
      response.socket?.end(
        `HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\n${completion('Hello')}`,
      );
    });
    expect(third.text).toBe('Hello');
  });

  it.each<[string, string, Buffer]>([
    [
      'in UTF-16',
      'application/json',
      Buffer.from(`\uFEFF${chat({ content: 'Größe' })}`, 'utf16le'),
    ],
    [
      'in UTF-16 by name',
      'text/json; charset=utf-16le',
      Buffer.from(chat({ content: 'Größe' }), 'utf16le'),
    ],
    [
      'in Latin 1 by name',
      'application/json; charset="ISO-8859-1"',
      Buffer.from(chat({ content: 'Größe' }), 'latin1'),
    ],
    [
      'in UTF-8 by another name',
      'application/json; charset=latin1',
      Buffer.from(chat({ content: 'Größe' })),
    ],
    [
      'in UTF-8 by a name that is none',
      'application/json; charset=x',
      Buffer.from(chat({ content: 'Größe' })),
    ],
  ])('%s is read', async (_, type, body) => {
    const { text } = await textOf((response) => {
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    expect(text).toBe('Größe');
  });

  it('counts tokens that are written as text', async () => {
    const body = JSON.stringify({
      choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: '12', completion_tokens: 5, total_tokens: null },
    });
    const { usage } = await textOf((response) => respond(response, 200, body));
    expect(usage).toMatchObject({ inputTokens: 12, outputTokens: 5 });
  });
});

describe('an answer as a stream of events, though none was asked for', () => {
  const events = (list: readonly unknown[], end = 'data: [DONE]\n\n'): string =>
    `${list.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}${end}`;
  const streamed = (body: string, kind?: ProviderKind) =>
    textOf(
      (response) => respond(response, 200, body, { 'content-type': 'text/event-stream' }),
      kind,
    );

  it('of chat completions is put together', async () => {
    const answer = await streamed(
      events([
        { id: 'c', choices: [{ delta: { role: 'assistant' } }] },
        { choices: [{ delta: { content: 'Hel' } }] },
        { choices: [{ delta: { content: 'lo' }, finish_reason: 'stop' }] },
        { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
      ]),
    );
    expect(answer).toMatchObject({
      text: 'Hello',
      finishReason: 'stop',
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  const hello = [
    { choices: [{ delta: { content: 'Hel' } }] },
    { choices: [{ delta: { content: 'lo' }, finish_reason: 'stop' }] },
  ];

  it.each([
    ['carriage returns', events(hello).replaceAll('\n', '\r')],
    ['both', events(hello).replaceAll('\n', '\r\n')],
    ['comments between', `: wait\n\n${events(hello)}`],
    ['no empty lines', events(hello).replaceAll('\n\n', '\n')],
    [
      'several lines to an event',
      hello
        .map(
          (event) => `${JSON.stringify(event, null, 1).replaceAll(/^/gm, 'event: x\ndata: ')}\n\n`,
        )
        .join(''),
    ],
  ])('may end its lines otherwise: with %s', async (_, body) => {
    expect(await streamed(body)).toMatchObject({ text: 'Hello', finishReason: 'stop' });
  });

  it('that breaks off is an answer that was cut', async () => {
    const body = events([{ choices: [{ delta: { content: 'Hel' } }] }], 'data: {"cho');
    expect(await streamed(body)).toMatchObject({ text: 'Hel', finishReason: 'length' });
  });

  it('that reports an error is that error', async () => {
    const body = events([
      { choices: [{ delta: { content: 'Hel' } }] },
      { error: { message: 'Overloaded', type: 'overloaded_error' } },
    ]);
    await expect(streamed(body)).rejects.toMatchObject({ code: 'overloaded' });
  });

  it('of the other interfaces is put together', async () => {
    const messages = events([
      {
        type: 'message_start',
        message: {
          id: '1',
          type: 'message',
          role: 'assistant',
          model: 'm',
          content: [],
          usage: { input_tokens: 3, output_tokens: 1 },
        },
      },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    ]);
    expect(await streamed(messages, 'anthropic')).toMatchObject({
      text: 'Hello',
      finishReason: 'stop',
    });
    await server.close();
    const gemini = events([
      { candidates: [{ content: { parts: [{ text: 'Hel' }] } }] },
      { candidates: [{ content: { parts: [{ text: 'lo' }] }, finishReason: 'STOP' }] },
    ]);
    expect(await streamed(gemini, 'google')).toMatchObject({ text: 'Hello', finishReason: 'stop' });
  });
});

describe('why an answer ended', () => {
  it.each([
    ['length', 'length'],
    ['model_length', 'length'],
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['content_filter', 'refusal'],
    ['safety', 'refusal'],
    ['sensitive', 'refusal'],
    ['eos', 'stop'],
  ])('%s is %s', async (word, reason) => {
    const body = chat({ content: 'Hel' }, { finish_reason: word });
    expect((await textOf((response) => respond(response, 200, body))).finishReason).toBe(reason);
  });

  it('by a refusal of the model is reported', async () => {
    const body = chat({ content: null, refusal: 'I will not.' });
    expect((await textOf((response) => respond(response, 200, body))).finishReason).toBe('refusal');
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'an error of the choice',
      { finish_reason: 'error', error: { code: 502, message: 'upstream' } },
      'invalid-response',
    ],
    [
      'an error by its own word',
      { error: { code: 429, type: 'rate_limit_error', message: 'later' } },
      'rate-limited',
    ],
    ['the word alone', { finish_reason: 'error' }, 'invalid-response'],
    [
      'a server that ran out',
      { finish_reason: 'insufficient_system_resource' },
      'invalid-response',
    ],
  ])('by %s is a failed call, however much text there is', async (_name, more, code) => {
    const body = chat({ content: 'Half an ans' }, more);
    await expect(textOf((response) => respond(response, 200, body))).rejects.toMatchObject({
      code,
      mayHaveCost: true,
    });
  });
});

describe('an answer without end or measure', () => {
  it.each<[string, string]>([
    ['deep', `{"choices":[{"message":{"content":${'['.repeat(400_000)}${']'.repeat(400_000)}}}]}`],
    [
      'of many parts',
      chat({ content: Array.from({ length: 60_000 }, () => ({ type: 'text', text: 'a' })) }),
    ],
    [
      'of many fields',
      `{${Array.from({ length: 90_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
    ],
  ])('that is %s is refused without being walked through', async (_name, body) => {
    await expect(textOf((response) => respond(response, 200, body))).rejects.toMatchObject({
      code: 'invalid-response',
    });
  });

  it('is cut off at the limit, whatever it claims to be', async () => {
    let isClosed: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    server = await startServer((response) => {
      response.on('close', () => isClosed?.());
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = ' '.repeat(64 * 1024);
      const pump = (): void => {
        if (!response.destroyed) response.write(chunk, pump);
      };
      pump();
    });
    const { client } = await connectLocal(server.url, { maxResponseBytes: 300_000 });
    await expect(
      client.generate({ model: 'm', prompt: 'Hi', maxOutputTokens: 5 }),
    ).rejects.toMatchObject({ code: 'invalid-response' });
    await closed;
  });

  it('that is an error is read at its beginning only', async () => {
    await expect(
      textOf((response) => {
        response.on('error', () => undefined);
        response.writeHead(401);
        const pump = (): void => {
          if (!response.destroyed) response.write('x'.repeat(64 * 1024), pump);
        };
        pump();
      }),
    ).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
