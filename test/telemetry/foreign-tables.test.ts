import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { startWriting } from '../../source/telemetry/write/writing.ts';
import { openWriting } from './open-writing.ts';
import { batchOf, result, taskIdsIn, temporaryDirectory } from './support.ts';

/** A database in which another program made something first. */
function databaseWith(statements: string): string {
  const path = join(temporaryDirectory(), 'telemetry.db');
  const database = new Database(path);
  database.exec(statements);
  database.close();
  return path;
}

/** All that a query finds. */
function rowsIn(path: string, query: string): unknown[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

const otherBatches = `CREATE TABLE written_batches (id INTEGER PRIMARY KEY, done_by TEXT NOT NULL);
  INSERT INTO written_batches VALUES (1, 'another program')`;

describe('a database in which another program uses a name of ours', () => {
  it.each([
    ['written_batches with other columns', otherBatches],
    [
      'written_batches with another key',
      'CREATE TABLE written_batches (writer INTEGER, batch INTEGER)',
    ],
    ['a table of the same name in capitals', 'CREATE TABLE WRITTEN_BATCHES (x)'],
    [
      'a view called written_batches',
      'CREATE VIEW written_batches AS SELECT 1 AS writer, 2 AS batch',
    ],
    [
      'an index called written_batches',
      'CREATE TABLE things (x); CREATE INDEX written_batches ON things(x)',
    ],
  ])('takes records beside %s, each once', (_what, statements) => {
    const path = databaseWith(statements);
    const foreign = rowsIn(path, 'SELECT name, sql FROM sqlite_schema');
    const { record, close, notices } = openWriting(path);
    expect(record('t1')).toBe('written');
    close();
    expect(notices()).toEqual([]);
    for (let start = 0; start < 2; start += 1) {
      const writing = startWriting({ path, writer: '9', done: new SharedArrayBuffer(4) }, () => {});
      writing.receive({ type: 'batch', batch: batchOf('9', 1, ['t2']) }, { type: 'close' });
    }
    expect(taskIdsIn(path)).toEqual(['t1', 't2']);
    expect(rowsIn(path, 'SELECT name, sql FROM sqlite_schema')).toEqual(
      expect.arrayContaining(foreign),
    );
  });

  it('leaves what another program wrote as it was', () => {
    const path = databaseWith(otherBatches);
    openWriting(path).record('t1');
    expect(rowsIn(path, 'SELECT * FROM written_batches')).toEqual([
      { id: 1, done_by: 'another program' },
    ]);
  });

  it('remembers a batch even when that program takes its table away', () => {
    const path = databaseWith(otherBatches);
    const batch = batchOf('9', 1, ['t1']);
    const write = () => {
      const writing = startWriting({ path, writer: '9', done: new SharedArrayBuffer(4) }, () => {});
      writing.receive({ type: 'batch', batch }, { type: 'close' });
    };
    write();
    const other = new Database(path);
    other.exec('DROP TABLE written_batches');
    other.close();
    write();
    expect(taskIdsIn(path)).toEqual(['t1']);
  });

  it.each([
    'CREATE TABLE summary_blocks (x)',
    'CREATE TABLE summary_cells (x)',
    'CREATE VIEW summary_corrections AS SELECT 1 AS block',
    'CREATE TABLE settled_projects (project_id TEXT)',
    'CREATE TABLE unscored_snapshots (reason TEXT)',
    'CREATE TABLE things (x); CREATE INDEX idx_summary_time ON things(x)',
  ])('takes records and reads them without summaries where there is: %s', async (statements) => {
    const path = databaseWith(statements);
    const notices: string[] = [];
    const store = openTelemetryStore({ path, onNotice: (text) => notices.push(text) });
    for (let task = 0; task < 20; task += 1) {
      store.recordRoutingEvent('p', `t${task}`, result({ iterations: 1 }));
    }
    const [history] = await store.loadHistory();
    await store.close();
    expect(history?.profile).toMatchObject({ callCount: 20, confidence: 'WARM' });
    expect(store.stats()).toMatchObject({ written: 20, spooled: 0, lost: 0 });
    expect(notices).toEqual([]);
  });

  it.each([
    ['both names for batches are taken', `${otherBatches}; CREATE TABLE orchestrator_batches (x)`],
    ['routing_events is another table', 'CREATE TABLE routing_events (id INTEGER, route TEXT)'],
    ['model_snapshots is another table', 'CREATE TABLE model_snapshots (id INTEGER, photo BLOB)'],
  ])('spools, says to name another file, and changes nothing where %s', (_what, statements) => {
    const path = databaseWith(statements);
    const before = readFileSync(path);
    const { record, rest, notices, close } = openWriting(path);
    expect(record('t1')).toBe('spooled');
    rest();
    expect(record('t2')).toBe('spooled');
    close();
    expect(notices()).toEqual([
      expect.stringMatching(/not a telemetry database: name another file/),
    ]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses to read tables of another program that have the names of the two', async () => {
    const path = databaseWith('CREATE TABLE routing_events (id INTEGER, route TEXT)');
    const store = openTelemetryStore({ path, readonly: true });
    await expect(store.modelRankings()).rejects.toMatchObject({ code: 'not-a-database' });
    await store.close();
  });
});
