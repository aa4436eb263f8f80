import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyRunState } from '../../../source/domain/run-state.ts';
import { sharedRunOf } from '../../../source/domain/shared-run.ts';
import { newTask } from '../../../source/domain/task-state.ts';
import {
  createIdHider,
  idHiderFor,
  secretFile,
} from '../../../source/telemetry/address/hidden-ids.ts';
import { openTelemetryStore, readSharedRuns, showRun } from '../../../source/telemetry/index.ts';
import { createConnector } from '../../../source/telemetry/postgres/connector.ts';
import {
  readServerAddress,
  serverAddress,
} from '../../../source/telemetry/address/server-address.ts';
import { pushFile } from '../../../source/telemetry/transfer/push.ts';
import { isWithoutServer, serverHistory, until } from '../../support/postgres.ts';
import { batchOf, profile, result, temporaryDirectory } from '../support.ts';

const clock = (): number => Date.now() / 1000;
const secret = (filling: number): Buffer => Buffer.alloc(32, filling);
const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });

describe('an id that is hidden', () => {
  it('is always the same, and another for another id, run or machine', () => {
    fc.assert(
      fc.property(id, id, id, (project, task, other) => {
        const hide = createIdHider(secret(1));
        const hidden = hide.task(project, task);
        expect(createIdHider(secret(1)).task(project, task)).toBe(hidden);
        expect(createIdHider(secret(2)).task(project, task)).not.toBe(hidden);
        expect(hide.project(project)).not.toBe(hide.task(project, project));
        expect(hide.task(project, other) === hidden).toBe(other === task);
        expect(hide.task(other, task) === hidden).toBe(other === project);
      }),
    );
  });

  it('stays what it is when it is hidden again, by whatever machine', () => {
    const hidden = createIdHider(secret(1)).project('acme-merger');
    expect(createIdHider(secret(2)).project(hidden)).toBe(hidden);
    expect(hidden).toMatch(/^id-[\w-]{26}$/);
    // It only looks like one.
    const chosen = `id-${'acme-merger'.padEnd(26, 'x')}`;
    expect(createIdHider(secret(1)).project(chosen)).not.toBe(chosen);
  });

  it('is not told by the name of the batch either: what happened once is named by ids', () => {
    const once = { writer: '123456789', number: 5 };
    const batchBy = (filling: number) =>
      createIdHider(secret(filling)).batch({ ...batchOf('5', 1, ['t']), once });
    expect(batchBy(1).once).not.toEqual(once);
    expect(batchBy(1).once).toEqual(batchBy(1).once);
    expect(batchBy(2).once).not.toEqual(batchBy(1).once);
    expect(Number(batchBy(1).once?.number)).toBeLessThan(2 ** 31);
    expect(BigInt(batchBy(1).once?.writer ?? -1)).toBeLessThan(2n ** 63n);
  });

  it('names a run as runs may be named', () => {
    fc.assert(
      fc.property(id, (project) => {
        expect(createIdHider(secret(1)).project(project)).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
      }),
    );
  });
});

describe('the secret of a machine', () => {
  const address = (query: string) => serverAddress(`postgres://ci@127.0.0.1/o${query}`);
  const environmentOf = () => ({ ORCHESTRATOR_CACHE_DIR: temporaryDirectory() });

  it('is made for the user alone when ids are to be hashed, and not before', () => {
    const environment = environmentOf();
    expect(idHiderFor(address(''), environment)).toBeUndefined();
    const hide = idHiderFor(address('?ids=hashed'), environment);
    expect(statSync(secretFile(environment)).mode & 0o777).toBe(0o600);
    // However the history is named from then on.
    expect(idHiderFor(address(''), environment)?.project('p')).toBe(hide?.project('p'));
  });

  it('that an earlier process made hides ids as well, however the history is named', () => {
    const environment = environmentOf();
    writeFileSync(secretFile(environment), `${secret(1).toString('hex')}\n`, { mode: 0o600 });
    const hidden = createIdHider(secret(1)).project('p');
    expect(idHiderFor(address(''), environment)?.project('p')).toBe(hidden);
  });

  it('that cannot be used lets nothing go', () => {
    for (const spoil of [
      (file: string) => writeFileSync(file, 'short', { mode: 0o600 }),
      (file: string) => {
        writeFileSync(file, 'a'.repeat(64));
        chmodSync(file, 0o666);
      },
    ]) {
      const environment = environmentOf();
      spoil(secretFile(environment));
      expect(() => idHiderFor(address('?ids=hashed'), environment)).toThrow(/ids\.key/);
    }
  });

  it('is asked for in words that an address knows', () => {
    expect(readServerAddress('postgres://u@h/d?ids=secret')).toMatchObject({
      problem: expect.stringContaining('ids=hashed'),
    });
  });
});

