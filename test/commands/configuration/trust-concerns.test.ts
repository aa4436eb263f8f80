import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  configurationSchema,
  type ConfigurationContent,
} from '../../../source/commands/configuration/schema.ts';
import {
  concernsOf,
  withoutConcerns,
} from '../../../source/commands/configuration/trust-concerns.ts';
import { isThisMachine } from '../../../source/domain/this-machine.ts';
import { endpointOf, presets, type ProviderSettings } from '../../../source/providers/index.ts';

const read = (content: unknown): ConfigurationContent => configurationSchema.parse(content);

/** A server on this machine without a key, or a preset's own address with one of its own keys. */
function isSafe(name: string, settings: ProviderSettings): boolean {
  const { baseUrl, keyVariables } = endpointOf(name, settings);
  if (keyVariables.length === 0) return isThisMachine(new URL(baseUrl ?? '').hostname);
  return Object.keys(presets)
    .map((preset) => endpointOf(preset, {}))
    .some(
      (own) =>
        own.baseUrl === baseUrl && keyVariables.every((key) => own.keyVariables.includes(key)),
    );
}

describe('what a found file says', () => {
  it.each([
    ['nothing', {}],
    [
      'routing, policy and no catalogue',
      { routing: {}, policy: { block: ['x'] }, catalogue: false },
    ],
    [
      'a server on this machine without a key, and its prices',
      {
        providers: { local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1' } },
        models: [{ id: 'a', provider: 'local', price: { input: 1, output: 2 } }],
      },
    ],
    [
      'the same by name',
      { providers: { l: { kind: 'openai-compatible', baseUrl: 'http://localhost:1/v1' } } },
    ],
    ['a preset as it is', { providers: { openai: null, anthropic: { kind: 'anthropic' } } }],
    ['a preset with a key of its own', { providers: { google: { apiKeyEnv: 'GEMINI_API_KEY' } } }],
    [
      "a preset's own address",
      { providers: { zhipu: { baseUrl: 'https://api.z.ai/api/paas/v4' } } },
    ],
    [
      'a model of a preset',
      { models: [{ id: 'gpt-x', provider: 'openai', taskTypes: ['evaluation'] }] },
    ],
  ])('counts at once: %s', (_, content) => {
    const asRead = read(content);
    expect(concernsOf(asRead)).toEqual([]);
  });

  it.each([
    ['another address for a preset', { openai: { baseUrl: 'http://127.0.0.1:1/v1' } }],
    [
      'a server elsewhere without a key',
      { far: { kind: 'openai-compatible', baseUrl: 'http://10.0.0.1/v1' } },
    ],
    [
      'a name that only looks local',
      { far: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1.example.org/v1' } },
    ],
    [
      'a variable for a local server',
      {
        local: {
          kind: 'openai-compatible',
          baseUrl: 'http://127.0.0.1:1/v1',
          apiKeyEnv: 'AWS_SECRET_ACCESS_KEY',
        },
      },
    ],
    ['a variable of another for a preset', { openai: { apiKeyEnv: 'GITHUB_TOKEN' } }],
    ["another provider's key", { openai: { apiKeyEnv: 'ANTHROPIC_API_KEY' } }],
    [
      'a local server with the key of its kind',
      { mine: { kind: 'anthropic', baseUrl: 'http://localhost:1' } },
    ],
    ["another preset's address", { minimax: { baseUrl: 'https://api.z.ai/api/paas/v4' } }],
  ])('needs trust: %s', (_, providers) => {
    const content = read({ providers });
    const concerns = concernsOf(content);
    expect(concerns).toHaveLength(1);
    expect(withoutConcerns(content, concerns).providers).toEqual({});
  });

  it('leaves out a history that is anywhere but on a server of this machine', () => {
    for (const history of ['postgres://db.example/x', '/somewhere/telemetry.db']) {
      const concerns = concernsOf({ history });
      expect(concerns).toEqual([{ about: 'history', place: history }]);
      expect(withoutConcerns({ history }, concerns).history).toBeUndefined();
    }
    expect(concernsOf({ history: 'postgres://127.0.0.1/x' })).toEqual([]);
    const hashed = { url: 'postgres://db.example/x', hashIds: true };
    expect(concernsOf({ history: hashed })).toEqual([
      { about: 'history', place: 'postgres://db.example/x?ids=hashed' },
    ]);
  });

  it('needs trust: what a model costs that is not on such a server', () => {
    const content = read({
      models: [{ id: 'gpt-x', provider: 'openai', price: { input: 0, output: 0 } }],
    });
    const concerns = concernsOf(content);
    expect(concerns).toEqual([{ about: 'price', model: 'gpt-x' }]);
    expect(withoutConcerns(content, concerns).models).toEqual([
      { id: 'gpt-x', provider: 'openai' },
    ]);
  });

  it('never moves a key, however it is written', () => {
    const names = [...Object.keys(presets), 'a', 'b', 'constructor'];
    const variables = ['OPENAI_API_KEY', 'GEMINI_API_KEY', 'ZAI_API_KEY', 'GITHUB_TOKEN', 'PATH'];
    const addresses = [
      'http://127.0.0.1:1/v1',
      'http://localhost/v1',
      'https://evil.example/v1',
      'https://api.z.ai/api/paas/v4',
      'https://api.minimax.io/v1',
      'http://2130706433/',
      'http://127.0.0.1\\@evil.example/',
      'http://[::1]:8080/v1',
    ];
    const provider = fc.record(
      {
        kind: fc.constantFrom(
          'openai',
          'anthropic',
          'google',
          'deepseek',
          'moonshot',
          'openai-compatible',
        ),
        baseUrl: fc.constantFrom(...addresses),
        apiKeyEnv: fc.constantFrom(...variables),
      },
      { requiredKeys: [] },
    );
    const contents = fc
      .record({
        providers: fc.dictionary(fc.constantFrom(...names), provider),
        models: fc.uniqueArray(
          fc.record({
            id: fc.string({ minLength: 1 }),
            provider: fc.constantFrom(...names),
            price: fc.constant({ input: 0, output: 0 }),
          }),
          { selector: ({ id }) => id },
        ),
      })
      .map((content) => configurationSchema.safeParse(content))
      .filter(({ success }) => success);
    fc.assert(
      fc.property(contents, ({ data = {} }) => {
        const kept = withoutConcerns(data, concernsOf(data));
        for (const [name, settings] of Object.entries(kept.providers ?? {})) {
          expect({ name, settings, safe: isSafe(name, settings ?? {}) }).toMatchObject({
            safe: true,
          });
        }
        for (const model of (kept.models ?? []).filter(({ price }) => price !== undefined)) {
          const settings = kept.providers?.[model.provider] ?? {};
          expect(endpointOf(model.provider, settings).keyVariables).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
