import Database from 'better-sqlite3';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  isCurrent,
  sharedSchema,
  upgrade,
  versionOf,
} from '../../source/telemetry/database/schema.ts';
import type { InsightReading } from '../../source/domain/insight.ts';
import { openInsightReader } from '../../source/telemetry/index.ts';
import { openConnection } from '../../source/telemetry/sqlite/engine.ts';
import { temporaryDirectory } from './support.ts';

const now = 1_760_000_000;

/** A database of the original with one event and one snapshot. */
function writeOriginal(path: string, model = 'gpt'): void {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.exec(sharedSchema);
  addEvent(database, model, now - 100);
  database
    .prepare(
      `INSERT INTO model_snapshots (project_id, model, task_type, quality_score, trust_factor,
         avg_latency_ms, latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count,
         validator_fail_count, recorded_at) VALUES ('s', ?, 'evaluation', 0.8, 1, 9, 9, 1, 0.1, 12, 0, 0, ?)`,
    )
    .run(model, now - 50);
  database.close();
}

function addEvent(database: Database.Database, model: string, at: number, score = 0.5): void {
  database
    .prepare(
      `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, score, cost_usd,
         iterations, det_passed, recorded_at) VALUES ('p', 't', 'evaluation', ?, ?, 0.2, 2, 1, ?)`,
    )
    .run(model, score, at);
}

const openReader = (path: string, clock: () => number = () => now) => {
  const reader = openInsightReader({ path, now: clock });
  onTestFinished(() => reader.close());
  return reader;
};

const databaseFile = (): string => join(temporaryDirectory(), 'telemetry.db');

