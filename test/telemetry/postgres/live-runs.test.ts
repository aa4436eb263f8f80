import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyRunState, type RunState } from '../../../source/domain/run-state.ts';
import { type SharedRun, sharedRunOf } from '../../../source/domain/shared-run.ts';
import { newTask } from '../../../source/domain/task-state.ts';
import { createConnector } from '../../../source/telemetry/postgres/connector.ts';
import { showRun as beat, shownRuns } from '../../../source/telemetry/postgres/live-runs.ts';
import { serverAddress } from '../../../source/telemetry/address/server-address.ts';
import {
  openServerReader,
  openTelemetryStore,
  readSharedRuns,
  showRun,
} from '../../../source/telemetry/index.ts';
import { isWithoutServer, serverHistory, until } from '../../support/postgres.ts';
import { profile, result } from '../support.ts';

const clock = (): number => Date.now() / 1000;

function runState(projectId: string, at = clock()): RunState {
  const state = emptyRunState(projectId);
  Object.assign(state, { startedAt: at - 60, lastEventAt: at, budgetUsd: 4, spentUsd: 1.5 });
  state.tasks.set('t1', {
    ...newTask('t1', 'code_generation', []),
    status: 'running',
    phase: 'judge',
    model: 'm1',
    author: 'm1',
  });
  return state;
}

const shared = (projectId: string, machine = 'build-07', now = clock()): SharedRun =>
  sharedRunOf(runState(projectId, now), { machine, now });

