import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { upgrade } from '../../source/telemetry/database/schema.ts';
import { type Connector, createConnector } from '../../source/telemetry/postgres/connector.ts';
import { serverEngine } from '../../source/telemetry/postgres/engine.ts';
import { lookAt } from '../../source/telemetry/postgres/pages.ts';
import { writeBatches } from '../../source/telemetry/postgres/write-batches.ts';
import { openServerReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { newsEveryMs, newsRestMs } from '../../source/telemetry/shared/server-reader.ts';
import { insightOf } from '../../source/telemetry/insight/insight.ts';
import { windowOf } from '../../source/telemetry/insight/view.ts';
import { serverAddress } from '../../source/telemetry/address/server-address.ts';
import { horizonStart } from '../../source/telemetry/sums/time.ts';
import { warmStart } from '../../source/telemetry/warm-start.ts';
import { prepareWrite } from '../../source/telemetry/write/database-writer.ts';
import { type Batch, noRows } from '../../source/telemetry/database/columns.ts';
import { median, quantile } from '../store/measure.ts';
import type { Cluster } from '../support/cluster.ts';

/** Milliseconds of processor time that the server's processes have taken so far. */
export function serverCpuMs(cluster: Cluster): number {
  const main = cluster.pid();
  // Of those that have ended, in hundredths of a second.
  const stat = readFileSync(`/proc/${main}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  let nanoseconds = (Number(stat[13]) + Number(stat[14])) * 1e7;
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = /^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (Number(name) !== main && Number(parent) !== main) continue;
      nanoseconds += Number(readFileSync(`/proc/${name}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return nanoseconds / 1e6;
}

/** The same of this process. */
export const clientCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Processor time of server and client that some work takes, in milliseconds; the least of some runs. */
export async function leastCpuMs(
  cluster: Cluster,
  runs: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = serverCpuMs(cluster) + clientCpuMs();
    await work();
    // A connection that was closed takes a moment to be over.
    await wait(100);
    taken.push(serverCpuMs(cluster) + clientCpuMs() - before);
  }
  return Math.min(...taken);
}

function batchOf(writer: string, number: number, rows: number, at: number): Batch {
  const events = Array.from({ length: rows }, (_, row) => [
    `w${writer}-${Math.floor(number / 10)}`,
    `t${number}-${row}`,
    `type-${row % 7}`,
    `model-${row % 12}`,
    null,
    row / rows,
    0.002,
    1,
    1,
    at + row / 1000,
  ]);
  return { ...noRows(), writer, number, events };
}

/** The best of some rounds: what else the machine does makes a round dearer, and none cheaper. */
const rounds = 5;

/** Rows per second of some writers, and processor time of the server per row in microseconds. */
export async function writingFigures(
  cluster: Cluster,
  connectors: readonly Connector[],
  { rows, batches }: { rows: number; batches: number },
  between: () => void = () => undefined,
): Promise<{ perSecond: number; serverMicroseconds: number }> {
  const write = (from: number, to: number): Promise<unknown> =>
    Promise.all(
      connectors.map(async (connector, index) => {
        const { schema } = connector.address;
        const writer = String(rows * 100 + index);
        for (let number = from; number < to; number += 1) {
          const batch = batchOf(writer, number, rows, Date.now() / 1000);
          await connector.use((session) => writeBatches(session, schema, [batch]));
        }
      }),
    );
  const best = { perSecond: 0, serverMicroseconds: Infinity };
  const records = connectors.length * batches * rows;
  // A server plans a statement anew some times before it keeps the plan.
  await write(0, 10);
  for (let round = 0; round < rounds; round += 1) {
    const first = 10 + round * batches;
    const cpu = serverCpuMs(cluster);
    const start = performance.now();
    await write(first, first + batches);
    const perSecond = records / ((performance.now() - start) / 1000);
    const serverMicroseconds = ((serverCpuMs(cluster) - cpu) * 1000) / records;
    best.perSecond = Math.max(best.perSecond, perSecond);
    best.serverMicroseconds = Math.min(best.serverMicroseconds, serverMicroseconds);
    between();
  }
  return best;
}

/**
 * The same batches into a local file, in transactions of one batch, each time further on. `isDurable`: each is
 * on the disk when it is over, as a server's is; the file's own way is that the operating system has it.
 */
export function openFileFigures(
  directory: string,
  { rows, batches, isDurable }: { rows: number; batches: number; isDurable: boolean },
): { measure: () => void; perSecond: () => number; close: () => void } {
  const database = new Database(join(directory, isDurable ? 'durable.db' : 'raw.db'));
  database.pragma('journal_mode = WAL');
  database.pragma(`synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`);
  upgrade(database);
  const write = prepareWrite(database);
  let last = 0;
  let best = 0;
  return {
    measure() {
      const start = performance.now();
      for (let batch = 0; batch < batches; batch += 1) {
        write([batchOf('9', (last += 1), rows, Date.now() / 1000)]);
      }
      best = Math.max(best, (batches * rows) / ((performance.now() - start) / 1000));
    },
    perSecond: () => best,
    close: () => database.close(),
  };
}

/** What a first screen of 30 days, and a warm start, cost at the size that is there. */
export async function readingFigures(
  cluster: Cluster,
  path: string,
  now: number,
): Promise<{ screenMs: number; warmMs: number; refreshMs: number }> {
  const address = serverAddress(path);
  const fresh = async (use: (engine: ReturnType<typeof serverEngine>) => Promise<unknown>) => {
    const engine = serverEngine(address);
    try {
      await use(engine);
    } finally {
      await engine.close();
    }
  };
  const screen = async (engine: ReturnType<typeof serverEngine>) =>
    insightOf(await engine.view(windowOf(30, now)));
  const warm = async (engine: ReturnType<typeof serverEngine>) => {
    const { days, cells } = await engine.days({ from: horizonStart(now), to: now });
    return warmStart(days, cells, now);
  };
  for (let round = 0; round < 3; round += 1) await fresh(screen);
  const screenMs = await leastCpuMs(cluster, 7, () => fresh(screen));
  const warmMs = await leastCpuMs(cluster, 7, () => fresh(warm));
  const open = serverEngine(address);
  await open.view(windowOf(30, now));
  const refreshMs = await leastCpuMs(cluster, 7, () => screen(open));
  await open.close();
  return { screenMs, warmMs, refreshMs };
}

/** Dashboards that draw; for 200 there are not processors enough on one machine. */
const drawing = 8;

/**
 * How old the newest number on screen is while a machine writes, in milliseconds: at some dashboards, while
 * the others ask the server the same.
 */
export async function newsFigures(
  cluster: Cluster,
  path: string,
  { dashboards, perSecond, seconds }: { dashboards: number; perSecond: number; seconds: number },
): Promise<{ p50: number; p99: number; serverCores: number; clientCores: number }> {
  const store = openTelemetryStore({ path });
  const recordedAt: number[] = [];
  const record = (): void => {
    recordedAt.push(performance.now());
    store.recordRoutingEvent(
      `news-${Math.floor(recordedAt.length / 50)}`,
      `t${recordedAt.length}`,
      {
        taskType: 'news',
        model: 'news',
        score: 1,
        costUsd: 0.001,
        iterations: 1,
        deterministicPassed: true,
      },
    );
  };
  record();
  await store.flush();
  const readers = Array.from({ length: drawing }, () => openServerReader({ path }));
  const shown = readers.map(() => 0);
  const ages: number[] = [];
  const look = (): void => {
    for (const [index, reader] of readers.entries()) {
      if (!reader.changed()) continue;
      const reading = reader.read(1);
      if (reading.status !== 'ready') continue;
      const count = reading.insight.rankings.find(({ model }) => model === 'news')?.taskCount ?? 0;
      for (let number = shown[index] ?? 0; number < count; number += 1) {
        ages.push(performance.now() - (recordedAt[number] ?? 0));
      }
      shown[index] = count;
    }
  };
  const isReady = (): boolean => readers.every((reader) => reader.read(1).status === 'ready');
  for (let round = 0; round < 2400 && !isReady(); round += 1) await wait(100);
  const others = Array.from({ length: dashboards - drawing }, () => looking(path));
  await wait(5000);
  look();
  ages.length = 0;
  const cpu = { server: serverCpuMs(cluster), client: clientCpuMs() };
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    const due = ((performance.now() - start) / 1000) * perSecond;
    while (recordedAt.length < due) record();
    look();
    await wait(10);
  }
  const elapsed = performance.now() - start;
  const serverCores = (serverCpuMs(cluster) - cpu.server) / elapsed;
  const clientCores = (clientCpuMs() - cpu.client) / elapsed;
  for (const reader of readers) reader.close();
  await Promise.all(others.map((one) => one.close()));
  await store.close();
  return { p50: median(ages), p99: quantile(ages, 0.99), serverCores, clientCores };
}

/** Asks a server what an open dashboard asks it. */
function looking(path: string): { close: () => Promise<void> } {
  const address = serverAddress(path);
  const connector = createConnector({ address, doing: 'reading' });
  const closing = new AbortController();
  let after: number | undefined;
  const look = async (): Promise<void> => {
    const pages = await connector.use((session) =>
      lookAt(session, address.schema, { after, restMs: newsRestMs }),
    );
    after = pages.at(-1)?.number ?? after;
  };
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await look();
      await wait(newsEveryMs * (0.8 + 0.4 * Math.random()));
    }
  };
  const over = follow();
  return {
    async close() {
      closing.abort();
      await over;
      await connector.close();
    },
  };
}
