import { describe, expect, it } from 'vitest';
import {
  connectProviders,
  defaultProvidersSettings,
  type ProvidersSettings,
} from '../../source/providers/index.ts';

function connect(
  settings: Partial<ProvidersSettings>,
  environment: Record<string, string | undefined> = {},
) {
  return connectProviders({
    settings: { ...defaultProvidersSettings, ...settings },
    environment,
    clock: () => 1_793_000_000,
  });
}

const local = { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' } as const;

describe('connecting', () => {
  it('offers the catalogue of the providers whose keys are set', async () => {
    const { offers } = await connect({}, { DEEPSEEK_API_KEY: 'k', OPENAI_API_KEY: ' ' });
    expect(offers.map(({ id }) => id)).toEqual(['deepseek-v4-pro', 'deepseek-v4-flash']);
    expect(offers[0]).toMatchObject({ provider: 'deepseek', contextTokens: 1_000_000 });
  });

  it('lists the keys in use, and no other', async () => {
    const { secrets } = await connect({}, { DEEPSEEK_API_KEY: ' key-1 ', OTHER_KEY: 'key-2' });
    expect(secrets).toEqual(['key-1']);
  });

  it.each([
    ['OPENAI_API_KEY', 'openai'],
    ['ANTHROPIC_API_KEY', 'anthropic'],
    ['GOOGLE_API_KEY', 'google'],
    ['GEMINI_API_KEY', 'google'],
    ['MOONSHOT_API_KEY', 'moonshot'],
    ['KIMI_API_KEY', 'moonshot'],
    ['ZAI_API_KEY', 'zhipu'],
    ['MINIMAX_API_KEY', 'minimax'],
  ])('finds the key in %s', async (variable, provider) => {
    const { offers } = await connect({}, { [variable]: 'k' });
    expect(new Set(offers.map((offer) => offer.provider))).toEqual(new Set([provider]));
  });

  it('takes the key from the variable that the configuration names', async () => {
    const providers = { deepseek: { apiKeyEnv: 'WORK_KEY' } };
    const { offers } = await connect({ providers }, { WORK_KEY: 'k' });
    expect(offers).toHaveLength(2);
    await expect(connect({ providers }, { DEEPSEEK_API_KEY: 'k' })).rejects.toMatchObject({
      code: 'no-provider',
    });
  });

  it('offers a configured model of a local server without any key', async () => {
    const { offers } = await connect({
      providers: { local },
      models: [
        {
          id: 'llama3.2',
          provider: 'local',
          taskTypes: ['summarization'],
          price: { input: 0, output: 0 },
        },
      ],
    });
    expect(offers).toMatchObject([
      { id: 'llama3.2', provider: 'local', taskTypes: ['summarization'] },
    ]);
  });

  it('lets the configuration say something else of a model in the catalogue', async () => {
    const { offers } = await connect(
      { models: [{ id: 'deepseek-v4-pro', provider: 'deepseek', price: { input: 7, output: 0 } }] },
      { DEEPSEEK_API_KEY: 'k' },
    );
    const offer = offers.find(({ id }) => id === 'deepseek-v4-pro');
    expect(offers).toHaveLength(2);
    expect(offer?.contextTokens).toBe(1_000_000);
    expect(
      offer?.costUsd({ inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 5 }),
    ).toBeCloseTo(7, 9);
  });

  it('leaves out a configured model whose provider has no key', async () => {
    const { offers } = await connect(
      { models: [{ id: 'gpt-x', provider: 'openai' }] },
      { DEEPSEEK_API_KEY: 'k' },
    );
    expect(offers.map(({ id }) => id)).not.toContain('gpt-x');
  });

  it('refuses a model whose price nobody knows, with the line to add', async () => {
    const attempt = connect(
      { models: [{ id: 'gpt-x', provider: 'openai' }] },
      { OPENAI_API_KEY: 'k' },
    );
    await expect(attempt).rejects.toMatchObject({
      code: 'price-unknown',
      message: expect.stringContaining(
        '- {id: "gpt-x", provider: openai, price: {input: 0, output: 0}}',
      ),
    });
  });

  it('names the three ways on when there is nothing to call', async () => {
    const failure: unknown = await connect({}).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'no-provider' });
    expect(String(failure)).toMatch(/set a key.*local server.*--simulate/);
  });

  it.each<[string, Partial<ProvidersSettings>]>([
    ['a provider without a kind', { providers: { mine: { baseUrl: 'http://x/v1' } } }],
    ['a local server without an address', { providers: { mine: { kind: 'openai-compatible' } } }],
    ['a model of nobody', { models: [{ id: 'm', provider: 'nobody' }] }],
    [
      'a model twice',
      {
        models: [
          { id: 'm', provider: 'openai' },
          { id: 'm', provider: 'deepseek' },
        ],
      },
    ],
  ])('refuses %s', async (_name, settings) => {
    await expect(connect(settings, { OPENAI_API_KEY: 'k' })).rejects.toMatchObject({
      code: 'bad-configuration',
    });
  });
});