describe.skipIf(isWithoutServer)('runs of the machines that share a history', () => {
  it('are seen by a dashboard elsewhere with task, model, phase and cost, and when they end', async () => {
    const { path } = await serverHistory();
    const store = openTelemetryStore({ path });
    onTestFinished(() => store.close());
    const reader = openServerReader({ path });
    onTestFinished(() => reader.close());
    const { runs } = reader;
    showRun(store, shared('p1'));
    await until(() => runs.live(clock()).length === 1);
    const [run] = runs.live(clock());
    expect(run).toMatchObject({
      projectId: 'p1',
      spentUsd: 1.5,
      elsewhere: { machine: 'build-07' },
    });
    expect(run?.tasks.get('t1')).toMatchObject({ model: 'm1', phase: 'judge', status: 'running' });

    const ended = runState('p1');
    ended.finished = { at: clock(), status: 'success', resumable: false };
    showRun(store, sharedRunOf(ended, { machine: 'build-07', now: clock() }));
    await until(() => runs.live(clock()).length === 0);
    expect(runs.list(clock())).toMatchObject([
      { projectId: 'p1', status: 'success', tasks: 1, elsewhere: { machine: 'build-07' } },
    ]);
  });

  it('are no runs in progress any more once they say nothing, by whatever clock they go', async () => {
    const { path, connector, address } = await serverHistory();
    const { schema } = address;
    await connector.use(async (session) => {
      await beat(session, schema, shared('ahead', 'fast-clock', clock() + 5000));
      await beat(session, schema, shared('behind', 'slow-clock', clock() - 5000));
      await beat(session, schema, shared('dead'));
      await session.rows(
        `UPDATE ${schema}.live_runs SET beat_at = now() - interval '20 s' WHERE project_id = 'dead'`,
      );
    });
    const [live, all] = await readSharedRuns(path, clock, (runs) => [
      runs.live(clock()),
      runs.list(clock()),
    ]);
    expect(live.map(({ projectId }) => projectId).toSorted()).toEqual(['ahead', 'behind']);
    for (const { startedAt } of live) expect(clock() - startedAt).toBeCloseTo(60, -1);
    expect(all.find(({ projectId }) => projectId === 'dead')).toMatchObject({
      status: 'interrupted',
    });
  });

  it('are written over by their own users alone, by no reader, and not without end', async () => {
    const { server, address, connector } = await serverHistory();
    const { schema } = address;
    await server.admin(
      `DROP ROLE IF EXISTS ci; CREATE ROLE ci LOGIN IN ROLE orchestrator_writer;
       DROP ROLE IF EXISTS viewer; CREATE ROLE viewer LOGIN IN ROLE orchestrator_reader`,
    );
    const as = (user: string) => {
      const own = createConnector({
        address: serverAddress(server.url(schema, user)),
        doing: 'writing',
      });
      onTestFinished(() => own.close());
      return own;
    };
    await connector.use((session) => beat(session, schema, shared('p1', 'owner-machine')));
    const ci = as('ci');
    await ci.use((session) => beat(session, schema, { ...shared('p1'), spentUsd: 3 }));
    const spent = await connector.use((session) =>
      session.rows(
        `SELECT by_user::text, (state->>'spentUsd')::float8 FROM ${schema}.live_runs ORDER BY 1`,
      ),
    );
    expect(spent).toEqual([
      ['ci', 3],
      ['postgres', 1.5],
    ]);
    for (const statement of [
      `UPDATE ${schema}.live_runs SET state = '{}'`,
      `DELETE FROM ${schema}.live_runs`,
      `INSERT INTO ${schema}.live_runs VALUES ('p', 'm', 'postgres', now(), false, '{}')`,
    ]) {
      await expect(ci.use((session) => session.rows(statement))).rejects.toMatchObject({
        code: 'denied',
      });
    }
    const long = { ...shared('p2'), models: Array.from({ length: 20 }, () => 'm'.repeat(9000)) };
    await expect(ci.use((session) => beat(session, schema, long))).rejects.toThrow('too much');
    await expect(
      as('viewer').use((session) => beat(session, schema, shared('p3'))),
    ).rejects.toMatchObject({ code: 'denied' });
  });

  it('come with their tasks where they are asked for, however many others run', async () => {
    const { connector, address } = await serverHistory();
    const { schema } = address;
    await connector.use(async (session) => {
      for (let number = 0; number < 40; number += 1) {
        await beat(session, schema, shared(`p${number}`));
      }
    });
    const told = await connector.use((session) =>
      shownRuns(session, schema, { now: clock, wanted: 'p0' }),
    );
    expect(told).toHaveLength(40);
    expect(told.filter(({ tasks }) => tasks.length > 0).length).toBeLessThan(25);
    expect(told.find(({ projectId }) => projectId === 'p0')?.tasks).toHaveLength(1);
  });

  it('are known from their records where nothing else tells of them', async () => {
    const { path } = await serverHistory();
    const store = openTelemetryStore({ path });
    store.recordRoutingEvent('over', 't1', result({ model: 'm1', score: 0.5, costUsd: 0.25 }));
    store.recordRoutingEvent('over', 't2', result({ model: 'm1', score: 1, costUsd: 0.5 }));
    const call = { provider: 'x', model: 'm1', costUsd: 0.5, costEstimated: false, latencyMs: 900 };
    store.recordCall('over', {
      ...call,
      callId: '1',
      taskId: 't1',
      taskType: 'code_generation',
      attempt: 1,
      role: 'generator',
      outcome: 'ok',
    });
    store.recordCall('over', {
      ...call,
      callId: '2',
      model: 'm2',
      taskId: 't1',
      attempt: 1,
      role: 'judge',
      subjectModel: 'm1',
      score: 0.25,
      outcome: 'ok',
    });
    store.recordSnapshots('over', [
      { model: 'm1', taskType: 'code_generation', profile: profile({ callCount: 2 }) },
    ]);
    store.recordRoutingEvent('going', 't1', result());
    await store.close();
    const all = await readSharedRuns(path, clock, (runs) => runs.list(clock()));
    expect(all.find(({ projectId }) => projectId === 'over')).toMatchObject({
      status: 'ended',
      tasks: 2,
      averageQuality: 0.75,
      spentUsd: 1,
      models: ['m1'],
    });
    expect(all.find(({ projectId }) => projectId === 'going')).toMatchObject({
      status: 'not-ended',
    });
    const run = await readSharedRuns(path, clock, (runs) => runs.read('over', clock()));
    expect(run).toMatchObject({ spentUsd: 1, finished: { status: 'ended' }, elsewhere: {} });
    expect(run?.tasks.get('t1')?.attempts).toMatchObject([
      { iteration: 1, model: 'm1', score: 0.25, failed: false },
    ]);
  });

  it('are no reason to lose a record where the history has no place for them', async () => {
    const { path, connector, address } = await serverHistory();
    await connector.use((session) =>
      session.rows(
        `DROP FUNCTION ${address.schema}.beat(jsonb); DROP TABLE ${address.schema}.live_runs`,
      ),
    );
    const notices: string[] = [];
    const store = openTelemetryStore({ path, onNotice: (message) => notices.push(message) });
    showRun(store, shared('p1'));
    store.recordRoutingEvent('p1', 't1', result());
    showRun(store, shared('p1'));
    await store.close();
    expect(store.stats()).toMatchObject({ written: 1, spooled: 0, lost: 0 });
    expect(notices).toEqual([]);
    const reader = openServerReader({ path });
    onTestFinished(() => reader.close());
    await until(() => reader.read(30).status === 'ready');
    expect(reader.runs.live(clock())).toEqual([]);
  });
});

describe.skipIf(isWithoutServer)('a dashboard that is started while its server is away', () => {
  it('shows the last numbers with the time they are of, and catches up by itself', async () => {
    const { path, server } = await serverHistory();
    const store = openTelemetryStore({ path });
    onTestFinished(() => store.close());
    store.recordRoutingEvent('p1', 't', result());
    await store.flush();
    const earlier = openServerReader({ path });
    await until(() => earlier.read(30).status === 'ready');
    earlier.close();
    await server.kill();

    const before = clock();
    const reader = openServerReader({ path });
    onTestFinished(() => reader.close());
    await until(() => reader.read(30).status === 'ready');
    const reading = reader.read(30);
    if (reading.status !== 'ready') throw new Error('it was not ready');
    expect(reading.insight.summary.runs).toBe(1);
    expect(reading.offlineSince).toBeLessThan(before);
    // Of a window that nobody had open then there is nothing to show.
    expect(reader.read(7)).toMatchObject({ status: 'failed' });
    expect(reader.read(30)).toMatchObject({ status: 'ready' });

    await server.start();
    store.recordRoutingEvent('p2', 't', result());
    await until(() => {
      const now = reader.read(30);
      return (
        now.status === 'ready' && now.offlineSince === undefined && now.insight.summary.runs === 2
      );
    });
  });
});