describe.skipIf(isWithoutServer)('a machine that hides its ids', () => {
  const project = 'merger of Acme & Söhne/№1';
  const tasks = ['price-of-shares', 'due diligence: "Zürich"', '任务-一'];

  async function hiddenHistory() {
    const history = await serverHistory();
    return { ...history, path: `${history.path}&ids=hashed` };
  }

  /** All that is in the tables of a history, as text. */
  async function everything(history: Awaited<ReturnType<typeof serverHistory>>): Promise<string> {
    const { connector, address } = history;
    const { schema } = address;
    return connector.use(async (session) => {
      const tables = await session.rows<[string]>(
        `SELECT table_name FROM information_schema.tables WHERE table_schema = $1`,
        [schema],
      );
      const texts = [];
      for (const [table] of tables) {
        texts.push(await session.rows(`SELECT t::text FROM ${schema}.${table} t`));
      }
      // Sums are bytes in which a name would stand as it is.
      const sums = await session.rows<[Buffer]>(`SELECT sums FROM ${schema}.sums`);
      return JSON.stringify(texts) + sums.map(([bytes]) => bytes.toString('latin1')).join(' ');
    });
  }

  const leaks = (text: string): string[] =>
    [project, ...tasks, 'merger', 'Acme', 'price-of', 'diligence', '任务', 'batch-of-acme'].filter(
      (word) => text.includes(word) || text.includes(JSON.stringify(word).slice(1, -1)),
    );

  it('tells no project, task or record by its name, and finds all of them again', async () => {
    const history = await hiddenHistory();
    const { path } = history;
    const store = openTelemetryStore({ path });
    for (const task of tasks) store.recordRoutingEvent(project, task, result({ model: 'm' }));
    const once = { ...result({ model: 'm' }), id: 'batch-of-acme', tokens: { input: 5 } };
    store.recordRoutingEvent(project, 'imported', once);
    store.recordCall(project, {
      callId: '7',
      taskId: tasks[0] ?? '',
      attempt: 1,
      role: 'generator',
      provider: 'x',
      model: 'm',
      costUsd: 1,
      costEstimated: false,
      latencyMs: 5,
      outcome: 'ok',
    });
    store.recordOutcome(project, tasks[1] ?? '', { source: 'person', value: 1 });
    store.recordSnapshots(project, [{ model: 'm', taskType: 't', profile: profile() }]);
    const state = { ...emptyRunState(project), startedAt: clock(), lastEventAt: clock() };
    for (const task of tasks) state.tasks.set(task, newTask(task, 't', []));
    showRun(store, sharedRunOf(state, { machine: 'm', now: clock() }));
    await store.close();

    const again = openTelemetryStore({ path });
    onTestFinished(() => again.close());
    again.recordRoutingEvent(project, 'imported', once);
    const found = await again.recordedTaskIds(project);
    expect([...tasks, 'imported'].map((task) => found.has(task))).toEqual([true, true, true, true]);
    expect(found.has('price-of-bonds')).toBe(false);
    expect(found.size).toBe(4);
    expect((await again.recordedCalls(project)).get('7')).toMatchObject({ costUsd: 1 });
    expect(await again.hasSnapshots(project)).toBe(true);
    expect(await again.recordedOutcomes(project)).toMatchObject([{ value: 1 }]);
    expect(await again.loadHistory({ exceptProject: project })).toEqual([]);
    const run = await readSharedRuns(path, clock, (runs) => runs.read(project, clock()));
    expect(run?.tasks.size).toBeGreaterThanOrEqual(3);
    expect(leaks(await everything(history))).toEqual([]);
    // Its sums, too, once they are made.
    await until(async () => (await everything(history)).includes('id-'));
  });

  it('takes records out of its spool that were put there as they are', async () => {
    const history = await hiddenHistory();
    await history.server.kill();
    const store = openTelemetryStore({ path: history.path, onNotice: () => undefined });
    store.recordRoutingEvent(project, tasks[0] ?? '', result());
    await store.close();
    expect(store.stats()).toMatchObject({ spooled: 1 });
    await history.server.start();
    const next = openTelemetryStore({ path: history.path });
    expect((await next.recordedTaskIds(project)).has(tasks[0] ?? '')).toBe(true);
    await next.close();
    expect(leaks(await everything(history))).toEqual([]);
  });

  it('pushes a file of its own likewise', async () => {
    const history = await hiddenHistory();
    const file = join(temporaryDirectory(), 'telemetry.db');
    const local = openTelemetryStore({ path: file });
    for (const task of tasks) local.recordRoutingEvent(project, task, result());
    await local.close();
    const connector = createConnector({ address: serverAddress(history.path), doing: 'writing' });
    onTestFinished(() => connector.close());
    expect(await pushFile(connector, file, () => undefined)).toMatchObject({ rows: 3 });
    expect(await pushFile(connector, file, () => undefined)).toMatchObject({ rows: 0, known: 3 });
    expect(leaks(await everything(history))).toEqual([]);
  });

  it('keeps its records where its secret is spoiled', async () => {
    const history = await hiddenHistory();
    const environment = process.env;
    writeFileSync(secretFile(environment), 'spoiled', { mode: 0o600 });
    const notices: string[] = [];
    const store = openTelemetryStore({
      path: history.path,
      onNotice: (message) => notices.push(message),
    });
    store.recordRoutingEvent(project, tasks[0] ?? '', result());
    await store.close();
    expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
    expect(notices.join(' ')).toContain('ids.key');
    expect(await everything(history)).not.toContain('price-of');
    rmSync(secretFile(environment));
    const next = openTelemetryStore({ path: history.path });
    expect((await next.recordedTaskIds(project)).size).toBe(1);
    await next.close();
    expect(readFileSync(secretFile(environment), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });
});
