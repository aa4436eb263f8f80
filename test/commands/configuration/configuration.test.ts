import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
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
      routing: { strategy: 'adaptive', qualityTolerance: 0.05, exploration: 0.2 },
      policy: { allow: [], block: [] },
      roles: { planner: [], critic: [], judge: [] },
      supervision: { maxShare: 0.3 },
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
roles: {judge: [gpt-x, llama3.2]}
supervision: {maxShare: 0.2}
budget: {month: 50}
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
      routing: { strategy: 'greedy', qualityTolerance: 0, exploration: 0.2 },
      policy: { allow: ['gpt-x'], block: [], maxLatencyMs: 20_000, maxTaskCostUsd: 0.5 },
      roles: { planner: [], critic: [], judge: ['gpt-x', 'llama3.2'] },
      supervision: { maxShare: 0.2 },
      monthBudgetUsd: 50,
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
      'orchestrator.yaml:1:1: There is no setting "modls" (did you mean models?): use one of providers, models, catalogue, routing, history, roles, supervision, budget, policy.',
    ],
    [
      'providers:\n  local: {kind: openai-compatible, bseUrl: x}',
      'orchestrator.yaml:2:36: There is no setting "bseUrl" in providers.local (did you mean baseUrl?): use one of kind, baseUrl, apiKeyEnv, jsonMode.',
    ],
    [
      'models:\n  - {id: a, provider: openai, price: {in: 1}}',
      'orchestrator.yaml:2:39: There is no setting "in" in models.0.price: use one of input, output, cachedInput.',
    ],
    [
      'history: {url: "postgres://ci@127.0.0.1/x", hash_ids: true}',
      'orchestrator.yaml:1:45: There is no setting "hash_ids" in history (did you mean hashIds?): use one of url, hashIds.',
    ],
    [
      'history: {uri: "postgres://ci@127.0.0.1/x"}',
      'orchestrator.yaml:1:11: There is no setting "uri" in history (did you mean url?): use one of url, hashIds.',
    ],
    [
      'models:\n  - {id: a, provider: openai, price: {output: 1}}',
      'orchestrator.yaml:2:38: models.0.price.input is not as it should be: expected a number of dollars.',
    ],
    [
      'models:\n  - {id: "a\\0b", provider: openai}',
      'orchestrator.yaml:2:10: models.0.id is not as it should be: expected a name of characters that can be seen.',
    ],
    [
      'models:\n  - {id: "gpt\\u202E-5", provider: openai}',
      'orchestrator.yaml:2:10: models.0.id is not as it should be: expected a name of characters that can be seen.',
    ],
    [
      'policy: {allow: ["gpt\\u200B-5"]}',
      'orchestrator.yaml:1:18: policy.allow.0 is not as it should be: expected a name of characters that can be seen.',
    ],
    [
      `models:\n  - {id: ${'m'.repeat(1025)}, provider: openai}`,
      'orchestrator.yaml:2:10: models.0.id is not as it should be: expected a name of at most 1024 characters.',
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

  it.each([
    ['a: &a [x]\nproviders: {<<: *a}', /Merge sources must be maps/],
    ['catalogue: *nope', /Unresolved alias/],
    ['models: &a [*a]', /aliases/],
    ['catalogue: true\ncatalogue: false', /the key catalogue is there twice/],
    ['['.repeat(20_000), /nested too deeply/],
    ['catalogue: true\n---\ncatalogue: false', /several documents/],
    ['__proto__: {catalogue: true}', /There is no setting "__proto__"/],
    ['models: []\n\0', /is not text in UTF-8/],
  ])('%#: is one sentence', async (yaml, message) => {
    const sentence = await failureOf(yaml);
    expect(sentence).toMatch(message);
    expect(sentence).not.toContain('\n');
  });

  it('is no device, folder or FIFO, and not larger than anybody writes; nothing is waited for', async () => {
    const file = join(project, 'orchestrator.yaml');
    execFileSync('mkfifo', [file]);
    await expect(load()).rejects.toMatchObject({ message: expect.stringMatching(/not a regular/) });
    await rm(file);
    await symlink('/dev/zero', file);
    await expect(load()).rejects.toMatchObject({ message: expect.stringMatching(/not a regular/) });
    await rm(file);
    await writeFile(file, '');
    await truncate(file, 2 ** 40);
    await expect(load()).rejects.toMatchObject({
      message: expect.stringMatching(/larger than 1 MB/),
    });
  });

  it('may have a byte-order mark, UTF-16, CRLF, merge keys, and nothing below a name', async () => {
    const yaml =
      'routing: &r {qualityTolerance: 0.3}\r\nproviders: ~\r\nmodels:\r\npolicy: {block: [x]}\r\n';
    const file = join(project, 'orchestrator.yaml');
    for (const bytes of [
      Buffer.from(`\uFEFF${yaml}`),
      Buffer.from(`\uFEFF${yaml}`, 'utf16le'),
      Buffer.from(`\uFEFF${yaml}`, 'utf16le').swap16(),
    ]) {
      await writeFile(file, bytes);
      expect(await load()).toMatchObject({
        routing: { qualityTolerance: 0.3 },
        policy: { block: ['x'] },
        providers: { models: [] },
      });
    }
    await writeFile(
      file,
      'providers: {a: &a {kind: openai-compatible, baseUrl: "http://127.0.0.1:1/v1"}, b: {<<: *a, jsonMode: true}}',
    );
    expect((await load()).providers.providers['b']).toMatchObject({
      baseUrl: 'http://127.0.0.1:1/v1',
      jsonMode: true,
    });
  });

  it('warns of models in a policy that are most likely misspelt', async () => {
    await writeFile(
      join(project, 'orchestrator.yaml'),
      'policy: {allow: [claude-sonet-5, claude-haiku-4-5], block: [glm5.3, some-model]}',
    );
    expect((await load()).warnings).toEqual([
      'policy.allow names claude-sonet-5, and no model is called that (did you mean claude-sonnet-5?): correct it, or see orchestrator models.',
      'policy.block names glm5.3, and no model is called that (did you mean glm-5.3?): correct it, or see orchestrator models.',
    ]);
  });

  it('takes a second for tens of thousands of keys', async () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`);
    expect(await failureOf(keys.join('\n'))).toContain('There is no setting "k0"');
  });

  it('that names no file differs from one that cannot be read', async () => {
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
