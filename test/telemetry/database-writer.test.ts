import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startWriting } from '../../bench/support/processes.ts';
import { openForReading } from '../../source/telemetry/database/open-for-reading.ts';
import { sharedSchema } from '../../source/telemetry/database/schema.ts';
import { openInsightReader } from '../../source/telemetry/index.ts';
import { openDatabaseWriter } from '../../source/telemetry/write/database-writer.ts';
import { batchOf, taskIdsIn, temporaryDirectory } from './support.ts';

const databasePath = (): string => join(temporaryDirectory(), 'telemetry.db');

function writerAt(path: string) {
  const writer = openDatabaseWriter(path, { busyTimeoutMs: 20 });
  onTestFinished(() => writer.close());
  return writer;
}

describe('the writing connection', () => {
  it('keeps commits in a log, and the file whole through a power cut', () => {
    const writer = writerAt(databasePath());
    writer.write([batchOf('1', 1, ['t1'])]);
    const settings = writer.maintain((connection) => ({
      journal: connection.pragma('journal_mode', { simple: true }),
      // 1 is NORMAL: the log is on disk before the file changes; 0 would not wait for it.
      synchronous: connection.pragma('synchronous', { simple: true }),
    }));
    expect(settings).toEqual({ journal: 'wal', synchronous: 1 });
  });

  it('writes all of a batch or nothing of it', () => {
    const path = databasePath();
    const writer = writerAt(path);
    writer.write([batchOf('1', 1, ['t1'])]);
    const broken = batchOf('1', 2, ['t2', 't3']);
    // @ts-expect-error what SQLite does not take, behind what it takes
    broken.events[1][3] = {};
    expect(() => writer.write([broken])).toThrow(/cannot be written/);
    expect(taskIdsIn(path)).toEqual(['t1']);
    writer.write([batchOf('1', 2, ['t2', 't3'])]);
    expect(taskIdsIn(path)).toEqual(['t1', 't2', 't3']);
  });

  it('makes a database that is whole from the moment it has its name', () => {
    const path = databasePath();
    const seen: string[] = [];
    const writer = writerAt(path);
    writer.write([batchOf('1', 1, ['t1'])]);
    seen.push(...readdirSync(dirname(path)));
    expect(seen.toSorted()).toEqual(['telemetry.db', 'telemetry.db-shm', 'telemetry.db-wal']);
    for (const name of seen) {
      expect(statSync(join(dirname(path), name)).mode & 0o777).toBe(0o600);
    }
  });

  it('does not wait for ever for a lock that a dead process left', () => {
    const path = databasePath();
    writeFileSync(`${path}.lock`, '');
    const writer = writerAt(path);
    writer.write([batchOf('1', 1, ['t1'])]);
    expect(taskIdsIn(path)).toEqual(['t1']);
  }, 30_000);
});

describe('a path at which there is no file', () => {
  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a device', (path: string) => symlinkSync('/dev/zero', path)],
  ])('is no database, and nobody waits for it: %s', (_what, make) => {
    const path = databasePath();
    make(path);
    expect(() => writerAt(path).write([batchOf('1', 1, ['t'])])).toThrow(
      /not a telemetry database/,
    );
    const reader = openInsightReader({ path });
    onTestFinished(() => reader.close());
    expect(reader.read(30)).toMatchObject({ status: 'not-a-database' });
  });
});

describe('a database that cannot be opened where it is', () => {
  it('is copied into a folder of the user’s own, and the copy removed', () => {
    const path = databasePath();
    const writer = writerAt(path);
    writer.write([batchOf('1', 1, ['t1'])]);
    const cache = temporaryDirectory();
    vi.stubEnv('ORCHESTRATOR_CACHE_DIR', cache);
    onTestFinished(() => void vi.unstubAllEnvs());
    const opened: string[] = [];
    const connection = openForReading(path, 20, (file, timeout) => {
      opened.push(file);
      if (file === path) throw Object.assign(new Error('read-only'), { code: 'SQLITE_CANTOPEN' });
      return new Database(file, { readonly: true, timeout });
    });
    expect(connection.copied).toBe(true);
    expect(opened[1]?.startsWith(join(cache, 'scratch', 'reading-'))).toBe(true);
    const tasks = connection.connection.prepare('SELECT task_id FROM routing_events').pluck();
    expect(tasks.all()).toEqual(['t1']);
    connection.close();
    expect(readdirSync(join(cache, 'scratch'))).toEqual([]);
  });
});

describe('several processes that meet a database of the original', () => {
  it('upgrade it once, and all write', async () => {
    const path = databasePath();
    const original = new Database(path);
    original.exec(sharedSchema);
    original.close();
    const prefixes = ['a', 'b', 'c', 'd'];
    const ends = await Promise.all(
      prefixes.map((prefix) => startWriting({ path, prefix, batches: 2, perBatch: 5 }).ended),
    );
    for (const { code, errors, lastLine } of ends) {
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(JSON.parse(lastLine)).toMatchObject({ recorded: 10, spooled: 0, lost: 0 });
    }
    expect(taskIdsIn(path)).toHaveLength(40);
    const database = new Database(path, { readonly: true });
    const version = database.pragma('user_version', { simple: true });
    database.close();
    expect(version).toBe(2);
  }, 60_000);
});
