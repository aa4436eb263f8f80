import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startWriting } from '../../bench/support/processes.ts';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { sharedSchema } from '../../source/telemetry/database/schema.ts';
import { openDatabaseWriter } from '../../source/telemetry/write/database-writer.ts';
import { openWriting } from './open-writing.ts';
import { batchOf, call, result, taskIdsIn, temporaryDirectory } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });

const integrityOf = (path: string): unknown => {
  const database = new Database(path, { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true });
  } finally {
    database.close();
  }
};

/** The tasks of a database that was taken away alone, as a person copies it: without what lies beside it. */
function taskIdsOfCopy(path: string): string[] {
  const copy = join(temporaryDirectory(), 'copy.db');
  copyFileSync(path, copy);
  return taskIdsIn(copy);
}

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** A database of one task that another program wrote. */
function otherDatabase(): string {
  const path = join(temporaryDirectory(), 'other.db');
  const database = new Database(path);
  database.exec(sharedSchema);
  database.exec(
    `INSERT INTO routing_events VALUES (1, 'p', 'other', 'x', 'm', NULL, 0.5, 0, 1, 1, 900)`,
  );
  database.close();
  return path;
}

describe('a database that is moved away while it is written to', () => {
  it('holds all that was written until then, in the file itself', () => {
    const { path, record, rest } = openWriting();
    for (const task of ['t1', 't2', 't3']) expect(record(task)).toBe('written');
    const away = `${path}.away`;
    renameSync(path, away);
    expect(record('t4')).toBe('written');
    rest();
    expect(taskIdsOfCopy(away)).toEqual(['t1', 't2', 't3']);
    expect(taskIdsIn(path)).toEqual(['t4']);
    expect([integrityOf(path), integrityOf(away)]).toEqual(['ok', 'ok']);
  });

  it('is let go of when nothing more is written', () => {
    const { path, record, rest } = openWriting();
    record('t1');
    const away = `${path}.away`;
    renameSync(path, away);
    rest();
    expect(taskIdsOfCopy(away)).toEqual(['t1']);
    expect(readdirSync(dirname(path))).toEqual(['telemetry.db.away']);
  });

  it('holds all when its store is closed', () => {
    const { path, record, close } = openWriting();
    record('t1');
    const away = `${path}.away`;
    renameSync(path, away);
    close();
    expect(taskIdsOfCopy(away)).toEqual(['t1']);
  });

  it('may come back', () => {
    const { path, record, rest } = openWriting();
    record('t1');
    renameSync(path, `${path}.away`);
    rest();
    renameSync(`${path}.away`, path);
    record('t2');
    expect(taskIdsIn(path)).toEqual(['t1', 't2']);
  });

  it('is not mixed with the one that takes its place', () => {
    const { path, record } = openWriting();
    record('t1');
    const away = `${path}.away`;
    renameSync(path, away);
    renameSync(otherDatabase(), path);
    expect(record('t2')).toBe('written');
    expect(taskIdsOfCopy(away)).toEqual(['t1']);
    expect(taskIdsIn(path)).toEqual(['other', 't2']);
    expect([integrityOf(path), integrityOf(away)]).toEqual(['ok', 'ok']);
  });

  it('is replaced by another one over it', () => {
    const { path, record } = openWriting();
    record('t1');
    renameSync(otherDatabase(), path);
    expect(record('t2')).toBe('written');
    expect(taskIdsIn(path)).toEqual(['other', 't2']);
    expect(integrityOf(path)).toBe('ok');
  });

  it('may lose the files beside it', () => {
    const { path, record, close } = openWriting();
    record('t1');
    for (const end of ['-wal', '-shm']) rmSync(path + end);
    expect(record('t2')).toBe('written');
    // Whoever looks from elsewhere, at once.
    expect(taskIdsIn(path)).toEqual(['t1', 't2']);
    close();
    expect(taskIdsOfCopy(path)).toEqual(['t1', 't2']);
    expect(integrityOf(path)).toBe('ok');
  });

  it('takes no harm from the files of one that was deleted before', () => {
    const first = openWriting();
    for (const task of names('old', 200)) first.record(task);
    const path = join(temporaryDirectory(), 'telemetry.db');
    for (const end of ['-wal', '-shm']) copyFileSync(first.path + end, path + end);
    const { record, close } = openWriting(path);
    expect(record('t1')).toBe('written');
    close();
    expect(taskIdsOfCopy(path)).toEqual(['t1']);
    expect(integrityOf(path)).toBe('ok');
  });

  it('makes way for a folder, and nothing is lost', () => {
    const { path, record, rest } = openWriting();
    record('t1');
    renameSync(path, `${path}.away`);
    writeFileSync(path, 'certainly no database'.repeat(300));
    expect(record('t2')).toBe('spooled');
    rmSync(path);
    rest();
    expect(taskIdsIn(path)).toEqual(['t2']);
    expect(taskIdsOfCopy(`${path}.away`)).toEqual(['t1']);
  });

  it('gets a batch again that went with a deleted file', () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const writer = openDatabaseWriter(path);
    onTestFinished(() => writer.close());
    writer.write([batchOf('1', 1, ['t1'])]);
    const { events, ...rest } = batchOf('1', 2, ['t2', 't3']);
    // Deleted in the middle of the transaction that writes it.
    writer.write([
      {
        ...rest,
        get events() {
          if (taskIdsIn(path).includes('t1')) rmSync(path);
          return events;
        },
      },
    ]);
    expect(taskIdsIn(path)).toEqual(['t2', 't3']);
  });

  it('is written by the next batch even when it is deleted in the middle of one', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const store = openTelemetryStore({ path });
    onTestFinished(() => store.close());
    for (let round = 0; round < 40; round += 1) {
      for (let task = 0; task < 300; task += 1) {
        store.recordRoutingEvent('p', `r${round}-${task}`, result());
        store.recordCall('p', call({ callId: `r${round}-${task}` }));
      }
      const flushed = store.flush();
      // At any moment of the write: while it starts, within it, after it.
      await new Promise((resolve) => setTimeout(resolve, round % 8));
      rmSync(path, { force: true });
      await flushed;
      store.recordRoutingEvent('p', `last-${round}`, result());
      await store.flush();
      const stored = taskIdsIn(path);
      expect(stored).toContain(`last-${round}`);
      expect(new Set(stored).size).toBe(stored.length);
    }
    expect(store.stats()).toMatchObject({ spooled: 0, lost: 0 });
    expect(integrityOf(path)).toBe('ok');
  });

  it('has, with those that take its place, every task once, from four writers', async () => {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const prefixes = ['a', 'b', 'c', 'd'];
    const writings = prefixes.map((prefix) =>
      startWriting({ path, prefix, batches: 300, perBatch: 5 }),
    );
    const others: string[] = [];
    for (let move = 1; move <= 5; move += 1) {
      await Promise.all(writings.map((writing) => writing.reached(writing.acknowledged() + 30)));
      if (!existsSync(path)) continue;
      const away = join(dirname(path), `away-${move}.db`);
      renameSync(path, away);
      others.push(away);
    }
    const ends = await Promise.all(writings.map(({ ended }) => ended));
    for (const { code, lastLine } of ends) {
      expect(code).toBe(0);
      expect(JSON.parse(lastLine)).toMatchObject({ recorded: 1500, refused: 0, lost: 0 });
    }
    // Empties the spools.
    await openTelemetryStore({ path }).close();
    const own = [path, ...others].flatMap(taskIdsIn);
    const all = new Set(own);
    const expected = prefixes.flatMap((prefix) => names(prefix, 1500));
    expect(expected.filter((task) => !all.has(task))).toEqual([]);
    expect(own).toHaveLength(expected.length);
    for (const file of [path, ...others]) expect(integrityOf(file)).toBe('ok');
  });

  it('stays for the user alone', () => {
    const { path, record } = openWriting();
    record('t1');
    renameSync(path, `${path}.away`);
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    record('t2');
    for (const name of readdirSync(dirname(path))) {
      expect(statSync(join(dirname(path), name)).mode & 0o077).toBe(0);
    }
    expect(readFileSync(path).length).toBeGreaterThan(0);
  });
});