describe('the reader of an open dashboard', () => {
  it('reads a database of the original as it is, and leaves it so', () => {
    const path = databaseFile();
    writeOriginal(path);
    const before = readFileSync(path);
    const reading = openReader(path).read(30);
    expect(reading).toMatchObject({
      status: 'ready',
      insight: {
        window: { days: 30, from: now - 30 * 86_400, to: now },
        summary: { runs: 1, totalCostUsd: 0.2, averageQuality: 0.5 },
        rankings: [{ model: 'gpt', callCount: 14, liveCallCount: 2, confidence: 'WARM' }],
      },
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('tells a short history from one that takes a while', () => {
    const path = databaseFile();
    expect(openReader(path).isQuick()).toBe(true);
    writeOriginal(path);
    expect(openReader(path).isQuick()).toBe(true);
    const writer = new Database(path);
    writer.exec(
      'UPDATE routing_events SET id = 1000000 WHERE id = (SELECT max(id) FROM routing_events)',
    );
    writer.close();
    expect(openReader(path).isQuick()).toBe(false);
  });

  it('notices what another process writes, and nothing else', () => {
    const path = databaseFile();
    writeOriginal(path);
    const reader = openReader(path);
    expect(reader.changed()).toBe(true);
    reader.read(30);
    expect(reader.changed()).toBe(false);
    const writer = new Database(path);
    addEvent(writer, 'claude', now);
    expect(reader.changed()).toBe(true);
    expect(reader.read(30)).toMatchObject({ insight: { summary: { totalCostUsd: 0.4 } } });
    expect(reader.changed()).toBe(false);
    writer.close();
  });

  it('gives the numbers of a window before its advice, where that is asked for', () => {
    const path = databaseFile();
    writeOriginal(path);
    const writer = new Database(path);
    for (let day = 170; day >= 0; day -= 1) {
      for (let task = 0; task < 4; task += 1) {
        addEvent(writer, 'claude', now - (day + task / 5) * 86_400, day > 12 ? 0.9 : 0.3);
      }
    }
    writer.close();
    const whole = openReader(path).read(30);
    const { status, insight } = whole as Extract<InsightReading, { status: 'ready' }>;
    expect(insight.recommendations).toMatchObject([{ kind: 'declining' }]);

    const reader = openReader(path);
    expect(reader.read(30, { advice: false })).toEqual({
      status,
      insight: { ...insight, recommendations: [], adviceFollows: true },
    });
    expect(reader.changed()).toBe(true);
    expect(reader.read(30)).toEqual(whole);
    expect(reader.changed()).toBe(false);
  });

  it('shows new rows at once, and weighs the evidence anew a moment later', () => {
    const path = databaseFile();
    writeOriginal(path);
    let clock = now;
    const reader = openReader(path, () => clock);
    const recommended = (): unknown[] => {
      const reading = reader.read(30);
      return reading.status === 'ready' ? reading.insight.recommendations : [];
    };
    expect(recommended()).toEqual([]);
    const writer = new Database(path);
    for (let task = 0; task < 200; task += 1) {
      addEvent(writer, 'claude', now - task * 3600, task < 60 ? 0.2 : 0.9);
    }
    writer.close();
    expect(reader.read(30)).toMatchObject({ insight: { recommendations: [] } });
    expect(reader.changed()).toBe(false);
    clock += 2;
    expect(reader.changed()).toBe(true);
    expect(recommended()).toMatchObject([{ kind: 'declining', model: 'claude' }]);
    expect(reader.changed()).toBe(false);
  });

  it('moves the edge of its window once a minute', () => {
    const path = databaseFile();
    writeOriginal(path);
    let clock = now;
    const reader = openReader(path, () => clock);
    reader.read(30);
    clock += 59;
    expect(reader.changed()).toBe(false);
    clock += 1;
    expect(reader.changed()).toBe(true);
  });

  it('answers while the file is missing, empty, no database, or exclusively locked', () => {
    const path = databaseFile();
    const reader = openReader(path);
    expect(reader.read(30)).toEqual({ status: 'missing' });
    writeFileSync(path, '');
    expect(reader.read(30)).toMatchObject({ status: 'empty', insight: { rankings: [] } });
    writeFileSync(path, 'no database at all '.repeat(99));
    expect(reader.read(30)).toMatchObject({ status: 'not-a-database' });
    expect(reader.modelDetail('gpt', 30)).toBeUndefined();
    rmSync(path);
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE notes (text)');
    foreign.close();
    expect(reader.read(30)).toMatchObject({
      status: 'not-a-database',
      message: expect.stringContaining(path),
    });
    rmSync(path);
    const empty = new Database(path);
    upgrade(empty);
    expect(reader.read(30)).toMatchObject({ status: 'empty', insight: { rankings: [] } });
    empty.pragma('journal_mode = DELETE');
    empty.exec('BEGIN EXCLUSIVE');
    expect(reader.read(30)).toEqual({ status: 'locked' });
    empty.exec('COMMIT');
    empty.close();
    expect(reader.read(30)).toMatchObject({ status: 'empty' });
  });

  it('notices what comes into a file of zero bytes', () => {
    const path = databaseFile();
    writeFileSync(path, '');
    const reader = openReader(path);
    expect(reader.read(30)).toMatchObject({ status: 'empty' });
    expect(reader.changed()).toBe(false);
    writeOriginal(path);
    expect(reader.changed()).toBe(true);
    expect(reader.read(30)).toMatchObject({ insight: { rankings: [{ model: 'gpt' }] } });
  });

  it('reads one of the two tables where the other is missing', () => {
    const path = databaseFile();
    writeOriginal(path);
    const database = new Database(path);
    database.exec('DROP TABLE model_snapshots');
    database.close();
    expect(openReader(path).read(30)).toMatchObject({
      status: 'ready',
      insight: { rankings: [{ model: 'gpt' }] },
    });
  });

  it('passes over the sums that earlier versions kept among the tables, and leaves them', () => {
    const path = databaseFile();
    writeOriginal(path);
    const database = new Database(path);
    database.exec(`CREATE TABLE summary_blocks (kind INTEGER, level INTEGER, block INTEGER);
      INSERT INTO summary_blocks VALUES (0, 0, 7); PRAGMA user_version = 1`);
    upgrade(database);
    const kept = database.prepare('SELECT * FROM summary_blocks').all();
    database.close();
    expect(openReader(path).read(30)).toMatchObject({
      status: 'ready',
      insight: { rankings: [{ model: 'gpt' }] },
    });
    expect(kept).toEqual([{ kind: 0, level: 0, block: 7 }]);
  });

  it('follows a file that is deleted and replaced', () => {
    const path = databaseFile();
    writeOriginal(path);
    const reader = openReader(path);
    expect(reader.read(30)).toMatchObject({ insight: { rankings: [{ model: 'gpt' }] } });
    writeOriginal(`${path}.new`, 'claude');
    renameSync(`${path}.new`, path);
    expect(reader.changed()).toBe(true);
    expect(reader.read(30)).toMatchObject({ insight: { rankings: [{ model: 'claude' }] } });
    rmSync(path);
    expect(reader.changed()).toBe(true);
    expect(reader.read(30)).toEqual({ status: 'missing' });
  });

  it('reads a private copy where SQLite cannot open the file in place', () => {
    const path = databaseFile();
    writeOriginal(path);
    const opened: string[] = [];
    const connect = (file: string) => {
      // As on a read-only file system.
      if (file === path) throw Object.assign(new Error('no'), { code: 'SQLITE_CANTOPEN' });
      opened.push(file);
      return new Database(file, { readonly: true });
    };
    const reading = openConnection(path, { busyTimeoutMs: 50, connect });
    onTestFinished(() => reading.close());
    const events = (): unknown =>
      reading.use(({ connection }) =>
        connection.prepare('SELECT count(*) FROM routing_events').pluck().get(),
      );
    expect(events()).toBe(1);
    const before = reading.mark();
    expect(reading.mark()).toBe(before);
    const writer = new Database(path);
    addEvent(writer, 'claude', now);
    expect(reading.mark()).not.toBe(before);
    expect(events()).toBe(2);
    writer.close();
    reading.close();
    expect(opened).toHaveLength(2);
    expect(opened.filter((file) => existsSync(file))).toEqual([]);
  });

  it('shows one model over time, with its latest tasks first', () => {
    const path = databaseFile();
    writeOriginal(path);
    const writer = new Database(path);
    for (let index = 0; index < 60; index += 1) {
      addEvent(writer, 'gpt', now - 86_400 * 3 + index, index / 100);
    }
    addEvent(writer, 'gpt', now + 500);
    writer.close();
    const reader = openReader(path);
    const detail = reader.modelDetail('gpt', 7);
    expect(detail).toMatchObject({ model: 'gpt', cells: [{ taskType: 'evaluation' }] });
    expect(detail?.lastEvents).toHaveLength(50);
    expect(detail?.lastEvents[0]).toMatchObject({ recordedAt: now - 100, projectId: 'p' });
    expect(detail?.lastEvents[1]).toMatchObject({ score: 0.59 });
    expect(detail?.series.map(({ calls }) => calls).filter((calls) => calls > 0)).toEqual([
      120, 14,
    ]);
    // Of tasks alone nobody knows how long their calls took, nor which failed.
    const [ofTasks, ofSnapshots] = detail?.series.filter(({ calls }) => calls > 0) ?? [];
    expect(ofTasks).toMatchObject({ latencyMs: null, successRate: null });
    expect(ofSnapshots?.latencyMs).toBeGreaterThan(0);
    expect(detail?.stats?.sparkline).toHaveLength(detail?.series.length ?? 0);
    expect(reader.modelDetail('unheard-of', 7)).toBeUndefined();
  });

  it('lists the last tasks of a type in the window, whoever did them, and no more than are shown', () => {
    const path = databaseFile();
    writeOriginal(path);
    const writer = new Database(path);
    writer.exec('DELETE FROM routing_events');
    addEvent(writer, 'old', now - 86_400 * 8);
    addEvent(writer, 'ahead', now + 500);
    for (let index = 0; index < 150; index += 1) {
      for (const model of ['one', 'other']) addEvent(writer, model, now - 86_400 + index);
    }
    writer.close();
    const reader = openReader(path);
    reader.read(7);
    const tasks = reader.lastTasks('evaluation', 7) ?? [];
    expect(tasks).toHaveLength(200);
    expect(new Set(tasks.map(({ model }) => model))).toEqual(new Set(['one', 'other']));
    const times = tasks.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times[0]).toBe(now - 86_400 + 149);
    expect(reader.lastTasks('of nobody', 7)).toEqual([]);
  });

  it.each([1, 2, 3, 7, 30, 90, 365])(
    'cuts a window of %i days into slices that hold all of it',
    (days) => {
      const path = databaseFile();
      writeOriginal(path);
      const detail = openReader(path).modelDetail('gpt', days);
      expect(detail?.series.reduce((sum, { calls }) => sum + calls, 0)).toBe(14);
      expect(detail?.series.length).toBeGreaterThan(days < 7 ? 1 : 6);
      expect(detail?.series.length).toBeLessThan(35);
    },
  );
});

describe('the schema', () => {
  it('upgrades a database of the original in place, and is then current', () => {
    const path = databaseFile();
    writeOriginal(path);
    const database = new Database(path);
    expect([versionOf(database), isCurrent(database)]).toEqual([0, false]);
    const rows = database.prepare('SELECT * FROM routing_events').all();
    upgrade(database);
    upgrade(database);
    expect([versionOf(database), isCurrent(database)]).toEqual([2, true]);
    expect(database.prepare('SELECT * FROM routing_events').all()).toEqual(rows);
    database.close();
  });

  it('leaves a newer database alone', () => {
    const database = new Database(':memory:');
    database.pragma('user_version = 3');
    upgrade(database);
    expect(versionOf(database)).toBe(3);
    expect(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 });
    database.close();
  });

  it('has the two tables and indexes of the original, word for word', () => {
    const database = new Database(':memory:');
    upgrade(database);
    const statements = database
      .prepare<[], string>(
        `SELECT sql FROM sqlite_schema WHERE name IN ('model_snapshots', 'routing_events',
           'idx_snapshots_model', 'idx_routing_model') ORDER BY name`,
      )
      .pluck()
      .all();
    expect(statements.join('\n')).toMatchInlineSnapshot(`
      "CREATE INDEX idx_routing_model   ON routing_events(model_chosen, task_type, recorded_at)
      CREATE INDEX idx_snapshots_model ON model_snapshots(model, task_type, recorded_at)
      CREATE TABLE model_snapshots (
          id                   INTEGER PRIMARY KEY AUTOINCREMENT,
          project_id           TEXT    NOT NULL,
          model                TEXT    NOT NULL,
          task_type            TEXT    NOT NULL,
          quality_score        REAL    NOT NULL,
          trust_factor         REAL    NOT NULL,
          avg_latency_ms       REAL    NOT NULL,
          latency_p95_ms       REAL    NOT NULL,
          success_rate         REAL    NOT NULL,
          avg_cost_usd         REAL    NOT NULL,
          call_count           INTEGER NOT NULL,
          failure_count        INTEGER NOT NULL,
          validator_fail_count INTEGER NOT NULL,
          recorded_at          REAL    NOT NULL
      )
      CREATE TABLE routing_events (
          id           INTEGER PRIMARY KEY AUTOINCREMENT,
          project_id   TEXT    NOT NULL,
          task_id      TEXT    NOT NULL,
          task_type    TEXT    NOT NULL,
          model_chosen TEXT    NOT NULL,
          reviewer     TEXT,
          score        REAL    NOT NULL,
          cost_usd     REAL    NOT NULL,
          iterations   INTEGER NOT NULL,
          det_passed   INTEGER NOT NULL,
          recorded_at  REAL    NOT NULL
      )"
    `);
    database.close();
  });
});
