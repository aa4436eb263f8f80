import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfiguration } from '../../../source/commands/configuration/index.ts';
import { configurationText } from '../../../source/commands/init/configuration-text.ts';
import { findServers, usualPlaces } from '../../../source/commands/init/find-servers.ts';
import { runCommandLine } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** A server on this machine that answers every request alike; its address without a path. */
async function serve(body: string, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/v1/models' ? status : 404).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const listing = (...ids: string[]): string => JSON.stringify({ data: ids.map((id) => ({ id })) });

function place(more: NodeJS.ProcessEnv = {}) {
  const directory = temporaryDirectory();
  const environment = {
    XDG_CONFIG_HOME: join(directory, 'config'),
    ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'),
    ...more,
  };
  return { directory, environment, run: { workingDirectory: directory, environment } };
}

describe('orchestrator init', () => {
  it('writes what it found, trusts it, and what it writes is in force', async () => {
    const { directory, environment, run } = place({
      OPENAI_API_KEY: 'sk-never-to-be-written',
      OLLAMA_HOST: await serve(listing('llama3.2:latest', 'nomic-embed-text')),
    });
    const { exitCode, stdout } = await runCommandLine(['init'], run);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('OPENAI_API_KEY');
    const text = readFileSync(join(directory, 'orchestrator.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=file:\/\/\/.*schema\.json\n/);
    expect(text).toContain('openai: OPENAI_API_KEY');
    expect(text).not.toContain('sk-never');
    const loaded = await loadConfiguration({ workingDirectory: directory, environment });
    expect(loaded.untrusted).toBeUndefined();
    expect(loaded.providers.models).toContainEqual({
      id: 'llama3.2:latest',
      provider: 'ollama',
      price: { input: 0, output: 0 },
    });
    expect(loaded.providers.models.map(({ id }) => id)).not.toContain('nomic-embed-text');
    const listed = await runCommandLine(['trust', '--list', '--json'], run);
    expect(JSON.parse(listed.stdout).files).toMatchObject([{ current: true }]);
  });

  it('never takes the place of anything', async () => {
    const { directory, run } = place();
    const path = join(directory, 'orchestrator.yaml');
    writeFileSync(path, 'catalogue: false\n');
    const refused = await runCommandLine(['init'], run);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('is there already');
    expect(readFileSync(path, 'utf8')).toBe('catalogue: false\n');
    const other = place();
    symlinkSync(join(other.directory, 'nowhere'), join(other.directory, 'orchestrator.yaml'));
    expect((await runCommandLine(['init'], other.run)).exitCode).toBe(1);
    expect(existsSync(join(other.directory, 'nowhere'))).toBe(false);
  });

  it("writes the user's own with --user", async () => {
    const { directory, run } = place();
    const { exitCode, stdout } = await runCommandLine(['init', '--user', '--json'], run);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      path: join(directory, 'config/orchestrator/config.yaml'),
      keys: [],
    });
    expect(existsSync(join(directory, 'orchestrator.yaml'))).toBe(false);
  });
});

it('is a configuration still when what it only mentions is taken in', async () => {
  const text = configurationText({ keys: [], servers: [], schema: 'schema.json' });
  const lines = text.split('\n').map((line) => line.replace(/^# ?(?=[a-z]+:|  )/, ''));
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'c.yaml'), lines.join('\n'));
  const loaded = await loadConfiguration({
    workingDirectory: directory,
    environment: {},
    path: 'c.yaml',
  });
  expect(loaded.policy.maxTaskCostUsd).toBe(0.5);
  expect(loaded.providers.models).toMatchObject([{ id: 'llama3.2', provider: 'local' }]);
});

describe('servers', () => {
  const places = (baseUrl: string) => [{ name: 'own', baseUrl: `${baseUrl}/v1` }];

  it.each([
    ['no JSON', 'hello', 200],
    ['no list', '{"data": "x"}', 200],
    ['an error', listing('m'), 500],
  ])('that answer with %s are none', async (_, body, status) => {
    expect(await findServers(places(await serve(body, status)))).toEqual([]);
  });

  it('that name models in an odd way put nothing odd into a file', async () => {
    const address = await serve(
      JSON.stringify({ data: [{ id: 'a: b\n- x' }, { id: '"}, {#' }, { id: 7 }, null] }),
    );
    const servers = await findServers(places(address));
    expect(servers).toMatchObject([{ models: [] }]);
    const text = configurationText({
      keys: [],
      servers: [{ name: 'own', baseUrl: address, models: ['"}#:', "'x"] }],
      schema: 'schema.json',
    });
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'c.yaml'), text);
    const loaded = await loadConfiguration({
      workingDirectory: directory,
      environment: {},
      path: 'c.yaml',
    });
    expect(loaded.providers.models.map(({ id }) => id)).toEqual(['"}#:', "'x"]);
  });

  it('elsewhere are not asked', async () => {
    expect(await findServers([{ name: 'far', baseUrl: 'http://models.example/v1' }])).toEqual([]);
  });

  it.each([
    ['', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0:1500', 'http://127.0.0.1:1500/v1'],
    [':1500', 'http://127.0.0.1:1500/v1'],
    ['localhost', 'http://localhost:11434/v1'],
    ['http://127.0.0.1:1500/', 'http://127.0.0.1:1500/v1'],
    ['https://models.example', 'https://models.example/v1'],
    ['http://%', 'http://127.0.0.1:11434/v1'],
  ])('Ollama told %j listens at %s', (told, address) => {
    expect(usualPlaces({ OLLAMA_HOST: told })[0]?.baseUrl).toBe(address);
  });
});
