import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  loadConfiguration,
  type Configuration,
} from '../../../source/commands/configuration/index.ts';

let home: string;
let project: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'orchestrator-home-'));
  project = join(home, 'project');
  await mkdir(join(home, '.config', 'orchestrator'), { recursive: true });
  await mkdir(project);
});

afterEach(() => rm(home, { recursive: true }));

const load = (path?: string): Promise<Configuration> =>
  loadConfiguration({
    workingDirectory: project,
    homeDirectory: home,
    environment: { ORCHESTRATOR_TRUST: '1' },
    ...(path === undefined ? {} : { path }),
  });

async function failureOf(yaml: string): Promise<string> {
  await writeFile(join(project, 'orchestrator.yaml'), yaml);
  const failure: unknown = await load().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'configuration', exitCode: 1 });
  return failure instanceof Error ? failure.message : '';
}

describe('the configuration', () => {
  it('is all defaults without a file', async () => {
    expect(await load()).toEqual({
      providers: { providers: {}, models: [], catalogue: true },
      routing: { strategy: 'adaptive', qualityTolerance: 0.05 },
      policy: { allow: [], block: [] },
    });
  });

  it('is the named file, else that of the directory, else that of the user', async () => {
    const user = join(home, '.config', 'orchestrator', 'config.yaml');
    await writeFile(user, 'routing: {qualityTolerance: 0.1}');
    expect(await load()).toMatchObject({
      file: '~/.config/orchestrator/config.yaml',
      routing: { strategy: 'adaptive', qualityTolerance: 0.1 },
    });
    await writeFile(join(project, 'orchestrator.yaml'), 'routing: {qualityTolerance: 0.2}');
    expect(await load()).toMatchObject({ routing: { qualityTolerance: 0.2 } });
    await writeFile(join(project, 'other.yaml'), 'routing: {qualityTolerance: 0.3}');
    expect(await load('other.yaml')).toMatchObject({ routing: { qualityTolerance: 0.3 } });
  });

  it('says everything that can be said', async () => {
    await writeFile(
      join(project, 'orchestrator.yaml'),
      `
providers:
  local: {kind: openai-compatible, baseUrl: "http://127.0.0.1:11434/v1", jsonMode: true}
  openai: {kind: openai, baseUrl: "https://example.org", apiKeyEnv: WORK_KEY}
  anthropic:
models:
  - {id: llama3.2, provider: local, price: {input: 0, output: 0}}
  - {id: gpt-x, provider: openai, taskTypes: [code_generation], contextTokens: 1000, price: {input: 1.25, output: 10, cachedInput: 0.1}}
catalogue: false
routing: {strategy: greedy, qualityTolerance: 0}
policy: {allow: [gpt-x], block: [], maxLatencyMs: 20000, maxTaskCostUsd: 0.5}
`,
    );
    expect(await load()).toEqual({
      file: 'orchestrator.yaml',
      providers: {
        providers: {
          local: {
            kind: 'openai-compatible',
            baseUrl: 'http://127.0.0.1:11434/v1',
            jsonMode: true,
          },
          openai: { kind: 'openai', baseUrl: 'https://example.org', apiKeyEnv: 'WORK_KEY' },
          anthropic: {},
        },
        models: [
          { id: 'llama3.2', provider: 'local', price: { input: 0, output: 0 } },
          {
            id: 'gpt-x',
            provider: 'openai',
            taskTypes: ['code_generation'],
            contextTokens: 1000,
            price: { input: 1.25, output: 10, cachedInput: 0.1 },
          },
        ],
        catalogue: false,
      },
      routing: { strategy: 'greedy', qualityTolerance: 0 },
      policy: { allow: ['gpt-x'], block: [], maxLatencyMs: 20_000, maxTaskCostUsd: 0.5 },
    });
  });

  it.each(['', '# nothing yet\n', 'providers:\nmodels:\nrouting:\npolicy:\n'])(
    'may be empty: %j',
    async (yaml) => {
      await writeFile(join(project, 'orchestrator.yaml'), yaml);
      expect((await load()).providers.catalogue).toBe(true);
    },
  );
});

