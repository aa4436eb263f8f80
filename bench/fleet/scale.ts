import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { administrator, sumUpAll } from '../../source/telemetry/postgres/administration.ts';
import type { Connector } from '../../source/telemetry/postgres/connector.ts';
import { initHistory } from '../../source/telemetry/postgres/init.ts';
import { layoutName } from '../../source/telemetry/postgres/packed-sums.ts';
import { serverAddress } from '../../source/telemetry/address/server-address.ts';
import { type Figure, figure } from '../store/measure.ts';
import { type Cluster, createCluster } from '../support/cluster.ts';
import { fillRows } from './fill.ts';
import { clientCpuMs, readingFigures, serverCpuMs } from './measure.ts';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const snapshotsPerEvent = 0.2;
const starts = 10;

/** Nothing of this has to outlive a crash. */
const settings = [
  'shared_buffers = 512MB',
  'max_wal_size = 2GB',
  'fsync = off',
  'full_page_writes = off',
  'wal_level = minimal',
  'max_wal_senders = 0',
  'autovacuum = off',
];

/**
 * Histories of a hundredth, a tenth and all of so many events, kept in a folder: what is there is not made again,
 * and what was cut off goes on. A hundred million events take about 30 GB.
 */
export async function scaleFigures(folder: string, events: number): Promise<Figure[]> {
  mkdirSync(folder, { recursive: true });
  const at = timeOf(join(folder, 'at'));
  const cluster = await createCluster(settings, folder);
  try {
    const found = [];
    for (const size of [events / 100, events / 10, events]) {
      const schema = `at_${size}`;
      process.env['ORCHESTRATOR_CACHE_DIR'] = join(folder, `cache_${schema}`);
      const path = cluster.url(schema);
      const connector = administrator(serverAddress(path));
      await fill(connector, size, at);
      const perSecond = size === events / 10 ? await sumUpAnew(cluster, connector, size, at) : 0;
      await connector.close();
      const reading = await readingFigures(cluster, path, at);
      found.push({ ...reading, startMs: await startMs(cluster, path), perSecond });
    }
    return figuresOf(found, events);
  } finally {
    await cluster.stop();
  }
}

type Found = Awaited<ReturnType<typeof readingFigures>> & { startMs: number; perSecond: number };

function figuresOf([small, middle, large]: readonly Found[], events: number): Figure[] {
  if (small === undefined || middle === undefined || large === undefined) return [];
  const count = events.toLocaleString('en');
  return [
    figure(`30-day screen at ${count} events, processor time`, large.screenMs, {
      most: 75,
      unit: ' ms',
    }),
    figure('… at a tenth of them', middle.screenMs, { most: 75, unit: ' ms' }),
    figure('… against a hundredth of them', large.screenMs / small.screenMs, {
      most: 1.8,
      unit: ' ×',
    }),
    figure(`process start to numbers at ${count} events`, large.startMs, {
      most: 200,
      unit: ' ms',
    }),
    figure('… at a hundredth of them', small.startMs, { most: 200, unit: ' ms' }),
    figure(`warm start at ${count} events`, large.warmMs, { most: 100, unit: ' ms' }),
    figure('screen again, without news', large.refreshMs, { most: 5, unit: ' ms' }),
    figure('rows summed up per second of one core, at a tenth', middle.perSecond, {
      least: 100_000,
      digits: 0,
    }),
  ];
}

function timeOf(file: string): number {
  if (!existsSync(file)) writeFileSync(file, String(Date.now() / 1000));
  return Number(readFileSync(file, 'utf8'));
}

async function fill(connector: Connector, size: number, at: number): Promise<void> {
  const { schema } = connector.address;
  const [[isMade] = [false]] = await connector.use((session) =>
    session.rows<[boolean]>(`SELECT to_regclass('${schema}.installation') IS NOT NULL`),
  );
  if (!isMade) await connector.use((session) => initHistory(session, schema));
  await fillRows(connector, size, at);
  await sumUp(connector, at);
}

const sumUp = (connector: Connector, at: number): Promise<void> =>
  sumUpAll(connector, { now: () => at, onStep: () => undefined });

async function sumUpAnew(
  cluster: Cluster,
  connector: Connector,
  size: number,
  at: number,
): Promise<number> {
  const { schema } = connector.address;
  await connector.use((session) => session.rows(`SELECT ${schema}.forget_sums($1)`, [layoutName]));
  const before = serverCpuMs(cluster) + clientCpuMs();
  await sumUp(connector, at);
  const taken = serverCpuMs(cluster) + clientCpuMs() - before;
  return (size * (1 + snapshotsPerEvent)) / (taken / 1000);
}

/** Processor time of a process that prints the dashboard, and of the server meanwhile; a mean in milliseconds. */
async function startMs(cluster: Cluster, path: string): Promise<number> {
  const taken = (): number => childrenCpuMs() + serverCpuMs(cluster);
  const print = async (): Promise<void> => {
    const words = [program, 'dashboard', '--plain', '--db', path];
    await once(spawn(process.execPath, words, { stdio: 'ignore' }), 'exit');
  };
  await print();
  await wait(200);
  const before = taken();
  for (let run = 0; run < starts; run += 1) await print();
  // A connection that was closed takes a moment to be over.
  await wait(200);
  return (taken() - before) / starts;
}

/** Of processes that this one has started and that are over, in milliseconds. */
function childrenCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
