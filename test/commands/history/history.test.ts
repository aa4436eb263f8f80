import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCluster, postgresPrograms } from '../../../bench/support/cluster.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { runCommandLine } from '../../support/context.ts';
import { isWithoutServer, serverHistory, testServer } from '../../support/postgres.ts';
import { profile, result, temporaryDirectory } from '../../telemetry/support.ts';

const day = 86_400;
const now = Date.now() / 1000;

/** `runs` runs of four tasks over the last sixty days. */
async function record(path: string, runs: number, prefix = 'p'): Promise<void> {
  let at = now;
  const store = openTelemetryStore({ path, now: () => at });
  for (let run = 0; run < runs; run += 1) {
    at = now - 60 * day * (run / runs) - day;
    for (let task = 0; task < 4; task += 1) {
      store.recordRoutingEvent(`${prefix}${run}`, `t${task}`, result({ score: task / 4 }));
    }
    store.recordSnapshots(`${prefix}${run}`, [
      { model: 'm', taskType: 'code_generation', profile: profile() },
    ]);
  }
  await store.close();
}

async function history(path: string, ...words: string[]) {
  const environment = { ...process.env, ORCHESTRATOR_DATABASE_URL: path };
  const { exitCode, stdout, stderr } = await runCommandLine(['history', ...words], { environment });
  return {
    exitCode,
    stderr,
    text: stdout,
    json: words.includes('--json') ? JSON.parse(stdout) : {},
  };
}

