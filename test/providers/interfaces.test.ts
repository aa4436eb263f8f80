import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectProviders,
  type ConnectedProviders,
  type ProviderKind,
} from '../../source/providers/index.ts';

/** Each provider's own interface, over real HTTP. */
const interfaces: [ProviderKind, { path: string; key: string; usage: Record<string, number> }][] = [
  ['openai', { path: '/v1', key: 'OPENAI_API_KEY', usage: { input_tokens: 40, output_tokens: 9 } }],
  [
    'anthropic',
    { path: '/v1', key: 'ANTHROPIC_API_KEY', usage: { input_tokens: 40, output_tokens: 9 } },
  ],
  [
    'google',
    {
      path: '/v1beta',
      key: 'GEMINI_API_KEY',
      usage: { promptTokenCount: 40, candidatesTokenCount: 9, totalTokenCount: 49 },
    },
  ],
  [
    'deepseek',
    { path: '/v1', key: 'DEEPSEEK_API_KEY', usage: { prompt_tokens: 40, completion_tokens: 9 } },
  ],
  [
    'moonshot',
    { path: '/v1', key: 'KIMI_API_KEY', usage: { prompt_tokens: 40, completion_tokens: 9 } },
  ],
  [
    'openai-compatible',
    { path: '/v1', key: 'LOCAL_KEY', usage: { prompt_tokens: 40, completion_tokens: 9 } },
  ],
];

const mock = new LLMock({ port: 0, logLevel: 'silent' });

beforeAll(async () => {
  await mock.start();
});

afterAll(async () => {
  await mock.stop();
});

function connect(kind: ProviderKind, path: string, key: string): Promise<ConnectedProviders> {
  return connectProviders({
    settings: {
      providers: { it: { kind, baseUrl: `${mock.url}${path}`, apiKeyEnv: key } },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 2 } }],
      catalogue: false,
    },
    environment: { [key]: 'key-of-the-user' },
  });
}

describe.each(interfaces)('the interface of %s', (kind, { path, key, usage }) => {
  it('answers with text, reason and usage', async () => {
    mock.clearFixtures();
    mock.onMessage(/./, { content: 'Forty-two.', usage });
    const { client, offers } = await connect(kind, path, key);
    const answer = await client.generate({
      model: 'some-model',
      system: 'Answer briefly',
      prompt: 'What is the answer?',
      maxOutputTokens: 50,
      json: true,
    });
    expect(answer).toMatchObject({
      text: 'Forty-two.',
      finishReason: 'stop',
      usage: { inputTokens: 40, cachedInputTokens: 0, outputTokens: 9 },
    });
    expect(
      offers[0]?.costUsd(answer.usage ?? { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }),
    ).toBeCloseTo(58e-6, 12);
  });

  it.each([
    [429, 'rate-limited'],
    [401, 'unauthorized'],
    [500, 'overloaded'],
  ])('fails with %i as %s', async (status, code) => {
    mock.clearFixtures();
    mock.onMessage(/./, { error: { message: 'No.' }, status });
    const { client } = await connect(kind, path, key);
    await expect(
      client.generate({ model: 'some-model', prompt: 'Hi', maxOutputTokens: 5 }),
    ).rejects.toMatchObject({ code, status });
  });
});
