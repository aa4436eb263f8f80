import { afterEach, describe, expect, it } from 'vitest';
import type { ModelResponse } from '../../source/domain/model-api.ts';
import { connectProviders, type ProviderKind } from '../../source/providers/index.ts';
import { respond, startServer, type TestServer } from './server.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
});

/** One call through the interface of a kind whose server answers with this. */
async function answered(kind: ProviderKind, body: unknown): Promise<ModelResponse> {
  server = await startServer((response) => respond(response, 200, JSON.stringify(body)));
  const { client } = await connectProviders({
    settings: {
      providers: { it: { kind, baseUrl: `${server.url}/v1`, apiKeyEnv: 'KEY' } },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 1 } }],
      catalogue: false,
    },
    environment: { KEY: 'key-of-the-user' },
  });
  return client.generate({ model: 'some-model', prompt: 'Hi', maxOutputTokens: 100 });
}

const chat = (message: Record<string, unknown>, finish: string) => ({
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'some-model',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
  usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
});

const anthropic = (text: string, stop: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'some-model',
  content: text === '' ? [] : [{ type: 'text', text }],
  stop_reason: stop,
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    output_tokens: 4,
    cache_read_input_tokens: 30,
    cache_creation_input_tokens: 20,
  },
});

const responses = (content: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'some-model',
  output: [
    { type: 'reasoning', id: 'rs_1', summary: [] },
    { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content: [content] },
  ],
  usage: {
    input_tokens: 50,
    input_tokens_details: { cached_tokens: 32 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 16 },
  },
  ...more,
});

const gemini = (finish: string, text = 'Hel') => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: finish, index: 0 }],
  usageMetadata: {
    promptTokenCount: 10,
    cachedContentTokenCount: 8,
    candidatesTokenCount: 4,
    thoughtsTokenCount: 6,
    totalTokenCount: 20,
  },
});

const output = (text: string) => ({ type: 'output_text', text, annotations: [] });

describe('the end of an answer', () => {
  it.each<[ProviderKind, string, unknown, ModelResponse['finishReason']]>([
    ['openai-compatible', 'a cut', chat({ content: 'Hel' }, 'length'), 'length'],
    ['openai-compatible', 'a refusal', chat({ content: null, refusal: 'No.' }, 'stop'), 'refusal'],
    ['deepseek', 'a cut', chat({ content: 'Hel' }, 'length'), 'length'],
    ['moonshot', 'a refusal', chat({ content: '' }, 'content_filter'), 'refusal'],
    ['anthropic', 'a cut', anthropic('Hel', 'max_tokens'), 'length'],
    ['anthropic', 'a refusal', anthropic('', 'refusal'), 'refusal'],
    ['openai', 'a refusal', responses({ type: 'refusal', refusal: 'No.' }), 'refusal'],
    [
      'openai',
      'a cut',
      responses(output('Hel'), {
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      }),
      'length',
    ],
    ['google', 'a cut', gemini('MAX_TOKENS'), 'length'],
    ['google', 'a refusal', gemini('SAFETY', ''), 'refusal'],
    ['google', 'a language it does not speak', gemini('LANGUAGE'), 'broken-off'],
    ['google', 'a call of a tool', gemini('UNEXPECTED_TOOL_CALL'), 'broken-off'],
    ['anthropic', 'a pause', anthropic('Hel', 'pause_turn'), 'broken-off'],
    ['openai-compatible', 'a list', chat({ content: 'Hel' }, 'BLOCKLIST'), 'refusal'],
    [
      'google',
      'a refused prompt',
      { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 10 } },
      'refusal',
    ],
  ])('of %s after %s is told', async (kind, _name, body, expected) => {
    expect((await answered(kind, body)).finishReason).toBe(expected);
  });
});

const plain: Readonly<Record<string, Record<string, unknown>>> = {
  'openai-compatible': chat({ content: 'Hello' }, 'stop'),
  anthropic: anthropic('Hello', 'end_turn'),
  google: gemini('STOP', 'Hello'),
  openai: responses(output('Hello')),
};

describe('the usage of an answer', () => {
  it('counts what Anthropic read from and wrote to its cache as input', async () => {
    expect((await answered('anthropic', anthropic('Hello', 'end_turn'))).usage).toEqual({
      inputTokens: 60,
      cachedInputTokens: 30,
      cacheWriteTokens: 20,
      outputTokens: 4,
    });
  });

  it.each<[ProviderKind, string, unknown]>([
    ['openai-compatible', 'usage', { prompt_tokens: { total: 10 }, completion_tokens: [4] }],
    ['openai-compatible', 'usage', { prompt_tokens: 10, completion_tokens_details: 4 }],
    ['anthropic', 'usage', { input_tokens: { total: 10 }, output_tokens: 4 }],
    ['google', 'usageMetadata', { promptTokenCount: { total: 10 }, promptTokensDetails: 'none' }],
    ['openai', 'usage', { input_tokens: 10, output_tokens: {}, input_tokens_details: 3 }],
  ])('of %s never costs the answer, whatever stands in %s: %j', async (kind, place, usage) => {
    const { text } = await answered(kind, { ...plain[kind], [place]: usage });
    expect(text).toBe('Hello');
  });

  it('counts reasoning as output', async () => {
    expect((await answered('openai', responses(output('Hello')))).usage).toEqual({
      inputTokens: 50,
      cachedInputTokens: 32,
      outputTokens: 20,
      reasoningTokens: 16,
    });
    await server?.close();
    expect((await answered('google', gemini('STOP'))).usage).toEqual({
      inputTokens: 10,
      cachedInputTokens: 8,
      outputTokens: 10,
      reasoningTokens: 6,
    });
  });
});

it('asks OpenAI not to keep the answer', async () => {
  await answered('openai', responses(output('Hello')));
  expect(JSON.parse(server?.received[0]?.body ?? '')).toMatchObject({ store: false });
});
