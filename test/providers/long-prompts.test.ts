import { afterEach, describe, expect, it } from 'vitest';
import { connectProviders, type ProviderKind } from '../../source/providers/index.ts';
import { createLongTexts } from '../../source/providers/long-texts.ts';
import { completion, respond, startServer, type TestServer } from './server.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
});

const answers: Partial<Record<ProviderKind, string>> = {
  'openai-compatible': completion('Hello'),
  anthropic: JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 4 },
  }),
  google: JSON.stringify({
    candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4, totalTokenCount: 14 },
  }),
};

/** Of every kind that JSON writes in another way, with a character at each place where pieces meet. */
const prompt = (start: string): string =>
  `${start}${'😀"\\\n\u0000\uD800é‏🇩🇪'.repeat(20_000)} $& $1 </answer>`;

async function clientFor(
  kind: ProviderKind,
  answer: Parameters<typeof startServer>[0],
  environment: Record<string, string> = {},
) {
  server = await startServer(answer);
  const { client } = await connectProviders({
    settings: {
      providers: { it: { kind, baseUrl: `${server.url}/v1`, apiKeyEnv: 'KEY' } },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 1 } }],
      catalogue: false,
    },
    environment: { KEY: 'key-of-the-user', ...environment },
  });
  return { client, received: server.received };
}

/** Every text in a request, wherever it stands. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('a long prompt', () => {
  it.each(Object.entries(answers))('reaches %s word for word', async (kind, answer) => {
    const { client, received } = await clientFor(kind as ProviderKind, (response) =>
      respond(response, 200, answer),
    );
    const prompts = ['', 'x', 'xy'].map(prompt);
    await Promise.all(
      prompts.map((text) =>
        client.generate({ model: 'some-model', system: 'S', prompt: text, maxOutputTokens: 9 }),
      ),
    );
    const sent = received.map(({ body }) => textsIn(JSON.parse(body)));
    for (const text of prompts) {
      expect(sent.filter((texts) => texts.includes(text))).toHaveLength(1);
    }
  });

  it('is there again in a request that is sent in another form', async () => {
    const { client, received } = await clientFor('openai-compatible', (response, { body }) =>
      body.includes('max_completion_tokens')
        ? respond(response, 200, completion('Hello'))
        : respond(response, 400, '{"error":{"message":"Unsupported parameter: max_tokens"}}'),
    );
    const text = prompt('');
    await client.generate({ model: 'some-model', prompt: text, maxOutputTokens: 9 });
    expect(received.map(({ body }) => textsIn(JSON.parse(body)).includes(text))).toEqual([
      true,
      true,
    ]);
  });

  it('is written out in steps, between which timers have their turn', async () => {
    const texts = createLongTexts(() => '1');
    const { text: name } = texts.standIn('"\u0001'.repeat(500_000));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const body = await texts.filled(`{"prompt":"${name}"}`);
    clearInterval(timer);
    expect(turns).toBeGreaterThanOrEqual(5);
    expect(body.length).toBeGreaterThan(4_000_000);
  });

  it('of which nobody knows any more is a text like any other', async () => {
    const texts = createLongTexts(() => '1');
    const { text: name, release } = texts.standIn('a'.repeat(60_000));
    release();
    expect(await texts.filled(`["${name}"]`)).toBe(`["${name}"]`);
    expect(texts.standIn('short').text).toBe('short');
  });
});
