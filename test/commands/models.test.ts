import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelRanking } from '../../source/domain/insight.ts';
import { runModels } from '../../source/commands/models/run-models.ts';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { runCommandLine } from '../support/context.ts';
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

describe('the command line', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'orchestrator-models-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const call = (...argv: string[]) =>
    runCommandLine(['models', ...argv], {
      environment: { ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'), GEMINI_API_KEY: 'k' },
      workingDirectory: directory,
    });

  it('works before there is any history, and leaves no trace', async () => {
    await writeFile(join(directory, 'orchestrator.yaml'), 'providers: {}');
    const { exitCode, stdout } = await call('--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).models[0]).toMatchObject({ provider: 'google', usable: true });
    expect(await readdir(directory)).toEqual(['orchestrator.yaml']);
  });

  it('reports a mistake in the configuration in one sentence', async () => {
    await writeFile(join(directory, 'mine.yaml'), 'providers: 3');
    const { exitCode, stdout, stderr } = await call('--config', 'mine.yaml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'mine.yaml:1:12: providers is not as it should be: expected providers by name.\n',
    );
  });

  it('shows what the history says, and nothing of a history that is not there', async () => {
    const database = join(directory, 'telemetry.db');
    const missing = await call('--db', database);
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
    const store = openTelemetryStore({ path: database });
    store.recordRoutingEvent('p', 't', {
      taskType: 'summarization',
      model: 'gemini-3.5-flash',
      score: 0.91,
      costUsd: 0.002,
      iterations: 2,
      deterministicPassed: true,
    });
    await store.close();
    const { exitCode, stdout } = await call('--db', database);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^gemini-3\.5-flash .* COLD 2 calls {2}q:0\.910/m);
  });

  it('reports a file that is no database', async () => {
    await writeFile(join(directory, 'notes.db'), 'These are notes, not a database. '.repeat(200));
    const { exitCode, stderr } = await call('--db', join(directory, 'notes.db'));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^.*notes\.db.*\n$/);
  });
});
