import Database from 'better-sqlite3';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeHistory } from '../../bench/support/history.ts';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { createBuild } from '../../source/telemetry/sqlite/build-rollups.ts';
import {
  openRollups,
  openRollupsForWriting,
  rollupsPathOf,
} from '../../source/telemetry/sqlite/rollups.ts';
import { temporaryDirectory } from './support.ts';

const now = 1_760_000_000;

/** A year of 6,000 tasks, of which everything but today is summed up. */
function summedUp(path = join(temporaryDirectory(), 'telemetry.db')): string {
  writeHistory(path, 6000, now);
  sumUp(path);
  return path;
}

/** Sums up until there is nothing more to do; how many steps that took. */
function sumUp(path: string): number {
  const database = new Database(path);
  const build = createBuild(
    database,
    () => openRollupsForWriting(path),
    () => now,
  );
  let steps = 0;
  while (build.step()) steps += 1;
  build.close();
  database.close();
  return steps;
}

/** All that a fresh look shows, whatever is kept or not. */
function look(path: string, days = 30) {
  const reader = openInsightReader({ path, now: () => now, waits: true });
  const reading = reader.read(days);
  reader.close();
  if (reading.status !== 'ready') throw new Error(reading.status);
  const { summary, rankings } = reading.insight;
  return {
    runs: summary.runs,
    cost: summary.totalCostUsd.toFixed(9),
    quality: summary.averageQuality?.toFixed(9),
    calls: rankings.map(({ model, callCount }) => [model, callCount]),
  };
}

const removeSums = (path: string): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(rollupsPathOf(path) + end, { force: true });
};

