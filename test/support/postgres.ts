import process from 'node:process';
import { afterAll, onTestFinished } from 'vitest';
import { type Cluster, createCluster, postgresPrograms } from '../../bench/support/cluster.ts';
import { type Connector, createConnector } from '../../source/telemetry/postgres/connector.ts';
import { initHistory } from '../../source/telemetry/postgres/init.ts';
import {
  type ServerAddress,
  serverAddress,
} from '../../source/telemetry/address/server-address.ts';
import { temporaryDirectory } from '../telemetry/support.ts';

/** Whether there is no PostgreSQL to test with; never on a machine that must have it. */
export const isWithoutServer = postgresPrograms() === undefined && process.env['CI'] !== 'true';
if (isWithoutServer) {
  process.stdout.write('PostgreSQL is not installed: shared histories are not tested.\n');
}

let cluster: Promise<Cluster> | undefined;
let schemas = 0;
afterAll(async () => (await cluster)?.remove());

/** The server of this file of tests. */
export function testServer(): Promise<Cluster> {
  return (cluster ??= createCluster());
}

/** A history of its own on the server of this file, and the owner's connection to it. */
export async function serverHistory({ isMade = true } = {}): Promise<{
  path: string;
  address: ServerAddress;
  connector: Connector;
  server: Cluster;
}> {
  process.env['ORCHESTRATOR_CACHE_DIR'] = temporaryDirectory();
  const server = await testServer();
  schemas += 1;
  const path = server.url(`history_${schemas}`);
  const address = serverAddress(path);
  const connector = createConnector({ address, doing: 'writing' });
  onTestFinished(() => connector.close());
  if (isMade) await connector.use((session) => initHistory(session, address.schema));
  return { path, address, connector, server };
}

/** Waits for what another process, thread or server brings about. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
