import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { upgrade } from '../../../source/telemetry/database/schema.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { runCommandLine } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

async function cacheWithHistory(): Promise<string> {
  const directory = temporaryDirectory();
  const store = openTelemetryStore({ path: join(directory, 'telemetry.db') });
  store.recordRoutingEvent('p-1', 't-1', {
    taskType: 'summarization',
    model: 'a-model',
    score: 0.5,
    costUsd: 0.25,
    iterations: 1,
    deterministicPassed: true,
  });
  await store.close();
  return directory;
}

describe('a piped dashboard', () => {
  it('prints text', async () => {
    const environment = { ORCHESTRATOR_CACHE_DIR: await cacheWithHistory() };
    const { exitCode, stdout, stderr } = await runCommandLine(['dashboard'], { environment });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(' 1 run  │  $0.25 total  │  avg quality 0.500  │  last 30 days');
  });

  it.each([
    ['--by-task', 'BY TASK TYPE'],
    ['--cost', 'COST EFFICIENCY'],
  ])('prints another view with %s', async (flag, title) => {
    const environment = { ORCHESTRATOR_CACHE_DIR: await cacheWithHistory() };
    const { stdout } = await runCommandLine(['dashboard', flag, '--plain'], { environment });
    expect(stdout).toContain(title);
  });

  it('prints one JSON object with --json', async () => {
    const environment = { ORCHESTRATOR_CACHE_DIR: await cacheWithHistory() };
    const { stdout } = await runCommandLine(['dashboard', '--json', '--days', '7'], {
      environment,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      window: { days: 7 },
      summary: { runs: 1, totalCostUsd: 0.25, averageQuality: 0.5 },
      leaders: { summarization: { model: 'a-model', qualityScore: 0.5, confidence: 'COLD' } },
    });
  });

  it('says where tasks go: to who did most, or where the configuration would send them', async () => {
    const directory = temporaryDirectory();
    const store = openTelemetryStore({ path: join(directory, 'telemetry.db') });
    const counts = { often: 30, seldom: 10 } as const;
    for (const [model, count] of Object.entries(counts)) {
      for (let task = 0; task < count; task += 1) {
        store.recordRoutingEvent('p-1', `${model}-${task}`, {
          taskType: 'summarization',
          model,
          score: 0.8,
          costUsd: 0.01,
          iterations: 1,
          deterministicPassed: true,
        });
      }
    }
    await store.close();
    const routesWith = async (...flags: string[]): Promise<unknown> => {
      const environment = { ORCHESTRATOR_CACHE_DIR: directory };
      const { stdout } = await runCommandLine(['dashboard', '--json', ...flags], { environment });
      const { routes } = JSON.parse(stdout) as { routes: Record<string, unknown>[] };
      return routes.map((route) => ({ ...route, spentUsd: Number(route['spentUsd']).toFixed(2) }));
    };
    const shared = {
      taskType: 'summarization',
      qualityScore: expect.closeTo(0.8, 9),
      qualityInterval: [expect.any(Number), expect.any(Number)],
      taskCostUsd: expect.closeTo(0.01, 9),
      spentUsd: '0.40',
      alternative: null,
      monthlySavingsUsd: null,
    };
    expect(await routesWith()).toEqual([{ ...shared, model: 'often', share: 0.75 }]);
    const config = join(directory, 'config.yaml');
    writeFileSync(
      config,
      `providers: {local: {kind: openai-compatible, baseUrl: "http://127.0.0.1:9/v1"}}
models: [{id: seldom, provider: local, price: {input: 0, output: 0}}]
`,
    );
    expect(await routesWith('--config', config)).toEqual([
      { ...shared, model: 'seldom', share: 0.25 },
    ]);
  });

  it('leaves the file as it was', async () => {
    const directory = await cacheWithHistory();
    const database = join(directory, 'telemetry.db');
    await runCommandLine(['dashboard', '--db', database]);
    const left = readdirSync(directory).filter((name) => !/-(wal|shm)$/.test(name));
    expect(left).toEqual(['telemetry.db']);
  });

  it('names file and next command where nothing is recorded', async () => {
    const directory = temporaryDirectory();
    const database = join(directory, 'telemetry.db');
    // As another process leaves it that has opened it and recorded nothing yet.
    const connection = new Database(database);
    upgrade(connection);
    connection.close();
    const plain = await runCommandLine(['dashboard', '--db', database]);
    expect(plain.exitCode).toBe(0);
    expect(plain.stdout).toContain(database);
    expect(plain.stdout).toContain('orchestrator run');
    const json = await runCommandLine(['dashboard', '--json', '--db', database]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      summary: { runs: 0, totalCostUsd: 0, averageQuality: null },
      rankings: [],
    });
  });
});

describe('a dashboard on something else', () => {
  async function failure(prepare: (path: string) => void) {
    const directory = temporaryDirectory();
    const database = join(directory, 'history.db');
    prepare(database);
    const before = readdirSync(directory);
    const { exitCode, stdout, stderr } = await runCommandLine(['dashboard', '--db', database]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(readdirSync(directory)).toEqual(before);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr;
  }

  it('says that a file is missing', async () => {
    expect(await failure(() => undefined)).toContain('There is no history at');
  });

  it('says that a file is no database', async () => {
    const text = 'this is not SQLite '.repeat(100);
    expect(await failure((path) => writeFileSync(path, text))).toContain(
      'not a telemetry database',
    );
  });

  it('says that a directory is no database', async () => {
    expect(await failure((path) => mkdirSync(path))).toContain('history.db');
  });
});

it.each([
  ['--days', '0'],
  ['--days', 'abc'],
  ['--days', '1.5'],
  ['--refresh', '1'],
])('refuses %s %s as wrong usage', async (flag, value) => {
  const { exitCode, stderr } = await runCommandLine(['dashboard', flag, value]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${flag} ${value} is not`);
});