describe('a mistake in the configuration', () => {
  it.each([
    [
      'modls: []',
      'orchestrator.yaml:1:1: There is no setting "modls": use one of providers, models, catalogue, routing, policy.',
    ],
    [
      'providers:\n  local: {kind: openai-compatible, bseUrl: x}',
      'orchestrator.yaml:2:36: There is no setting "bseUrl" in providers.local: use one of kind, baseUrl, apiKeyEnv, jsonMode.',
    ],
    [
      'models:\n  - {id: a, provider: openai, price: {in: 1}}',
      'orchestrator.yaml:2:39: There is no setting "in" in models.0.price: use one of input, output, cachedInput.',
    ],
    [
      'models:\n  - {id: a, provider: openai, price: {output: 1}}',
      'orchestrator.yaml:2:38: models.0.price.input is not as it should be: expected a number of dollars.',
    ],
    [
      'routing:\n  strategy: random',
      'orchestrator.yaml:2:13: routing.strategy is not as it should be: expected adaptive or greedy.',
    ],
    [
      'routing: {qualityTolerance: 5}',
      'orchestrator.yaml:1:29: routing.qualityTolerance is not as it should be: expected a number from 0 to 1.',
    ],
    [
      'providers:\n  openai: {apiKeyEnv: sk-abcdefgh}',
      'orchestrator.yaml:2:23: providers.openai.apiKeyEnv is not as it should be: expected the name of an environment variable, never the key itself.',
    ],
    [
      'providers:\n  mine: {baseUrl: "http://x/v1"}',
      'orchestrator.yaml:2:9: Provider mine has no kind: add one of openai, anthropic, google, deepseek, moonshot, openai-compatible as kind.',
    ],
    [
      'providers:\n  mine: {kind: openai-compatible}',
      'orchestrator.yaml:2:9: Provider mine has no address: add its baseUrl, as in http://127.0.0.1:11434/v1.',
    ],
    [
      'models:\n  - {id: a, provider: nobody}',
      'orchestrator.yaml:2:23: There is no provider nobody: add it under providers, or use one of openai, anthropic, google, deepseek, moonshot, zhipu, minimax.',
    ],
    [
      'models:\n  - {id: a, provider: openai}\n  - {id: a, provider: deepseek}',
      'orchestrator.yaml:3:10: Model a is there twice: keep one of the entries.',
    ],
    [
      '- a list',
      'orchestrator.yaml:1:1: The file is not as it should be: expected object, received array.',
    ],
  ])('%j is named with its place and what to do', async (yaml, message) => {
    expect(await failureOf(yaml)).toBe(message);
  });

  it.each([
    ['models:\n  - {id: a', /^orchestrator\.yaml:2:11: This is not valid YAML \(.+\): correct/],
    ['a: 1\na: 2\n', /^orchestrator\.yaml:2:1: This is not valid YAML/],
    ['\tproviders: {}', /^orchestrator\.yaml:1:1: This is not valid YAML/],
    [
      'a: &a [x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: [*d, *d, *d]',
      /aliases/,
    ],
  ])('%j is not YAML, and where', async (yaml, message) => {
    expect(await failureOf(yaml)).toMatch(message);
  });

  it('that names no file is told apart from one that cannot be read', async () => {
    await expect(load('absent.yaml')).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/^There is no file absent\.yaml: /),
    });
    await expect(load('.')).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/^\. is a folder: /),
    });
  });
});

it.each(['docs/models.md', 'readme.md'])('reads what %s shows', async (page) => {
  const text = await readFile(join(import.meta.dirname, '../../..', page), 'utf8');
  const examples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml = '']) => yaml);
  expect(examples.length).toBeGreaterThan(0);
  for (const yaml of examples) {
    await writeFile(join(project, 'orchestrator.yaml'), yaml);
    expect((await load()).providers.models).not.toEqual([]);
  }
});
