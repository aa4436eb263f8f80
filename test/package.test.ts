import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTypes } from '../scripts/build-types.ts';
import { startCollector } from './support/collector.ts';
import { root } from './support/documents.ts';

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'orchestrator-package-'));
/** A folder with nothing in it but the package, as its user has it. */
const project = join(folder, 'project');
const installed = join(project, 'node_modules', 'multi-llm-orchestrator');
let tarball = '';

const tool = (name: string): string => join(root, 'node_modules', '.bin', name);
/** What the user's own shell has: nothing of this project in its PATH. */
const environment = {
  HOME: folder,
  PATH: [join(project, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
};

const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(path, name)).isFile(),
  );

/** The names of the packages in a `node_modules`, scoped and nested ones too. */
const packagesIn = (path: string): string[] =>
  filesBelow(path).flatMap((file) => {
    const name = /^(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1];
    return name === undefined ? [] : [name];
  });

beforeAll(async () => {
  buildTypes();
  const packed = await run(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    { cwd: root },
  );
  const [, filename = ''] = /"filename": "([^"]+)"/.exec(packed.stdout) ?? [];
  tarball = join(folder, filename);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], {
    cwd: project,
  });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('installs at most 5 packages and 35 MB', () => {
    const modules = join(project, 'node_modules');
    const bytes = filesBelow(modules)
      .map((file) => statSync(join(modules, file)).size)
      .reduce((sum, size) => sum + size, 0);
    expect(packagesIn(modules)).toContain('multi-llm-orchestrator');
    expect(packagesIn(modules).length).toBeLessThanOrEqual(5);
    expect(bytes).toBeLessThanOrEqual(35_000_000);
  });

  it('starts nothing when it is installed', () => {
    const manifest: { scripts: object } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    );
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
    expect(atInstall.filter((name) => Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });

  it('holds no source, test or tool of ours', () => {
    const top = new Set(readdirSync(installed));
    const wanted = ['CHANGELOG.md', 'LICENSE', 'dist', 'docs', 'examples', 'package.json'];
    expect(top).toEqual(new Set([...wanted, 'readme.md', 'schema.json']));
  });

  it('names the licence of every library that is in it', () => {
    const notices = readFileSync(join(installed, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const bundled = ['ink', 'react', 'zod', 'yaml', 'undici', 'ajv', '@ai-sdk/openai', 'pg'];
    expect(
      bundled.filter((name) => !new RegExp(`^${name} [\\d.]+ \\(`, 'm').test(notices)),
    ).toEqual([]);
    expect(notices).not.toContain('not stated');
    expect(notices).toContain('MIT');
  });

  it('is as publint and attw want it', async () => {
    const { messages } = await publint({ pkgDir: installed, pack: false, strict: true });
    expect(messages).toEqual([]);
    const attw = await run(tool('attw'), [tarball, '--profile', 'esm-only', '--no-color']);
    expect(attw.stdout).toContain('🟢');
  });
});

describe('in an empty folder', () => {
  it('the program runs, and needs no key for it', async () => {
    const version = await run('orchestrator', ['--version'], { cwd: project, env: environment });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const demo = await run('orchestrator', ['demo', '--plain', '--runs', '1'], {
      cwd: project,
      env: environment,
    });
    expect(demo.stderr).toBe('');
    expect(demo.stdout).toContain('MODEL RANKINGS');
  });

  it('installs for every day, and leaves nothing when it is removed', async () => {
    const prefix = join(folder, 'global');
    const npm = (...argv: string[]) => run('npm', [...argv, '--global', '--prefix', prefix]);
    await npm('install', '--prefer-offline', '--no-audit', '--no-fund', tarball);
    const bin = join(prefix, 'bin', 'orchestrator');
    const { stdout } = await run(bin, ['completion', 'bash'], { cwd: folder, env: environment });
    expect(stdout).toContain('complete -F _orchestrator orchestrator');
    await npm('uninstall', 'multi-llm-orchestrator');
    expect(existsSync(bin)).toBe(false);
    expect(readdirSync(join(prefix, 'lib', 'node_modules'))).not.toContain(
      'multi-llm-orchestrator',
    );
  });

  it('a defect shows where it is, in names that can be read', async () => {
    writeFileSync(join(project, 'bad.yaml'), 'routing: {strategy: nonsense}');
    const failure: unknown = await run('orchestrator', ['models', '--config', 'bad.yaml'], {
      cwd: project,
      env: { ...environment, DEBUG: '1' },
    }).catch((error: unknown) => error);
    expect(failure).toHaveProperty('stderr', expect.stringMatching(/ at \S*loadConfiguration \(/));
  });

  it('the types hold without skipping any, with nothing else installed', async () => {
    writeFileSync(
      join(project, 'program.ts'),
      `import { explain, openTelemetryStore, type RoutingDecision } from 'multi-llm-orchestrator';
await using store = openTelemetryStore({ path: 'telemetry.db' });
export const decision: RoutingDecision = await explain({ store, taskType: 'summarization' });`,
    );
    const options = '--module nodenext --target es2024 --strict --noEmit --types';
    const { stdout } = await run(tool('tsc'), [...options.split(' '), '', 'program.ts'], {
      cwd: project,
    });
    expect(stdout).toBe('');
  });

  it('reports to OpenTelemetry once its SDK is installed beside it', async () => {
    const collector = await startCollector();
    const traced = {
      ...environment,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    };
    const argv = ['run', '--simulate', '--project', 'p', '--criteria', 'c'];
    const options = { cwd: project, env: traced };
    // A task may come out as only the best that could be had.
    await run('orchestrator', argv, options).catch(() => {});
    expect(collector.spans).toEqual([]);
    symlinkSync(
      join(root, 'node_modules', '@opentelemetry'),
      join(project, 'node_modules', '@opentelemetry'),
    );
    await run('orchestrator', argv, options).catch(() => {});
    expect(collector.spans.filter(({ name }) => name === 'plan')).toHaveLength(1);
    expect(collector.spans.filter(({ name }) => name.startsWith('invoke_workflow'))).toHaveLength(
      1,
    );
  });

  // The system's own Node.js, where it is one that is too old.
  const older = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
    .map((path) => join(path, 'node'))
    .find((path) => existsSync(path));
  it.skipIf(older === undefined)('an older Node.js gets one sentence, or the program', async () => {
    const cli = join(installed, 'dist', 'cli.js');
    const { stdout, stderr } = await run(String(older), [cli, '--version'], {
      env: environment,
    }).catch((error: { stdout: string; stderr: string }) => error);
    expect(`${stdout}${stderr}`).toMatch(
      /^(?:\d+\.\d+\.\d+|orchestrator needs Node\.js 22\.13 or newer, and this is .*try again\.)\n$/,
    );
  });
});
