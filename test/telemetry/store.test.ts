import Database from 'better-sqlite3';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import type { StoreOptions } from '../../source/telemetry/store.ts';
import { decodeBatch, encodeBatch } from '../../source/telemetry/write/batch-line.ts';
import { sizeOf } from '../../source/telemetry/database/columns.ts';
import { batchOf, profile, result, temporaryDirectory } from './support.ts';

const deadPid = 2 ** 22 + 1;

/** A cache folder of the user's own, for the spool of databases that nothing can be put beside. */
const ownCache = (): string => {
  const cache = temporaryDirectory();
  vi.stubEnv('ORCHESTRATOR_CACHE_DIR', cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  return join(cache, 'spool');
};

const spooledRecords = (directory: string): number =>
  readdirSync(directory)
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .flatMap((line) => decodeBatch(line).batch ?? [])
    .reduce((records, batch) => records + sizeOf(batch), 0);

const openStore = (options: Partial<StoreOptions> = {}) => {
  const path = options.path ?? join(temporaryDirectory(), 'cache', 'telemetry.db');
  const notices: string[] = [];
  const store = openTelemetryStore({ onNotice: (text) => notices.push(text), ...options, path });
  onTestFinished(() => store.close());
  return { path, store, notices };
};

describe('the store', () => {
  it('has what was recorded on disk once flush resolves', async () => {
    const { path, store } = openStore({ now: () => 1_700_000_000.25 });
    store.recordRoutingEvent('p1', 't1', result());
    store.recordSnapshot('p1', 'deepseek-chat', 'code_generation', profile());
    await store.flush();
    const database = new Database(path, { readonly: true });
    expect(database.prepare('SELECT * FROM routing_events').all()).toEqual([
      {
        id: 1,
        project_id: 'p1',
        task_id: 't1',
        task_type: 'code_generation',
        model_chosen: 'deepseek-chat',
        reviewer: 'claude-sonnet',
        score: 0.9,
        cost_usd: 0.002,
        iterations: 2,
        det_passed: 1,
        recorded_at: 1_700_000_000.25,
      },
    ]);
    expect(database.prepare('SELECT count(*) AS n FROM model_snapshots').get()).toEqual({ n: 1 });
    database.close();
    expect(store.stats()).toEqual({ recorded: 2, written: 2, refused: 0, spooled: 0, lost: 0 });
  });

  it('drains when it is closed, and may be closed twice', async () => {
    const { path, store } = openStore();
    for (let task = 0; task < 1234; task += 1) store.recordRoutingEvent('p', `t${task}`, result());
    await Promise.all([store.close(), store.close()]);
    await store.close();
    const database = new Database(path, { readonly: true });
    expect(database.prepare('SELECT count(*) AS n FROM routing_events').get()).toEqual({ n: 1234 });
    database.close();
    expect(store.stats()).toMatchObject({ recorded: 1234, written: 1234 });
  });

  it('creates folder and file for the user alone', async () => {
    const { path, store } = openStore();
    await store.flush();
    store.recordRoutingEvent('p', 't', result());
    await store.flush();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('keeps a task as it was when it was recorded, in its order, and looks at it later', async () => {
    const { path, store, notices } = openStore();
    const changing = result({ score: 0.5 });
    store.recordRoutingEvent('p', 'kept', changing);
    changing.score = 7;
    store.recordRoutingEvent('p', 'wrong', changing);
    expect(store.stats()).toMatchObject({ recorded: 1, refused: 1 });
    expect(notices).toHaveLength(1);
    store.recordRoutingEvent('p', 'plain', result());
    store.recordRoutingEvent('p', 'tagged', { ...result(), tags: { team: 'search' } });
    store.recordRoutingEvent('p', 'last', result());
    await store.close();
    store.recordRoutingEvent('p', 'late', result());
    expect(store.stats()).toMatchObject({ recorded: 5, written: 5, refused: 2 });
    const database = new Database(path, { readonly: true });
    const rows = database.prepare('SELECT task_id, score FROM routing_events ORDER BY id').raw();
    expect(rows.all()).toEqual([
      ['kept', 0.5],
      ['plain', 0.9],
      ['tagged', 0.9],
      ['last', 0.9],
    ]);
    database.close();
  });

  it('refuses, counts and reports once what cannot be true', async () => {
    const { path, store, notices } = openStore();
    store.recordRoutingEvent('p', 't', result({ score: Number.NaN }));
    store.recordRoutingEvent('p', 't', result({ costUsd: -1 }));
    store.recordSnapshots('p', [
      { model: 'm', taskType: 't', profile: profile({ failureCount: 11 }) },
      { model: 'm', taskType: 't', profile: profile() },
    ]);
    // @ts-expect-error from plain JavaScript anything may come
    store.recordRoutingEvent('p', 't', null);
    await store.close();
    expect(store.stats()).toMatchObject({ recorded: 1, written: 1, refused: 4 });
    expect(notices).toEqual([expect.stringContaining('score')]);
    const database = new Database(path, { readonly: true });
    expect(database.prepare('SELECT count(*) AS n FROM routing_events').get()).toEqual({ n: 0 });
    database.close();
  });

  it('ranks models by value and names the leader of a task type', async () => {
    const { store } = openStore();
    store.recordSnapshot('p', 'cheap', 'summarization', profile({ qualityScore: 0.8 }));
    store.recordSnapshot(
      'p',
      'good',
      'summarization',
      profile({ qualityScore: 0.9, avgCostUsd: 0.01 }),
    );
    const rankings = await store.modelRankings(30);
    expect(rankings.map(({ model }) => model)).toEqual(['cheap', 'good']);
    expect(rankings[0]?.valueScore).toBeCloseTo(0.8 / 0.0011, 9);
    const leaders = await store.taskTypeLeaders(30);
    expect(leaders['summarization']).toMatchObject({ model: 'good', confidence: 'WARM' });
  });

  it('counts a run without snapshots by its events, until it has snapshots', async () => {
    const { store } = openStore();
    store.recordRoutingEvent('p', 't1', result({ score: 0.5, iterations: 3, costUsd: 0.3 }));
    const [live] = await store.modelRankings();
    expect(live).toMatchObject({ callCount: 3, liveCallCount: 3, qualityScore: 0.5 });
    expect(live?.averageCostUsd).toBeCloseTo(0.1, 12);
    store.recordSnapshot('p', 'deepseek-chat', 'code_generation', profile({ callCount: 4 }));
    const [settled] = await store.modelRankings();
    expect(settled).toMatchObject({ callCount: 4, liveCallCount: 0, qualityScore: 0.8 });
  });

  it('remembers ten runs of 0.55 as a HOT profile of 0.55', async () => {
    const { store } = openStore();
    for (let run = 0; run < 10; run += 1) {
      const observed = profile({ qualityScore: 0.55, callCount: 5 });
      store.recordSnapshot(`p${run}`, 'm', 'evaluation', observed);
    }
    const history = await store.loadHistoricalProfile('m', 'evaluation');
    expect(history).toMatchObject({ confidence: 'HOT', callCount: 50 });
    expect(history?.qualityScore).toBeCloseTo(0.55, 12);
    expect(await store.loadHistoricalProfile('m', 'other')).toBeUndefined();
  });

  it('knows what of a run is recorded already', async () => {
    const { store } = openStore();
    expect(await store.recordedTaskIds('p')).toEqual(new Set());
    expect(await store.hasSnapshots('p')).toBe(false);
    store.recordRoutingEvent('p', 't1', result());
    store.recordRoutingEvent('q', 't2', result());
    store.recordSnapshot('p', 'm', 'evaluation', profile());
    expect(await store.recordedTaskIds('p')).toEqual(new Set(['t1']));
    expect(await store.hasSnapshots('p')).toBe(true);
    expect(await store.hasSnapshots('q')).toBe(false);
    expect(await store.recordedCalls('p')).toEqual(new Map());
    const call = { role: 'judge', provider: 'lab', model: 'm', costUsd: 0.25 } as const;
    const known = { costUsd: 0.25, costEstimated: true, latencyMs: 7, outcome: 'ok' };
    store.recordCall('p', { ...call, ...known, callId: '3' });
    expect(await store.recordedCalls('p')).toEqual(new Map([['3', known]]));
  });

  it('knows what of a run waits in the spool of a process that died', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const tasks = Array.from({ length: 500 }, (_, index) => `t${index}`);
    const lines = Array.from({ length: 100 }, (_, batch) =>
      encodeBatch(
        batchOf(
          '5',
          batch + 1,
          tasks.map((task) => `${task}.${batch}`),
        ),
      ),
    );
    writeFileSync(`${path}.spool-${deadPid}-5-worker.jsonl`, lines.join('\n') + '\n', {
      mode: 0o600,
    });
    const { store } = openStore({ path });
    expect((await store.recordedTaskIds('p')).size).toBe(50_000);
  });

  it('counts what was recorded here alone, whoever’s spool it takes in', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const left = encodeBatch(batchOf('5', 1, ['t1', 't2', 't3']));
    writeFileSync(`${path}.spool-${deadPid}-5-worker.jsonl`, `${left}\n`, { mode: 0o600 });
    const { store } = openStore({ path });
    store.recordRoutingEvent('p', 'own', result());
    expect((await store.recordedTaskIds('p')).size).toBe(4);
    await store.flush();
    expect(store.stats()).toMatchObject({ recorded: 1, written: 1, spooled: 0, lost: 0 });
  });

  it('has no history where there is no file yet, and creates none for a reader', async () => {
    const { path, store } = openStore({ readonly: true });
    expect(await store.loadHistory()).toEqual([]);
    await expect(store.modelRankings()).rejects.toMatchObject({ code: 'missing' });
    expect(existsSync(path)).toBe(false);
    store.recordRoutingEvent('p', 't', result());
    expect(store.stats()).toMatchObject({ recorded: 0, refused: 1 });
  });

  it.each([
    ['a folder that cannot be made', '/proc/nope/telemetry.db'],
    ['folders that cannot be made', '/proc/nope/deeper/telemetry.db'],
    ['a folder that takes no files', '/proc/telemetry.db'],
    ['a file in place of a folder', join(import.meta.filename, 'telemetry.db')],
    ['a name that is too long', join(tmpdir(), `${'long'.repeat(100)}.db`)],
    ['a folder whose name is too long', join(tmpdir(), 'long'.repeat(100), 'telemetry.db')],
  ])('keeps records in the user’s cache folder for %s, and says so once', async (_what, path) => {
    const spool = ownCache();
    const temporary = readdirSync(tmpdir());
    const { store, notices } = openStore({ path });
    store.recordRoutingEvent('p', 't1', result());
    await store.flush();
    store.recordSnapshot('p', 'm', 'evaluation', profile());
    await store.close();
    expect(store.stats()).toEqual({ recorded: 2, written: 0, refused: 0, spooled: 2, lost: 0 });
    expect(notices).toEqual([expect.stringMatching(/none is lost.*cannot be written/)]);
    expect(spooledRecords(spool)).toBe(2);
    const added = readdirSync(tmpdir()).filter((name) => !temporary.includes(name));
    expect(added.filter((name) => name.includes('spool'))).toEqual([]);
  });

  it('counts as lost what no folder of the user takes, and says so', async () => {
    vi.stubEnv('ORCHESTRATOR_CACHE_DIR', '/proc/nope');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { store, notices } = openStore({ path: '/proc/nope/telemetry.db' });
    store.recordRoutingEvent('p', 't1', result());
    await store.close();
    expect(store.stats()).toEqual({ recorded: 1, written: 0, refused: 0, spooled: 0, lost: 1 });
    expect(notices).toEqual([expect.stringMatching(/Records are being lost/)]);
  });

  it('rejects reads of a path that nothing can be at with a stable code', async () => {
    const { store } = openStore({
      path: join(tmpdir(), `${'long'.repeat(100)}.db`),
      readonly: true,
    });
    await expect(store.loadHistory()).rejects.toMatchObject({ code: 'unreadable' });
    const folder = openStore({ path: temporaryDirectory(), readonly: true });
    await expect(folder.store.modelRankings()).rejects.toMatchObject({ code: 'not-a-database' });
  });

  it('rejects reads with a stable code', async () => {
    const path = join(temporaryDirectory(), 'notes.db');
    writeFileSync(path, 'These are my notes, and certainly no database.'.repeat(100));
    const { store } = openStore({ path, readonly: true });
    await expect(store.modelRankings()).rejects.toMatchObject({
      name: 'TelemetryError',
      code: 'not-a-database',
    });
    await store.close();
    await expect(store.modelRankings()).rejects.toMatchObject({ code: 'closed' });
  });

  it.each([0, -1, Number.NaN, Infinity])('has no window of %s days', async (days) => {
    const { store } = openStore();
    store.recordRoutingEvent('p1', 't1', result());
    const refused = { name: 'TelemetryError', code: 'bad-window' };
    await expect(store.modelRankings(days)).rejects.toMatchObject(refused);
    await expect(store.taskTypeLeaders(days)).rejects.toMatchObject(refused);
    await expect(store.recommendations(days)).rejects.toMatchObject(refused);
  });
});
