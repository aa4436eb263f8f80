import { describe, expect, it } from 'vitest';
import type { ModelRanking } from '../../source/domain/insight.ts';
import { runModels } from '../../source/commands/models/run-models.ts';
import type { ProvidersSettings } from '../../source/providers/index.ts';

const ranking = (model: string, more: Partial<ModelRanking> = {}): ModelRanking => ({
  model,
  qualityScore: 0.887,
  averageCostUsd: 0.00041,
  valueScore: 1739.2,
  trendPercent: null,
  callCount: 312,
  liveCallCount: 0,
  taskCount: 200,
  failureCount: 3,
  validatorFailCount: 0,
  averageLatencyMs: 900,
  latencyP95Ms: 2000,
  successRate: 0.99,
  confidence: 'HOT',
  sparkline: [],
  ...more,
});

const settings: ProvidersSettings = {
  catalogue: false,
  providers: { local: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1' } },
  models: [
    { id: 'gpt-5.4-mini', provider: 'openai' },
    { id: 'deepseek-v4-pro', provider: 'deepseek', contextTokens: 1_000_000 },
    { id: 'gpt-x', provider: 'deepseek' },
    {
      id: 'llama3.2',
      provider: 'local',
      contextTokens: 128_000,
      price: { input: 0, output: 0.005 },
    },
  ],
};

function run(options: {
  json: boolean;
  environment?: Record<string, string>;
  rankings?: ModelRanking[];
}): Promise<string> {
  const { json, environment = { DEEPSEEK_API_KEY: 'k' }, rankings = [] } = options;
  return runModels({
    settings,
    environment,
    clock: () => Date.UTC(2026, 10, 1, 12) / 1000,
    rankings: () => Promise.resolve(rankings),
    json,
  });
}

describe('orchestrator models', () => {
  it('shows provider, key, price and history, the usable ones first', async () => {
    const text = await run({
      json: false,
      rankings: [
        ranking('llama3.2'),
        ranking('old\u001B[31m-model', { callCount: 1, confidence: 'COLD' }),
      ],
    });
    expect(text).toMatchInlineSnapshot(`
      "MODEL            PROVIDER       KEY                      IN $/M  OUT $/M  CONTEXT  LAST 30 DAYS
      deepseek-v4-pro  deepseek       DEEPSEEK_API_KEY set       0.66     1.98       1M  no calls
      llama3.2         local          none needed                0.00    0.005     128k  HOT 312 calls  q:0.887  $0.41/k
      gpt-5.4-mini     openai         OPENAI_API_KEY not set     0.75     4.50     400k  no calls
      gpt-x            deepseek       DEEPSEEK_API_KEY set    unknown  unknown           no calls
      old-model        (not offered)                                                     COLD 1 call  q:0.887  $0.41/k

      2 models can be called; set a key to call more.
      gpt-x is not used until its price is stated under models: in orchestrator.yaml, as - {id: "gpt-x", provider: deepseek, price: {input: 0, output: 0}}
      "
    `);
  });

  it('says what to do when nothing can be called', async () => {
    const text = await runModels({
      settings: { ...settings, models: settings.models.slice(0, 2) },
      environment: {},
      clock: () => 0,
      rankings: () => Promise.resolve([]),
      json: false,
    });
    expect(text).toContain('No model can be called: set one of the keys above');
  });

  it('prints one JSON object', async () => {
    const printed = JSON.parse(await run({ json: true, rankings: [ranking('deepseek-v4-pro')] }));
    expect(printed.window).toEqual({ days: 30 });
    expect(printed.models.map(({ id }: { id: string }) => id)).toEqual([
      'deepseek-v4-pro',
      'llama3.2',
      'gpt-5.4-mini',
      'gpt-x',
    ]);
    expect(printed.models[0]).toMatchObject({
      provider: 'deepseek',
      usable: true,
      keyPresent: true,
      keyVariables: ['DEEPSEEK_API_KEY'],
      pricedAs: 'deepseek-v4-pro',
      priceLine: null,
      history: { confidence: 'HOT', callCount: 312, qualityScore: 0.887 },
    });
    expect(printed.models[1]).toMatchObject({ keyPresent: null, pricedAs: null, history: null });
    expect(printed.models[3]).toMatchObject({
      usable: false,
      price: null,
      priceLine: '- {id: "gpt-x", provider: deepseek, price: {input: 0, output: 0}}',
    });
  });

  it('lists the whole catalogue by default', async () => {
    const text = await runModels({
      settings: { providers: {}, models: [], catalogue: true },
      environment: { ANTHROPIC_API_KEY: 'k' },
      clock: () => Date.UTC(2026, 10, 1) / 1000,
      rankings: () => Promise.resolve([]),
      json: false,
    });
    expect(text).toMatch(/^claude-opus-5-5 +anthropic +ANTHROPIC_API_KEY set +4\.00 +20\.00 +1M/m);
    expect(text).toMatch(/^glm-5\.3 +zhipu +ZHIPU_API_KEY or ZAI_API_KEY not set/m);
    expect(text).not.toContain('unknown');
  });
});
