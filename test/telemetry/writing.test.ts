import Database from 'better-sqlite3';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openInsightReader } from '../../source/telemetry/index.ts';
import type { FromWorker } from '../../source/telemetry/write/messages.ts';
import { startWriting } from '../../source/telemetry/write/writing.ts';
import { openWriting } from './open-writing.ts';
import { batchOf, taskIdsIn, temporaryDirectory } from './support.ts';

const spoolFiles = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.includes('.spool-'));

describe('writing', () => {
  it('writes a batch once, however often it comes', () => {
    const { path, close } = openWriting();
    const writing = startWriting({ path, writer: '9', done: new SharedArrayBuffer(4) }, () => {});
    const batch = batchOf('9', 1, ['t1', 't2']);
    writing.receive({ type: 'batch', batch });
    writing.receive({ type: 'batch', batch });
    writing.receive({ type: 'close' });
    close();
    expect(taskIdsIn(path)).toEqual(['t1', 't2']);
  });

  it('writes what waits together, each batch once, and answers for every one', () => {
    const { path, close } = openWriting();
    const done = new SharedArrayBuffer(4);
    const answers: FromWorker[] = [];
    const writing = startWriting({ path, writer: '9', done }, (answer) => answers.push(answer));
    const [one, two] = [batchOf('9', 1, ['t1']), batchOf('9', 2, ['t2', 't3'])];
    writing.receive(
      { type: 'batch', batch: one },
      { type: 'batch', batch: two },
      { type: 'batch', batch: one },
      { type: 'close' },
    );
    close();
    expect(taskIdsIn(path)).toEqual(['t1', 't2', 't3']);
    expect(answers).toEqual([
      { type: 'done', number: 1, outcome: 'written' },
      { type: 'done', number: 2, outcome: 'written' },
      { type: 'done', number: 1, outcome: 'written' },
      { type: 'closed' },
    ]);
    expect(new Int32Array(done)[0]).toBe(3);
  });

  it('spools while the database is locked, says so once, and writes when it is free', () => {
    const { path, record, rest, notices, messages } = openWriting();
    expect(record('t1')).toBe('written');
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    expect(record('t2')).toBe('spooled');
    expect(record('t3')).toBe('spooled');
    rest();
    expect(taskIdsIn(path)).toEqual(['t1']);
    expect(notices()).toEqual([expect.stringMatching(/locked by another program/)]);
    other.exec('COMMIT');
    other.close();
    // Not tried again before a second is over: every try could wait.
    expect(record('t4')).toBe('spooled');
    rest();
    expect(taskIdsIn(path)).toEqual(['t1', 't2', 't3', 't4']);
    expect(messages).toContainEqual({ type: 'drained', records: 3 });
    expect(spoolFiles(path)).toEqual([]);
  });

  it.each([
    ['random bytes', (path: string) => writeFileSync(path, Buffer.alloc(9000, 'no database '))],
    [
      'a truncated database',
      (path: string) => {
        const { close, record } = openWriting(path, '3');
        for (let task = 0; task < 200; task += 1) record(`old-${task}`);
        close();
        truncateSync(path, 5000);
      },
    ],
  ])('spools beside %s, leaves it as it is, and writes once it is moved away', (_what, spoil) => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    spoil(path);
    const before = readFileSync(path);
    const { record, rest, notices } = openWriting(path);
    expect(record('t1')).toBe('spooled');
    expect(notices()).toHaveLength(1);
    expect(notices()[0]).toMatch(/move it away/);
    expect(readFileSync(path).equals(before)).toBe(true);
    renameSync(path, `${path}.bad`);
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
    rest();
    expect(taskIdsIn(path)).toEqual(['t1']);
  });

  it('takes a file of zero bytes for a new database', () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    writeFileSync(path, '');
    const { record } = openWriting(path);
    expect(record('t1')).toBe('written');
    expect(taskIdsIn(path)).toEqual(['t1']);
  });

  it('puts back a table that is missing', () => {
    const { path, record, rest } = openWriting();
    record('t1');
    const other = new Database(path);
    other.exec('DROP TABLE routing_events');
    other.close();
    expect(record('t2')).toBe('spooled');
    rest();
    expect(taskIdsIn(path)).toEqual(['t2']);
  });

  it('goes on in a new file when the old one is deleted', () => {
    const { path, record } = openWriting();
    record('t1');
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    expect(record('t2')).toBe('written');
    expect(taskIdsIn(path)).toEqual(['t2']);
  });

  it('keeps records for a newer version instead of writing to its database', () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const newer = openWriting(path, '1');
    newer.record('t0');
    newer.close();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.close();
    const { record, rest, notices } = openWriting(path, '2');
    expect(record('t1')).toBe('spooled');
    rest();
    expect(taskIdsIn(path)).toEqual(['t0']);
    expect(notices()[0]).toMatch(/newer version/);
    const reader = openInsightReader({ path, now: () => 1001 });
    onTestFinished(() => reader.close());
    expect(reader.read(30)).toMatchObject({ status: 'ready', newerSchema: 99 });
  });

  it('calls a folder by its name, and does not touch what is in it', () => {
    const path = join(temporaryDirectory(), 'folder');
    mkdirSync(path);
    const { record, rest, notices } = openWriting(path);
    expect(record('t1')).toBe('spooled');
    expect(notices()).toEqual([expect.stringMatching(/is not a telemetry database/)]);
    expect(readdirSync(path)).toEqual([]);
    renameSync(path, `${path}.away`);
    rest();
    expect(taskIdsIn(path)).toEqual(['t1']);
  });
});
