import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';

function place(more: NodeJS.ProcessEnv = {}) {
  const directory = temporaryDirectory();
  const cache = join(directory, 'cache');
  const environment = {
    XDG_CONFIG_HOME: join(directory, 'config'),
    ORCHESTRATOR_CACHE_DIR: cache,
    ...more,
  };
  const examine = async () => {
    const where = { workingDirectory: directory, environment };
    const { exitCode, stdout } = await runCommandLine(['doctor', '--json'], where);
    return { exitCode, stdout, report: JSON.parse(stdout) };
  };
  return { directory, cache, environment, examine };
}

const key = { OPENAI_API_KEY: 'sk-a-key-of-the-user' };

describe('orchestrator doctor', () => {
  it('finds nothing wrong where there is a key, and never shows the key', async () => {
    const { examine } = place(key);
    const { exitCode, stdout, report } = await examine();
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ ok: true, problems: [], history: { status: 'missing' } });
    const [openai] = report.keys;
    expect(openai).toMatchObject({ provider: 'openai', present: true, variable: 'OPENAI_API_KEY' });
    expect(report.keys.filter(({ present }: { present: boolean }) => present)).toHaveLength(1);
    expect(stdout).not.toContain(key.OPENAI_API_KEY);
  });

  it('says what to do where nothing can be called', async () => {
    const { exitCode, report } = await place().examine();
    expect(exitCode).toBe(1);
    expect(report.problems).toEqual([
      { severity: 'stop', message: expect.stringContaining('set a key such as OPENAI_API_KEY') },
    ]);
  });

  it('looks at the history, and at what waits for it, without touching either', async () => {
    const { cache, examine } = place(key);
    const store = openTelemetryStore({ path: join(cache, 'telemetry.db'), now: () => 1000 });
    store.recordRoutingEvent('p', 't', {
      taskType: 'summarization',
      model: 'm',
      costUsd: 1,
      iterations: 1,
      deterministicPassed: true,
    });
    await store.close();
    writeFileSync(join(cache, 'telemetry.db.spool-1-x-worker.jsonl'), '');
    writeFileSync(join(cache, 'telemetry.db.refused-1-x-worker.jsonl'), '');
    const { exitCode, report } = await examine();
    expect(exitCode).toBe(0);
    expect(report.history).toMatchObject({
      status: 'ready',
      version: report.history.currentVersion,
      rows: { routing_events: 1, model_snapshots: 0 },
      from: 1000,
      to: 1000,
    });
    expect(report.problems.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringContaining('1 file of records wait'),
      expect.stringContaining('refused-1-x-worker.jsonl holds records that could not be true'),
    ]);
  });

  it.each<[string, string, (directory: string, cache: string) => void]>([
    [
      'a configuration with a mistake',
      'did you mean routing',
      (directory) => writeFileSync(join(directory, 'orchestrator.yaml'), 'rooting: {}\n'),
    ],
    [
      'a configuration that nobody trusts',
      'run orchestrator trust',
      (directory) =>
        writeFileSync(
          join(directory, 'orchestrator.yaml'),
          'providers: {openai: {baseUrl: "https://elsewhere.example/v1"}}\n',
        ),
    ],
    [
      'a history that is none',
      'telemetry.db',
      (_, cache) => {
        mkdirSync(cache, { mode: 0o700 });
        writeFileSync(join(cache, 'telemetry.db'), 'not a database '.repeat(99));
      },
    ],
    [
      'a cache folder that others can write to',
      'chmod go-w',
      (_, cache) => {
        mkdirSync(cache);
        chmodSync(cache, 0o777);
      },
    ],
    ['a file for a folder', 'is no folder', (_, cache) => writeFileSync(cache, '')],
    ['a link to itself', 'cannot be looked at (ELOOP', (_, cache) => symlinkSync(cache, cache)],
  ])('%s is a reason to stop, with its remedy', async (_, remedy, prepare) => {
    const { directory, cache, examine } = place(key);
    prepare(directory, cache);
    const { exitCode, report } = await examine();
    expect(exitCode).toBe(1);
    expect(report.ok).toBe(false);
    const stops = report.problems.filter(
      ({ severity }: { severity: string }) => severity === 'stop',
    );
    expect(JSON.stringify(stops)).toContain(remedy);
  });

  it.each<[string, string, (directory: string) => string]>([
    [
      'below a file',
      'is a file and no folder: move it away, or name another file with --db.',
      (directory) => {
        writeFileSync(join(directory, 'file'), '');
        return join(directory, 'file', 'deep', 'x.db');
      },
    ],
    [
      'that is a folder',
      'is not a telemetry database: name another file',
      (directory) => directory,
    ],
    [
      'that is no database',
      'is not a telemetry database: name another file',
      (directory) => {
        const file = join(directory, 'notes.txt');
        writeFileSync(file, 'not a database '.repeat(99));
        return file;
      },
    ],
  ])('names a history %s once, with the remedy', async (_, remedy, prepare) => {
    const { directory, environment } = place(key);
    const where = { workingDirectory: directory, environment };
    const path = prepare(directory);
    const { exitCode, stdout } = await runCommandLine(['doctor', '--json', '--db', path], where);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).problems).toEqual([
      { severity: 'stop', message: expect.stringContaining(`${path} `) },
    ]);
    expect(JSON.parse(stdout).problems[0].message).toContain(remedy);
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0).each([
    ['that is missing', 'x.db', false],
    ['that is there', 'x.db', true],
  ])('names a history %s in a folder that is read-only', async (_, name, isThere) => {
    const { directory, environment } = place(key);
    const folder = join(directory, 'shut');
    mkdirSync(folder);
    const path = join(folder, name);
    if (isThere) await openTelemetryStore({ path }).close();
    chmodSync(folder, 0o555);
    const where = { workingDirectory: directory, environment };
    const { exitCode, stdout } = await runCommandLine(['doctor', '--json', '--db', path], where);
    chmodSync(folder, 0o755);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).problems).toEqual([
      {
        severity: 'stop',
        message: expect.stringMatching(
          /(?:cannot be written to|is read-only): change its permissions, or name another file with --db/,
        ),
      },
    ]);
  });

  it('goes on where the name of the cache folder is too long for any', async () => {
    const cache = `/${'n'.repeat(5000)}`;
    const { exitCode, report } = await place({ ...key, ORCHESTRATOR_CACHE_DIR: cache }).examine();
    expect(exitCode).toBe(1);
    expect(JSON.stringify(report.problems)).toContain('cannot be looked at (ENAMETOOLONG');
  });

  it('reports an address that is none, and goes on', async () => {
    const { exitCode, report } = await place({ ...key, OPENAI_BASE_URL: 'ftp://x' }).examine();
    expect(exitCode).toBe(1);
    expect(JSON.stringify(report.problems)).toContain('OPENAI_BASE_URL');
    expect(report.paths.length).toBeGreaterThan(5);
  });

  it('looks at a history on a server, and never shows a password', async () => {
    const own = place(key);
    const configuration = join(own.directory, 'config', 'orchestrator');
    mkdirSync(configuration, { recursive: true });
    // Nothing listens there.
    writeFileSync(join(configuration, 'config.yaml'), 'history: postgres://me@127.0.0.1:1/team\n');
    const named = await own.examine();
    expect(named.exitCode).toBe(1);
    expect(named.report.history).toMatchObject({ path: 'postgres://me@127.0.0.1:1/team' });
    expect(JSON.stringify(named.report.problems)).toContain('cannot be reached');
    const secret = 'postgres://me:hunter2@127.0.0.1:1/team';
    const given = await place({ ...key, ORCHESTRATOR_DATABASE_URL: secret }).examine();
    expect(given.report.history.status).toBe('failed');
    expect(given.stdout).not.toContain('hunter2');
    const wrong = await place({ ...key, ORCHESTRATOR_DATABASE_URL: 'postgres://?a=b' }).examine();
    expect(wrong.exitCode).toBe(1);
    expect(JSON.stringify(wrong.report.problems)).toContain('ORCHESTRATOR_DATABASE_URL');
    expect(wrong.report.history.status).toBe('missing');
  });

  it('says it all as text', async () => {
    const { directory, environment } = place({ ...key, LANG: 'C' });
    const { stdout } = await runCommandLine(['doctor'], {
      workingDirectory: directory,
      environment,
    });
    expect(stdout).toContain(join(directory, 'cache', 'telemetry.db'));
    expect(stdout).toContain('OPENAI_API_KEY is set; requests go to https://api.openai.com/v1');
    expect(stdout).toContain('no terminal, 16 colours, ASCII alone');
    expect(stdout.trimEnd().endsWith('Nothing is wrong.')).toBe(true);
  });
});
