import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openServerReader, openTelemetryStore } from '../../../source/telemetry/index.ts';
import { serverAddress } from '../../../source/telemetry/address/server-address.ts';
import { isWithoutServer, serverHistory, until } from '../../support/postgres.ts';
import { profile, result, temporaryDirectory } from '../support.ts';

const waiting = (): string[] => {
  try {
    return readdirSync(join(process.env['ORCHESTRATOR_CACHE_DIR'] ?? '', 'spool'));
  } catch {
    return [];
  }
};

describe.skipIf(isWithoutServer)('a run while its server is away', () => {
  it('starts from the history of last time, says so once, and loses no record', async () => {
    const { path, connector, server } = await serverHistory();
    const first = openTelemetryStore({ path });
    first.recordSnapshots('p1', [
      { model: 'm', taskType: 't', profile: profile({ qualityScore: 0.7, callCount: 60 }) },
    ]);
    await first.flush();
    const [known] = await first.loadHistory();
    // Weighted by an age of moments, 0.7 may lose its last digit.
    const quality: unknown = expect.closeTo(0.7, 9);
    expect(known).toMatchObject({ model: 'm', profile: { qualityScore: quality } });
    await first.close();

    await server.kill();
    const notices: string[] = [];
    const second = openTelemetryStore({ path, onNotice: (message) => notices.push(message) });
    const [kept] = await second.loadHistory();
    expect(kept).toMatchObject({ model: 'm', profile: { qualityScore: quality } });
    for (let task = 0; task < 30; task += 1) {
      second.recordRoutingEvent('p2', `t${task}`, result());
      if (task % 10 === 0) await second.flush();
    }
    await second.flush();
    expect(second.stats()).toMatchObject({ recorded: 30, spooled: 30, lost: 0 });
    await second.close();
    expect(notices.map((notice) => notice.split('.')[0])).toEqual([
      expect.stringContaining('This run starts from the history of'),
      'New records wait in a spool file and none is lost',
    ]);
    expect(waiting()).toHaveLength(1);

    await server.start();
    const third = openTelemetryStore({ path });
    expect((await third.recordedTaskIds('p2')).size).toBe(30);
    await third.close();
    const rows = await connector.use((session) =>
      session.rows(`SELECT task_id FROM ${serverAddress(path).schema}.routing_events`),
    );
    expect(rows).toHaveLength(30);
  });

  it('catches up by itself where it still runs when the server is back', async () => {
    const { path, server } = await serverHistory();
    const store = openTelemetryStore({ path });
    onTestFinished(() => store.close());
    store.recordRoutingEvent('p', 't1', result());
    await store.flush();
    await server.kill();
    store.recordRoutingEvent('p', 't2', result());
    await store.flush();
    expect(store.stats().spooled).toBe(1);
    await server.start();
    await until(() => store.stats().written === 2);
    expect(store.stats()).toMatchObject({ recorded: 2, written: 2, spooled: 0, lost: 0 });
  });

  it('brings in what waits after its server got another address', async () => {
    const { path, connector, server } = await serverHistory();
    const here = openTelemetryStore({ path });
    await here.loadHistory();
    await server.kill();
    here.recordRoutingEvent('p', 't', result());
    await here.close();
    expect(waiting()).toHaveLength(1);
    await server.start();

    const elsewhere = path.replace('127.0.0.1', 'localhost');
    const there = openTelemetryStore({ path: elsewhere });
    expect((await there.recordedTaskIds('p')).size).toBe(1);
    await there.close();
    const { schema } = serverAddress(path);
    const rows = await connector.use((session) =>
      session.rows(`SELECT task_id FROM ${schema}.routing_events`),
    );
    expect(rows).toEqual([['t']]);
  });

  it('says where a history was never made, and keeps the records', async () => {
    const { path } = await serverHistory({ isMade: false });
    const notices: string[] = [];
    const store = openTelemetryStore({ path, onNotice: (message) => notices.push(message) });
    expect(await store.loadHistory()).toEqual([]);
    store.recordRoutingEvent('p', 't', result());
    await store.close();
    expect(notices.join(' ')).toContain('orchestrator history init');
    expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
  });

  it('has nothing to do with the history of another organisation', async () => {
    const first = await serverHistory();
    const cache = temporaryDirectory();
    process.env['ORCHESTRATOR_CACHE_DIR'] = cache;
    const store = openTelemetryStore({ path: first.path });
    await store.loadHistory();
    await store.close();
    const second = await serverHistory();
    process.env['ORCHESTRATOR_CACHE_DIR'] = cache;
    const other = openTelemetryStore({ path: second.path });
    onTestFinished(() => other.close());
    await expect(other.loadHistory()).rejects.toMatchObject({ code: 'another-installation' });
    other.recordRoutingEvent('p', 't', result());
    await other.flush();
    expect(other.stats()).toMatchObject({ written: 0, spooled: 1 });
  });
});

describe.skipIf(isWithoutServer)('a dashboard on a server', () => {
  it('follows it, keeps the last numbers while it is away, and catches up', async () => {
    const { path, server } = await serverHistory();
    const store = openTelemetryStore({ path });
    onTestFinished(() => store.close());
    store.recordRoutingEvent('p1', 't', result());
    await store.flush();
    const reader = openServerReader({ path });
    onTestFinished(() => reader.close());
    const runs = (): unknown => {
      const reading = reader.read(30);
      return reading.status === 'ready' ? reading.insight.summary.runs : reading.status;
    };
    const isAway = (): boolean => {
      const reading = reader.read(30);
      return reading.status === 'ready' && reading.offlineSince !== undefined;
    };
    expect(runs()).toBe('loading');
    await until(() => runs() === 1);
    expect(reader.changed()).toBe(false);
    store.recordRoutingEvent('p2', 't', result());
    await until(() => reader.changed());
    expect(runs()).toBe(2);
    await server.kill();
    await until(isAway);
    expect(runs()).toBe(2);
    await server.start();
    store.recordRoutingEvent('p3', 't', result());
    await until(() => runs() === 3 && !isAway());
  });

  it('opens a model and a route with their latest tasks', async () => {
    const { path } = await serverHistory();
    const store = openTelemetryStore({ path });
    store.recordRoutingEvent('p1', 't', result({ model: 'm' }));
    await store.close();
    const reader = openServerReader({ path });
    onTestFinished(() => reader.close());
    await until(() => reader.read(30).status === 'ready');
    await until(() => (reader.modelDetail('m', 30)?.lastEvents.length ?? 0) === 1);
    expect(reader.modelDetail('m', 30)?.lastEvents[0]).toMatchObject({ taskId: 't' });
    const tasks = (): unknown[] | undefined =>
      reader.lastTasks('code_generation', 30)?.map(({ taskId }) => taskId);
    expect(tasks()).toBeUndefined();
    await until(() => tasks()?.length === 1);
    expect(tasks()).toEqual(['t']);
    expect(reader.modelDetail('m', 30)?.lastEvents).toHaveLength(1);
  });
});