describe('the file of roll-ups', () => {
  it('lies beside the database under its name, for the user alone', () => {
    expect(rollupsPathOf('/a/telemetry.db')).toBe('/a/telemetry.rollups.db');
    expect(rollupsPathOf('/a/b.sqlite')).toBe('/a/b.sqlite.rollups.db');
    const path = summedUp();
    expect(statSync(rollupsPathOf(path)).mode & 0o777).toBe(0o600);
  });

  it('leaves the database as it is', () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    writeHistory(path, 6000, now);
    const before = readFileSync(path);
    sumUp(path);
    look(path);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is made by whoever writes, once there is enough to sum up', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    writeHistory(path, 500, now);
    await openTelemetryStore({ path }).close();
    expect(existsSync(rollupsPathOf(path))).toBe(false);
    writeHistory(path, 6000, now);
    await openTelemetryStore({ path }).close();
    expect(openRollups(path)?.state()?.pending).toEqual([]);
  });

  it('may be deleted at any time, and is made anew with the same sums', () => {
    const path = summedUp();
    const before = look(path);
    const open = openInsightReader({ path, now: () => now });
    onTestFinished(() => open.close());
    open.read(30);
    removeSums(path);
    expect(look(path)).toEqual(before);
    expect(open.read(30)).toMatchObject({ status: 'ready' });
    expect(sumUp(path)).toBeGreaterThan(0);
    expect(look(path)).toEqual(before);
  });

  it.each<[string, (file: string) => void]>([
    ['is no database', (file) => writeFileSync(file, 'rubbish '.repeat(999))],
    ['is cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 5000))],
    ['is empty', (file) => writeFileSync(file, '')],
    [
      'has a state that is of another layout',
      (file) => {
        const database = new Database(file);
        database.exec(`UPDATE state SET text = json_set(text, '$.layout', 'of another version')`);
        database.close();
      },
    ],
    [
      'has tables of other columns',
      (file) => {
        const database = new Database(file);
        database.exec('ALTER TABLE days DROP COLUMN cells');
        database.close();
      },
    ],
  ])('is thrown away when it %s', (_what, spoil) => {
    const path = summedUp();
    const before = look(path);
    for (const end of ['-wal', '-shm']) rmSync(rollupsPathOf(path) + end, { force: true });
    spoil(rollupsPathOf(path));
    expect(look(path)).toEqual(before);
    expect(sumUp(path)).toBeGreaterThan(0);
    expect(look(path)).toEqual(before);
    expect(openRollups(path)?.state()?.pending).toEqual([]);
  });

  it('is passed over where it sums up another database, and thrown away by who writes next', () => {
    const path = summedUp();
    const other = join(temporaryDirectory(), 'other.db');
    writeHistory(other, 5000, now - 9 * 86_400);
    const expected = look(other);
    rmSync(path);
    renameSync(other, path);
    expect(look(path)).toEqual(expected);
    sumUp(path);
    expect(look(path)).toEqual(expected);
  });

  it('is passed over where a backup with fewer rows took the place of the database', () => {
    const path = summedUp();
    const database = new Database(path);
    database.exec('DELETE FROM routing_events WHERE id > 5900');
    database.close();
    const kept = look(path);
    removeSums(path);
    expect(kept).toEqual(look(path));
  });

  it('is made anew by who writes next where somebody deleted rows from the middle of it', () => {
    const path = summedUp();
    const database = new Database(path);
    database.exec('DELETE FROM routing_events WHERE id BETWEEN 5200 AND 5400');
    database.close();
    sumUp(path);
    const kept = look(path, 90);
    removeSums(path);
    expect(kept).toEqual(look(path, 90));
  });

  it.each<[string, (file: string) => void]>([
    [
      'a link',
      (file) => {
        writeFileSync(`${file}.elsewhere`, 'precious');
        symlinkSync(`${file}.elsewhere`, file);
      },
    ],
    ['a folder', (file) => mkdirSync(file)],
    [
      "another program's database",
      (file) => {
        const database = new Database(file);
        database.exec('CREATE TABLE notes (text)');
        database.close();
      },
    ],
    [
      'a file that anybody may change',
      (file) => {
        writeFileSync(file, 'precious');
        chmodSync(file, 0o666);
      },
    ],
  ])('is gone without where there is %s under its name', (_what, put) => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    writeHistory(path, 6000, now);
    const before = look(path);
    put(rollupsPathOf(path));
    sumUp(path);
    expect(look(path)).toEqual(before);
    expect(existsSync(rollupsPathOf(path))).toBe(true);
    const elsewhere = `${rollupsPathOf(path)}.elsewhere`;
    const pointedAt = existsSync(elsewhere) ? readFileSync(elsewhere, 'utf8') : 'precious';
    expect(pointedAt).toBe('precious');
  });
});

describe('the first read of a long history that is not summed up', () => {
  const longHistory = (): string => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    writeHistory(path, 30_000, now);
    return path;
  };

  it('is left to another thread, while the screen says that it reads', async () => {
    const path = longHistory();
    const reader = openInsightReader({ path, now: () => now });
    onTestFinished(() => reader.close());
    expect(reader.isQuick()).toBe(false);
    expect(reader.read(30)).toEqual({ status: 'loading' });
    expect(reader.modelDetail('glm-5', 30)).toBeUndefined();
    await vi.waitFor(() => expect(reader.read(30).status).toBe('ready'), 20_000);
    expect(existsSync(rollupsPathOf(path))).toBe(true);
    expect(look(path).runs).toBeGreaterThan(0);
  });

  it('is kept in memory where the folder takes no file', async () => {
    const path = longHistory();
    const expected = look(path);
    mkdirSync(rollupsPathOf(path));
    const reader = openInsightReader({ path, now: () => now });
    onTestFinished(() => reader.close());
    expect(reader.read(30)).toEqual({ status: 'loading' });
    await vi.waitFor(() => expect(reader.read(30).status).toBe('ready'), 20_000);
    const reading = reader.read(30);
    expect(reading).toMatchObject({ insight: { summary: { runs: expected.runs } } });
    expect(reader.isQuick()).toBe(true);
  });
});