describe.skipIf(isWithoutServer)('orchestrator history', () => {
  it('makes a history once, on request, and says what there is', async () => {
    const { path } = await serverHistory({ isMade: false });
    expect((await history(path, 'status')).text).toContain('orchestrator history init');
    expect((await history(path, 'init')).text).toContain('has a history now');
    expect((await history(path, 'init')).text).toContain('already');
    const { json } = await history(path, 'status', '--json');
    expect(json).toMatchObject({ version: 2, currentVersion: 2, rows: { routing_events: 0 } });
  });

  it('makes one history where several say so at once', async () => {
    const { path } = await serverHistory({ isMade: false });
    const said = await Promise.all([1, 2, 3, 4].map(() => history(path, 'init', '--json')));
    expect(said.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(said.filter(({ json }) => json.done === 'made')).toHaveLength(1);
    expect(said.filter(({ json }) => json.done === 'was there')).toHaveLength(3);
  });

  it('pushes a file once, and later what was added to it', async () => {
    const { path } = await serverHistory();
    const file = join(temporaryDirectory(), 'telemetry.db');
    await record(file, 300);
    const first = await history(path, 'push', file, '--json');
    expect(first.json).toMatchObject({ rows: 1500, known: 0 });
    expect((await history(path, 'push', file, '--json')).json).toMatchObject({
      rows: 0,
      known: 1500,
    });
    await record(file, 2, 'later');
    expect((await history(path, 'push', file, '--json')).json).toMatchObject({ rows: 10 });
    const { json } = await history(path, 'status', '--json');
    expect(json.rows).toMatchObject({ routing_events: 1208, model_snapshots: 302 });
  });

  it('copies the last days into a new file that says the same', async () => {
    const { path } = await serverHistory();
    await record(path, 40);
    const file = join(temporaryDirectory(), 'copy.db');
    await history(path, 'copy', '--to', file, '--days', '365');
    const ranked = async (database: string) => {
      const store = openTelemetryStore({ path: database, readonly: true, now: () => now });
      onTestFinished(() => store.close());
      return (await store.modelRankings(90)).map(({ model, callCount, taskCount }) => [
        model,
        callCount,
        taskCount,
      ]);
    };
    expect(await ranked(file)).toEqual(await ranked(path));
    expect((await history(path, 'copy', '--to', file)).stderr).toContain('name a new file');
  });

  it('leaves no copy where one is broken off', async () => {
    const { path, server, address } = await serverHistory();
    await record(path, 2);
    await server.admin(`ALTER TABLE ${address.schema}.task_tags RENAME COLUMN tag_name TO other`);
    const folder = temporaryDirectory();
    expect((await history(path, 'copy', '--to', join(folder, 'copy.db'))).exitCode).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('pushes a file for one of two who do so at once, and tells the other', async () => {
    const { path, server, address } = await serverHistory();
    const file = join(temporaryDirectory(), 'telemetry.db');
    await record(file, 300);
    // Another one brought the first batch since this one looked how far it was.
    await history(path, 'push', file);
    const { schema } = address;
    await server.admin(
      `CREATE FUNCTION ${schema}.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO ${schema}.batches (writer, number) VALUES (new.writer, new.number + 1); RETURN new;
       END $$;
       DELETE FROM ${schema}.batches;
       CREATE TRIGGER later AFTER INSERT ON ${schema}.batches FOR EACH ROW WHEN (pg_trigger_depth() = 0)
         EXECUTE FUNCTION ${schema}.later()`,
    );
    const { exitCode, stderr } = await history(path, 'push', file);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Another push of the same file is under way: push again/);
  });

  it('copies a history without rows as one, which can be pushed again', async () => {
    const { path } = await serverHistory();
    const file = join(temporaryDirectory(), 'copy.db');
    expect((await history(path, 'copy', '--to', file, '--json')).json).toMatchObject({ rows: 0 });
    const pushed = await history(path, 'push', file, '--json');
    expect(pushed).toMatchObject({ exitCode: 0, json: { rows: 0, known: 0 } });
  });

  it('finds sums that are not what the rows say, and makes them anew', async () => {
    const { path, server, address } = await serverHistory();
    await record(path, 60);
    await history(path, 'repair');
    const right = await history(path, 'check', '--json');
    expect(right).toMatchObject({ exitCode: 0, json: { wrong: [] } });
    expect(right.json.days).toBeGreaterThan(50);
    const { schema } = address;
    await server.admin(
      `UPDATE ${schema}.sums s SET sums = o.sums FROM ${schema}.sums o WHERE s.unit = 'day'
         AND s.start = (SELECT max(start) FROM ${schema}.sums WHERE unit = 'day')
         AND o.start = (SELECT min(start) FROM ${schema}.sums WHERE unit = 'day')`,
    );
    expect(await history(path, 'check', '--json')).toMatchObject({ exitCode: 1 });
    await history(path, 'repair');
    expect(await history(path, 'check', '--json')).toMatchObject({ exitCode: 0 });
  });

  it('drops what is old when it is confirmed, and keeps its sums', async () => {
    const { path, address, server } = await serverHistory();
    await record(path, 60);
    const before = new Date((now - 30 * day) * 1000).toISOString().slice(0, 10);
    const runsIn = async () => {
      const store = openTelemetryStore({ path, readonly: true });
      const [ranking] = await store.modelRankings(90);
      await store.close();
      return ranking?.callCount;
    };
    const calls = await runsIn();
    expect((await history(path, 'drop-before', before)).text).toContain('--yes');
    const { json } = await history(path, 'drop-before', before, '--yes', '--json');
    expect(json.others).toBeGreaterThan(50);
    const { rows } = await server.admin(
      `SELECT min(recorded_at) AS first FROM ${address.schema}.routing_events`,
    );
    expect(rows[0].first).toBeGreaterThanOrEqual(now - 31 * day);
    expect(await runsIn()).toBe(calls);
    expect((await history(path, 'repair')).exitCode).toBe(0);
    expect(await runsIn()).toBe(calls);
    expect((await history(path, 'drop-before', '2999-01-01', '--yes')).exitCode).toBe(2);
  });

  it('refuses records in a restored copy until it is set right, and loses none', async () => {
    const { path, server, address } = await serverHistory();
    await record(path, 20);
    await history(path, 'repair');
    const programs = postgresPrograms() ?? '';
    const dump = execFileSync(
      join(programs, 'pg_dump'),
      [
        '-h',
        '127.0.0.1',
        '-p',
        String(server.port),
        '-U',
        'postgres',
        '-n',
        address.schema,
        'postgres',
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    // Ids of transactions of the old cluster are far ahead of those of a new one.
    const fresh = await createCluster();
    try {
      await fresh.admin('CREATE ROLE orchestrator_writer; CREATE ROLE orchestrator_reader');
      execFileSync(
        join(programs, 'psql'),
        ['-q', '-h', '127.0.0.1', '-p', String(fresh.port), '-U', 'postgres', 'postgres'],
        { input: dump, stdio: ['pipe', 'ignore', 'ignore'] },
      );
      // As after years: what was summed up is far ahead of what the new cluster counts.
      await fresh.admin(`UPDATE ${address.schema}.roll_state SET before = 1000000`);
      const restored = fresh.url(address.schema);
      const notices: string[] = [];
      const store = openTelemetryStore({ path: restored, onNotice: (text) => notices.push(text) });
      store.recordRoutingEvent('after', 't', result());
      await store.close();
      expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
      expect(notices.join(' ')).toContain('orchestrator history repair');
      expect((await history(restored, 'repair')).text).toContain('It was restored');
      const again = openTelemetryStore({ path: restored });
      expect((await again.recordedTaskIds('after')).size).toBe(1);
      const rankings = await again.modelRankings(90);
      expect(rankings.reduce((sum, { taskCount }) => sum + taskCount, 0)).toBe(81);
      await again.close();
    } finally {
      await fresh.remove();
    }
  });

  it.each([
    [
      'rows that nobody summed up',
      (schema: string) => `UPDATE ${schema}.batches SET stamp = 1000000`,
    ],
    [
      'what dashboards have seen',
      (
        schema: string,
      ) => `INSERT INTO ${schema}.news_pages (number, before, pending, dropped_before)
        VALUES (1, 1000000, '{}', 0)`,
    ],
  ])('knows a restored copy by %s as well', async (_, asInTheOldCluster) => {
    const { path, server, address } = await serverHistory();
    await record(path, 1);
    await server.admin(asInTheOldCluster(address.schema));
    const store = openTelemetryStore({ path });
    store.recordRoutingEvent('after', 't', result());
    await store.close();
    expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
    expect((await history(path, 'repair')).exitCode).toBe(0);
    const again = openTelemetryStore({ path });
    expect((await again.recordedTaskIds('after')).size).toBe(1);
    await again.close();
    expect((await history(path, 'check')).exitCode).toBe(0);
  });

  it('pushes into no history but the one that this machine is a part of', async () => {
    const file = join(temporaryDirectory(), 'telemetry.db');
    await record(file, 1);
    const ours = await serverHistory();
    const theirs = await serverHistory();
    expect((await history(ours.path, 'push', file)).exitCode).toBe(0);
    const { exitCode, stderr } = await history(theirs.path, 'push', file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is another history than the one that this machine keeps');
    const { json } = await history(theirs.path, 'status', '--json');
    expect(json.rows.routing_events).toBe(0);
  });

  it('says so where tables of something else lie in its place', async () => {
    const { path, server, address } = await serverHistory({ isMade: false });
    await server.admin(
      `CREATE SCHEMA ${address.schema}; CREATE TABLE ${address.schema}.sums (x int)`,
    );
    const { exitCode, stderr } = await history(path, 'init');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('?schema=');
  });

  it('says what it is for where the history is a file', async () => {
    const { stderr, exitCode } = await history(join(temporaryDirectory(), 'x.db'), 'status');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--db postgres://');
    expect((await history(await testServer().then((s) => s.url('x')), 'stats')).stderr).toContain(
      'did you mean status',
    );
  });
});
