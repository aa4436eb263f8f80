import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyRunState } from '../../../source/domain/run-state.ts';
import { sharedRunOf } from '../../../source/domain/shared-run.ts';
import {
  openServerReader,
  openTelemetryStore,
  readSharedRuns,
  showRun,
} from '../../../source/telemetry/index.ts';
import { createConnector } from '../../../source/telemetry/postgres/connector.ts';
import { showRun as beat } from '../../../source/telemetry/postgres/live-runs.ts';
import { writeBatches } from '../../../source/telemetry/postgres/write-batches.ts';
import { noRows } from '../../../source/telemetry/database/columns.ts';
import { isWithoutServer, serverHistory, until } from '../../support/postgres.ts';
import { serverAddress } from '../../../source/telemetry/address/server-address.ts';
import { result, temporaryDirectory } from '../support.ts';

const program = '/usr/sbin/pgbouncer';
const example = new URL('../../../examples/fleet/pgbouncer.ini', import.meta.url);
const clock = (): number => Date.now() / 1000;

const userId = (): number => Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}

/** The address by the pool of the example, on a port and in a folder of its own, and without passwords. */
async function startPool(path: string, server: number, { connections = 20 } = {}): Promise<string> {
  const folder = temporaryDirectory();
  const port = await freePort();
  const certificate = join(folder, 'server');
  const users = join(folder, 'userlist.txt');
  writeFileSync(users, '"postgres" ""\n');
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost'];
  const files = ['-keyout', `${certificate}.key`, '-out', `${certificate}.crt`];
  execFileSync('openssl', [...request, ...files], { stdio: 'ignore' });
  const settings = readFileSync(example, 'utf8')
    .replace(
      'orchestrator = host=127.0.0.1 port=5432 dbname=orchestrator',
      `postgres = host=127.0.0.1 port=${server}`,
    )
    .replace('listen_addr = 0.0.0.0', 'listen_addr = 127.0.0.1')
    .replace('listen_port = 6432', `listen_port = ${port}\nunix_socket_dir =`)
    .replace('default_pool_size = 20', `default_pool_size = ${connections}`)
    .replace('auth_type = scram-sha-256', 'auth_type = trust')
    .replaceAll('/etc/pgbouncer', folder);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, settings);
  const uid = process.getuid?.() === 0 ? userId() : undefined;
  if (uid !== undefined) {
    chmodSync(folder, 0o755);
    for (const path of [file, users, `${certificate}.key`, `${certificate}.crt`]) {
      chownSync(path, uid, uid);
    }
  }
  const pool = spawn(program, [file], { stdio: 'ignore', ...(uid === undefined ? {} : { uid }) });
  onTestFinished(() => void pool.kill('SIGKILL'));
  const query = `sslmode=verify-full&sslrootcert=${certificate}.crt`;
  const pooled = `${path.replace(`127.0.0.1:${server}/`, `localhost:${port}/`)}&${query}`;
  await until(async () => {
    const connector = createConnector({ address: serverAddress(pooled), doing: 'reading' });
    const rows = await connector.use((session) => session.rows('SELECT 1')).catch(() => []);
    await connector.close();
    return rows.length > 0;
  });
  return pooled;
}

describe.skipIf(isWithoutServer || !existsSync(program))(
  'a pool between machines and server',
  () => {
    it('as the example configures it lets all that a history needs through', async () => {
      const { path, server } = await serverHistory();
      const pooled = await startPool(path, server.port);
      const store = openTelemetryStore({ path: pooled });
      onTestFinished(() => store.close());
      store.recordRoutingEvent('p1', 't1', result());
      const state = { ...emptyRunState('p1'), startedAt: clock(), lastEventAt: clock() };
      showRun(store, sharedRunOf(state, { machine: 'm', now: clock() }));
      await store.flush();
      expect((await store.recordedTaskIds('p1')).size).toBe(1);
      const reader = openServerReader({ path: pooled });
      onTestFinished(() => reader.close());
      await until(() => reader.read(30).status === 'ready');
      await until(
        async () =>
          (await readSharedRuns(pooled, clock, (runs) => runs.live(clock()))).length === 1,
      );
    });

    it('serves many machines over few connections of the server', async () => {
      const { path, server, connector, address } = await serverHistory();
      const { schema } = address;
      const pooled = serverAddress(await startPool(path, server.port, { connections: 5 }));
      const machines = Array.from({ length: Number(process.env['POOL_CLIENTS'] ?? 150) }, () =>
        createConnector({
          address: pooled,
          doing: 'writing',
          connectMs: 30_000,
          statementMs: 30_000,
        }),
      );
      onTestFinished(async () => {
        await Promise.all(machines.map((machine) => machine.close()));
      });
      const at = clock();
      await Promise.all(
        machines.map(async (machine, index) => {
          const name = `run-${index}`;
          const event = [name, 't', 'type', 'm', null, 0.5, 0.1, 1, 1, at];
          const batch = { ...noRows(), writer: String(index), number: 1, events: [event] };
          const run = { ...emptyRunState(name), startedAt: at, lastEventAt: at };
          for (let round = 0; round < 3; round += 1) {
            await machine.use((session) => writeBatches(session, schema, [batch]));
            await machine.use((session) =>
              beat(session, schema, sharedRunOf(run, { machine: name, now: at })),
            );
          }
        }),
      );
      const [[rows, runs, connections] = [0, 0, 0]] = await connector.use((session) =>
        session.rows<[number, number, number]>(
          `SELECT (SELECT count(*) FROM ${schema}.routing_events), (SELECT count(*) FROM ${schema}.live_runs),
           (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'orchestrator')`,
        ),
      );
      expect({ rows, runs }).toEqual({ rows: machines.length, runs: machines.length });
      expect(connections).toBeLessThanOrEqual(6);
    }, 120_000);
  },
);
