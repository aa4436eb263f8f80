import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectedProviders } from '../../source/providers/index.ts';
import { completion, connectLocal, respond, startServer, type TestServer } from './server.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
});

async function serving(body: string): Promise<ConnectedProviders['client']> {
  server = await startServer((response) => respond(response, 200, body));
  return (await connectLocal(server.url)).client;
}

const ask = { model: 'm', prompt: 'Hi', maxOutputTokens: 10 };

const choice = (message: Record<string, unknown>, finishReason: string) => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }],
});

describe('an answer', () => {
  it('comes with its text, why it ended and its tokens', async () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 8 },
    };
    const client = await serving(completion('Hello', { usage }));
    await expect(client.generate(ask)).resolves.toMatchObject({
      text: 'Hello',
      finishReason: 'stop',
      usage: { inputTokens: 100, cachedInputTokens: 64, outputTokens: 20, reasoningTokens: 8 },
    });
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['half', { prompt_tokens: 3 }],
    ['all zero', { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }],
  ])('whose usage is %s has an unknown usage', async (_name, usage) => {
    const client = await serving(completion('Hello', { usage }));
    const answer = await client.generate(ask);
    expect(answer).toMatchObject({ text: 'Hello', finishReason: 'stop' });
    expect(answer).not.toHaveProperty('usage');
  });

  it.each([
    ['length', 'length'],
    ['content_filter', 'refusal'],
    ['tool_calls', 'other'],
    ['a word of its own', 'other'],
  ])('that ended by %s says %s', async (reason, expected) => {
    const client = await serving(completion('', choice({ content: 'Hel' }, reason)));
    expect((await client.generate(ask)).finishReason).toBe(expected);
  });

  it('may be empty', async () => {
    const client = await serving(completion('', choice({ content: null }, 'stop')));
    expect((await client.generate(ask)).text).toBe('');
  });

  it('leaves out what the model thought', async () => {
    const client = await serving(
      completion('', choice({ content: 'Yes', reasoning_content: 'Hm' }, 'stop')),
    );
    expect((await client.generate(ask)).text).toBe('Yes');
  });
});

const sent = (): Record<string, unknown> => JSON.parse(server?.received[0]?.body ?? '');

describe('a request', () => {
  it('carries the texts and the limit, and nothing that was not asked for', async () => {
    const client = await serving(completion('Hello'));
    await client.generate({ ...ask, system: 'Be brief' });
    expect(sent()).toEqual({
      model: 'm',
      max_tokens: 10,
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'Hi' },
      ],
    });
  });

  it('carries a temperature when asked', async () => {
    const client = await serving(completion('Hello'));
    await client.generate({ ...ask, temperature: 0.2 });
    expect(sent()).toMatchObject({ temperature: 0.2 });
  });

  it('asks for JSON only where the server is known to understand that', async () => {
    const client = await serving(completion('{}'));
    await client.generate({ ...ask, json: true });
    expect(sent()).not.toHaveProperty('response_format');
    await server?.close();
    server = await startServer((response) => respond(response, 200, completion('{}')));
    const knowing = await connectLocal(server.url, { provider: { jsonMode: true } });
    await knowing.client.generate({ ...ask, json: true });
    expect(sent()).toMatchObject({ response_format: { type: 'json_object' } });
  });

  it('for a model that nobody offers is refused', async () => {
    const client = await serving(completion('Hello'));
    await expect(client.generate({ ...ask, model: 'other' })).rejects.toMatchObject({
      code: 'unknown-model',
      mayHaveCost: false,
    });
  });
});
