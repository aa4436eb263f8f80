import Database from 'better-sqlite3';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startWriting } from '../../bench/support/processes.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { taskIdsIn, temporaryDirectory } from './support.ts';

// Each test starts several processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const integrityOf = (path: string): unknown => {
  const database = new Database(path, { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true });
  } finally {
    database.close();
  }
};

/** Opens and closes a store, which empties every spool. */
const tidyUp = async (path: string): Promise<void> => {
  const store = openTelemetryStore({ path });
  await store.close();
};

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

const spoolFiles = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.includes('.spool-'));

describe('a process that is killed', () => {
  it('loses nothing that was flushed and doubles nothing', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const random = seededRandom(7);
    for (let round = 0; round < 3; round += 1) {
      const prefix = `r${round}`;
      const writing = startWriting({ path, prefix, batches: 10_000, perBatch: 7 });
      await writing.reached(1 + Math.floor(random() * 200));
      writing.child.kill('SIGKILL');
      await writing.ended;
      const acknowledged = names(prefix, writing.acknowledged());
      await tidyUp(path);
      const stored = taskIdsIn(path).filter((name) => name.startsWith(`${prefix}-`));
      expect(new Set(stored).size).toBe(stored.length);
      const missing = acknowledged.filter((name) => !stored.includes(name));
      expect(missing).toEqual([]);
    }
    expect(integrityOf(path)).toBe('ok');
  });
});

describe('a process that leaves without closing its store', () => {
  it('leaves its records in a spool for the next', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const writing = startWriting({ path, prefix: 'a', batches: 3, perBatch: 400, manner: 'leave' });
    await writing.ended;
    await tidyUp(path);
    expect(taskIdsIn(path).toSorted()).toEqual(names('a', 1200).toSorted());
    expect(spoolFiles(path)).toEqual([]);
  });
});

describe('many processes on one file', () => {
  it('write every row while dashboards read, and nobody sees an error', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const prefixes = ['a', 'b', 'c', 'd'];
    const writings = prefixes.map((prefix) =>
      startWriting({ path, prefix, batches: 60, perBatch: 25 }),
    );
    const reader = openInsightReader({ path });
    const statuses = new Set<string>();
    const watching = setInterval(() => {
      if (reader.changed()) statuses.add(reader.read(30).status);
    }, 5);
    const ends = await Promise.all(writings.map(({ ended }) => ended));
    clearInterval(watching);
    const last = reader.read(30);
    reader.close();
    for (const { code, errors, lastLine } of ends) {
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(JSON.parse(lastLine)).toEqual({
        recorded: 1500,
        written: 1500,
        refused: 0,
        spooled: 0,
        lost: 0,
      });
    }
    expect(taskIdsIn(path).toSorted()).toEqual(
      prefixes.flatMap((prefix) => names(prefix, 1500)).toSorted(),
    );
    expect(
      [...statuses].filter((status) => !['missing', 'empty', 'ready'].includes(status)),
    ).toEqual([]);
    expect(last).toMatchObject({ status: 'ready', insight: { summary: { runs: 4 } } });
    expect(integrityOf(path)).toBe('ok');
  });

  it('drain one spool together, and each record counts once', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    await tidyUp(path);
    const lock = new Database(path);
    lock.exec('CREATE TABLE held (x); BEGIN IMMEDIATE');
    const spooled = startWriting({ path, prefix: 's', batches: 4, perBatch: 500, manner: 'leave' });
    await spooled.ended;
    lock.exec('COMMIT');
    lock.close();
    await Promise.all([tidyUp(path), tidyUp(path), tidyUp(path)]);
    expect(taskIdsIn(path).toSorted()).toEqual(names('s', 2000).toSorted());
    expect(spoolFiles(path)).toEqual([]);
  });
});

describe('a full disk', () => {
  it('loses no count of what it could not keep', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const { ended } = startWriting({
      path,
      prefix: 'f',
      batches: 40,
      perBatch: 500,
      // No file may grow beyond 300 KB; the signal for it is ignored, as on a disk that is full.
      shell: "trap '' XFSZ; ulimit -f 300",
    });
    const { code, lastLine, errors } = await ended;
    expect(code).toBe(0);
    const stats: Record<string, number> = JSON.parse(lastLine);
    expect(stats).toMatchObject({ recorded: 20_000, refused: 0 });
    const { written = 0, spooled = 0, lost = 0 } = stats;
    expect(written + spooled + lost).toBe(20_000);
    expect(lost).toBeGreaterThan(0);
    expect(errors).toMatch(/Records are being lost/);
    expect(integrityOf(path)).toBe('ok');
    await tidyUp(path);
    const stored = taskIdsIn(path);
    expect(stored).toHaveLength(20_000 - lost);
    expect(new Set(stored).size).toBe(stored.length);
  });

  // Linux alone lets a user mount a file system of a size, and not everywhere.
  it.skipIf(spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 't', '/mnt']).status !== 0)(
    'of any size never holds half a database',
    () => {
      const directory = temporaryDirectory();
      const index = join(import.meta.dirname, '../../source/telemetry/index.ts');
      const script = `(async () => {
        const { openTelemetryStore } = await import(${JSON.stringify(index)});
        const notices = [];
        const path = ${JSON.stringify(join(directory, 'telemetry.db'))};
        const store = openTelemetryStore({ path, onNotice: (text) => notices.push(text) });
        const result = { taskType: 'evaluation', model: 'm', score: 1, costUsd: 0, iterations: 1, deterministicPassed: true };
        for (const task of ['t1', 't2', 't3']) {
          store.recordRoutingEvent('p', task, result);
          await store.flush();
          await new Promise((resolve) => setTimeout(resolve, 600));
        }
        await store.close();
        console.log(notices.join(' '));
      })()`;
      for (const size of [60, 100, 130]) {
        const mount = `mount -t tmpfs -o size=${size}k t "$1" && exec "$2" -e "$3"`;
        const run = ['-rm', 'sh', '-c', mount, 'sh', directory, process.execPath, script];
        const said = execFileSync('unshare', run, { encoding: 'utf8' });
        expect(said).toContain('cannot be written');
        expect(said).not.toContain('damaged');
      }
    },
  );
});
