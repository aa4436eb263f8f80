import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { administrator } from '../source/telemetry/postgres/administration.ts';
import { serverEngine } from '../source/telemetry/postgres/engine.ts';
import { initHistory } from '../source/telemetry/postgres/init.ts';
import { rollUp } from '../source/telemetry/postgres/roll.ts';
import { serverAddress } from '../source/telemetry/address/server-address.ts';
import { surviveFaults } from './fleet/faults.ts';
import { fillYear } from './fleet/fill.ts';
import { newsFigures, openFileFigures, readingFigures, writingFigures } from './fleet/measure.ts';
import { scaleFigures } from './fleet/scale.ts';
import { type Figure, figure, inTemporary } from './store/measure.ts';
import { type Cluster, createCluster, postgresPrograms } from './support/cluster.ts';
import { lookWhileWriting } from './support/looks.ts';

/** Of the larger history; the smaller one has a tenth. `--events N` changes it. */
const usualEvents = 1_000_000;

/**
 * A fleet on a PostgreSQL server of its own: `npm run bench -- fleet [--events N] [PART…]`, with the parts
 * `writing`, `looks`, `reading`, `news` and `faults`; all of them unless some are named. With `--folder DIR` it
 * measures reading alone, on histories of up to N events that stay in the folder.
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  if (postgresPrograms() === undefined) {
    process.stdout.write('PostgreSQL is not installed, so there is no fleet to measure.\n');
    return;
  }
  const { values, positionals: named } = parseArgs({
    args,
    allowPositionals: true,
    options: { events: { type: 'string' }, folder: { type: 'string' } },
  });
  const events = Number(values.events ?? usualEvents);
  const { folder } = values;
  const figures: Figure[] =
    folder === undefined ? await ofParts(named, events) : await scaleFigures(folder, events);
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else for (const one of figures) process.stdout.write(lineOf(one));
}

async function ofParts(named: readonly string[], events: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  await inTemporary(async (directory) => {
    process.env['ORCHESTRATOR_CACHE_DIR'] = join(directory, 'cache');
    mkdirSync(join(directory, 'cache'), { mode: 0o700 });
    const cluster = await createCluster(['shared_buffers = 512MB', 'max_wal_size = 4GB']);
    try {
      for (const [name, part] of Object.entries(parts)) {
        if (named.length > 0 && !named.includes(name)) continue;
        figures.push(...(await part({ cluster, directory, events })));
        await wait(1000);
      }
    } finally {
      await cluster.remove();
    }
  });
  return figures;
}

const lineOf = ({ what, asked, measured, met }: Figure): string =>
  `${met ? '✓' : '✗'} ${what.padEnd(64)} ${asked.padStart(14)} ${measured.padStart(14)}\n`;

const now = (): number => Date.now() / 1000;

type Part = (given: { cluster: Cluster; directory: string; events: number }) => Promise<Figure[]>;

async function made(cluster: Cluster, schema: string) {
  // A machine is a part of one history: each of these has a machine of its own.
  const cache = join(process.env['ORCHESTRATOR_CACHE_DIR'] ?? '', '..', schema);
  process.env['ORCHESTRATOR_CACHE_DIR'] = cache;
  const path = cluster.url(schema);
  const connector = administrator(serverAddress(path));
  await connector.use((session) => initHistory(session, schema));
  return { path, connector };
}

const parts: Record<string, Part> = {
  async writing({ cluster, directory }) {
    const { path, connector } = await made(cluster, 'writing');
    const many = Array.from({ length: 16 }, () => administrator(serverAddress(path)));
    const sizes = { rows: 500, batches: 60 };
    const file = openFileFigures(directory, { ...sizes, isDurable: false });
    const durable = openFileFigures(directory, { ...sizes, isDurable: true });
    const large = await writingFigures(cluster, [connector], sizes, () => {
      file.measure();
      durable.measure();
    });
    for (const one of [file, durable]) one.close();
    const small = await writingFigures(cluster, many, { rows: 5, batches: 100 });
    await Promise.all([connector, ...many].map((one) => one.close()));
    return [
      figure(
        'batches of 500 of one writer, against a local file',
        large.perSecond / file.perSecond(),
        {
          least: 2,
          unit: ' ×',
        },
      ),
      figure(
        '… against one that waits for the disk as well',
        large.perSecond / durable.perSecond(),
        {
          least: 1,
          unit: ' ×',
        },
      ),
      figure('server, per row in batches of 500', large.serverMicroseconds, {
        most: 6,
        unit: ' µs',
      }),
      figure('server, per row in batches of 5 of 16 writers', small.serverMicroseconds, {
        most: 25,
        unit: ' µs',
      }),
    ];
  },
  async looks({ cluster }) {
    const { path, connector } = await made(cluster, 'looks');
    const { schema } = connector.address;
    const rollers = [0, 1, 2].map(() => administrator(serverAddress(path)));
    const limits = { restSeconds: 0, rowsPerStep: 500 };
    const { looks, wrong } = await lookWhileWriting(
      path,
      {
        open: () => serverEngine(serverAddress(path)),
        async sumUp() {
          await Promise.all(rollers.map((roller) => rollUp(roller, { now, limits })));
        },
        async countFrom(from) {
          const [[count] = [0]] = await connector.use((session) =>
            session.rows<[number]>(
              `SELECT count(*) FROM ${schema}.routing_events WHERE recorded_at >= $1`,
              [from],
            ),
          );
          return count;
        },
      },
      300,
    );
    await Promise.all([connector, ...rollers].map((one) => one.close()));
    const share = (100 * (looks - wrong.length)) / looks;
    return [
      figure('sums + tail = rows, beside writers and 3 rollers', share, { least: 100, unit: '%' }),
    ];
  },
  async reading({ cluster, events }) {
    const at = now();
    const figures = [];
    for (const [schema, size] of [
      ['small', events / 10],
      ['large', events],
    ] as const) {
      const { path, connector } = await made(cluster, schema);
      await fillYear(connector, size, at);
      figures.push(await readingFigures(cluster, path, at));
      await connector.close();
    }
    const [small, large] = figures;
    const count = events.toLocaleString('en');
    return [
      figure(`30-day screen at ${count} events, processor time`, large?.screenMs ?? Infinity, {
        most: 75,
        unit: ' ms',
      }),
      figure('… against a tenth of it', (large?.screenMs ?? 0) / (small?.screenMs ?? 1), {
        most: 1.8,
        unit: ' ×',
      }),
      figure(`warm start at ${count} events`, large?.warmMs ?? Infinity, {
        most: 100,
        unit: ' ms',
      }),
      figure('screen again, without news', large?.refreshMs ?? Infinity, { most: 5, unit: ' ms' }),
    ];
  },
  async news({ cluster }) {
    const { path, connector } = await made(cluster, 'news');
    await fillYear(connector, 100_000, now());
    await connector.close();
    const found = await newsFigures(cluster, path, {
      dashboards: 200,
      perSecond: 200,
      seconds: 15,
    });
    return [
      figure('news on screen, one of 200 dashboards, p50', found.p50, {
        most: 250,
        unit: ' ms',
        digits: 0,
      }),
      figure('news on screen, one of 200 dashboards, p99', found.p99, {
        most: 500,
        unit: ' ms',
        digits: 0,
      }),
      figure('server meanwhile, cores', found.serverCores, { most: 0.3 }),
      figure('8 that draw, 192 that only ask, and the writer: cores', found.clientCores, {
        most: 1,
      }),
    ];
  },
  async faults({ cluster }) {
    const { connector } = await made(cluster, 'faults');
    await connector.close();
    const found = await surviveFaults(cluster, 'faults', {
      machines: 6,
      perSecond: 120,
      seconds: 60,
    });
    const faults = Object.values(found.faults).reduce((sum, count) => sum + count, 0);
    return [
      figure('faults lived through', faults, { least: 150, digits: 0 }),
      figure('records', found.recorded, { least: 20_000, digits: 0 }),
      figure('records lost', found.recorded - found.stored + found.doubled, { most: 0, digits: 0 }),
      figure('records doubled', found.doubled, { most: 0, digits: 0 }),
      figure('deadlocks', found.deadlocks, { most: 0, digits: 0 }),
      figure('clients ended with kill -9', found.killed, { least: 5, digits: 0 }),
      figure('records of theirs that were safe, lost', found.missing, { most: 0, digits: 0 }),
      figure('record…, p99 of the slowest machine', found.recordMicroseconds, {
        most: 50,
        unit: ' µs',
      }),
      // Where others want the processor every loop is late.
      figure(
        `delay of the loop, p99 of the slowest machine (${found.loopDelayMs.toFixed(1)} ms), beyond an idle one's`,
        Math.max(0, found.loopDelayMs - found.idleDelayMs),
        { most: 5, unit: ' ms' },
      ),
      figure('… processor time of a turn, p99 of the slowest machine', found.turnMs, {
        most: 5,
        unit: ' ms',
      }),
    ];
  },
};
