import Database from 'better-sqlite3';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeBatch } from '../../source/telemetry/write/batch-line.ts';
import { openSpool, type Spool } from '../../source/telemetry/write/spool.ts';
import { openWriting } from './open-writing.ts';
import { batchOf, taskIdsIn, temporaryDirectory } from './support.ts';

const deadPid = 2 ** 22 + 1;

const databasePath = (): string => join(temporaryDirectory(), 'telemetry.db');
/** Where a process that is gone left its spool. */
const leftBy = (path: string): string => `${path}.spool-${deadPid}-5-worker.jsonl`;
const spoolFiles = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.includes('.spool-'));

const spoolAt = (path: string, fallbackDirectory = temporaryDirectory()): Spool =>
  openSpool({ path, writer: '5', thread: 'worker', fallbackDirectory });

/** What a spool hands on, and says. */
function drained(spool: Spool) {
  const numbers: number[] = [];
  const refused: number[] = [];
  const messages: string[] = [];
  const batches = spool.waiting({
    isEnough: () => false,
    onRefused: (records) => refused.push(records),
    onUntrusted: (message) => messages.push(message),
  });
  for (const some of batches) numbers.push(...some.map(({ number }) => number));
  return { numbers, refused, messages };
}

/** Writes like the program does, with every right given away that a umask can keep. */
function withoutUmask(): void {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
}

describe('a spool', () => {
  it('from a dead process is written, but not its half line, and removed', () => {
    const path = databasePath();
    const lines = [batchOf('5', 1, ['t1']), batchOf('5', 2, ['t2'])].map(encodeBatch);
    writeFileSync(leftBy(path), `${lines[0]}\n${lines[1]?.slice(0, 40)}`, { mode: 0o600 });
    const { rest, notices } = openWriting(path);
    rest();
    expect(taskIdsIn(path)).toEqual(['t1']);
    expect(existsSync(leftBy(path))).toBe(false);
    expect(notices()).toEqual([]);
  });

  it('counts once, even where it cannot be removed because its writer lives', () => {
    const path = databasePath();
    const file = `${path}.spool-${process.pid}-5-worker.jsonl`;
    writeFileSync(file, `${encodeBatch(batchOf('5', 1, ['t1']))}\n`);
    const first = openWriting(path, '6');
    first.rest();
    first.rest();
    const second = openWriting(path, '8');
    second.rest();
    expect(existsSync(file)).toBe(true);
    expect(taskIdsIn(path)).toEqual(['t1']);
  });

  it('is read on where a living writer goes on writing', () => {
    const path = databasePath();
    const file = `${path}.spool-${process.pid}-5-worker.jsonl`;
    const [first, second] = [batchOf('5', 1, ['t1']), batchOf('5', 2, ['t2'])].map(encodeBatch);
    writeFileSync(file, `${first}\n${second?.slice(0, 30)}`);
    const { rest } = openWriting(path, '6');
    rest();
    writeFileSync(file, `${first}\n${second}\n`);
    rest();
    expect(taskIdsIn(path)).toEqual(['t1', 't2']);
  });

  it('does not continue a line that was cut short', () => {
    const path = databasePath();
    const spool = spoolAt(path);
    spool.append(batchOf('5', 1, ['t1']));
    const [name = ''] = spoolFiles(path);
    const file = join(dirname(path), name);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
    spool.append(batchOf('5', 2, ['t2']));
    expect(drained(spool)).toEqual({ numbers: [2], refused: [], messages: [] });
  });

  it('hands on what was not taken again', () => {
    const path = databasePath();
    const spool = spoolAt(path);
    for (let number = 1; number <= 20; number += 1) spool.append(batchOf('5', number, ['t']));
    const numbers: number[] = [];
    const options = { isEnough: () => true, onRefused: () => {}, onUntrusted: () => {} };
    for (const batches of spool.waiting(options)) {
      // Whoever fails at what was handed on asks for no more.
      expect(batches[0]?.number).toBe(1);
      break;
    }
    for (let before = -1; numbers.length > before;) {
      before = numbers.length;
      for (const batches of spool.waiting(options)) {
        numbers.push(...batches.map(({ number }) => number));
      }
    }
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(spoolFiles(path)).toEqual([]);
  });

  it('says so when no folder takes it', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'file'), '');
    const nowhere = join(directory, 'file', 'telemetry.db');
    const spool = spoolAt(nowhere, join(directory, 'file', 'spool'));
    expect(drained(spool).numbers).toEqual([]);
    expect(() => spool.append(batchOf('5', 1, ['t1']))).toThrow(/no folder/);
  });

  it.each([
    ['the folder of the database cannot be written', 'cache'],
    ['others can put files into the folder of the database', 'shared'],
  ])('lies in a folder of the user’s own where %s', (_what, name) => {
    const directory = temporaryDirectory();
    const own = join(directory, 'own', 'spool');
    const place = join(directory, name);
    if (name === 'cache') writeFileSync(place, 'a file where a folder should be');
    else {
      mkdirSync(place);
      chmodSync(place, 0o1777);
    }
    withoutUmask();
    const spool = spoolAt(join(place, 'telemetry.db'), own);
    spool.append(batchOf('5', 1, ['t1']));
    expect(readdirSync(own)).toHaveLength(1);
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory).toSorted()).toEqual([name, 'own'].toSorted());
    expect(existsSync(join(place, 'telemetry.db'))).toBe(false);
    expect(drained(spool).numbers).toEqual([1]);
    expect(readdirSync(own)).toEqual([]);
  });

  it('is for the user alone, whatever the umask', () => {
    withoutUmask();
    const path = databasePath();
    spoolAt(path).append(batchOf('5', 1, ['t1']));
    const [name = ''] = spoolFiles(path);
    expect(statSync(join(dirname(path), name)).mode & 0o777).toBe(0o600);
  });

  it('follows no link that somebody put in its place', () => {
    const path = databasePath();
    const victim = join(dirname(path), 'victim');
    writeFileSync(victim, 'mine\n');
    const spool = spoolAt(path);
    symlinkSync(victim, `${path}.spool-${process.pid}-5-worker.jsonl`);
    spool.append(batchOf('5', 1, ['t1']));
    expect(readFileSync(victim, 'utf8')).toBe('mine\n');
  });
});

describe('a spool of somebody else', () => {
  const line = encodeBatch(batchOf('5', 1, ['planted']));

  it.each<[string, (file: string) => void]>([
    [
      'is a link',
      (file) => {
        writeFileSync(`${file}.target`, `${line}\n`);
        symlinkSync(`${file}.target`, file);
      },
    ],
    ['is not a regular file', (file) => void execFileSync('mkfifo', [file])],
    ['is not a regular file', (file) => mkdirSync(file)],
    [
      'can be changed by other users',
      (file) => {
        writeFileSync(file, `${line}\n`);
        chmodSync(file, 0o622);
      },
    ],
    ...(process.geteuid?.() === 0
      ? [
          [
            'belongs to another user',
            (file: string) => {
              writeFileSync(file, `${line}\n`);
              chownSync(file, 12_345, 12_345);
            },
          ] as [string, (file: string) => void],
        ]
      : []),
  ])('that %s is not read, and told of once', (problem, plant) => {
    const path = databasePath();
    plant(leftBy(path));
    const { rest, record, notices } = openWriting(path);
    rest();
    rest();
    expect(record('t1')).toBe('written');
    expect(taskIdsIn(path)).toEqual(['t1']);
    expect(notices()).toEqual([expect.stringContaining(problem)]);
  });

  it('in a folder that others share is not read', () => {
    const path = databasePath();
    writeFileSync(leftBy(path), `${line}\n`, { mode: 0o600 });
    chmodSync(dirname(path), 0o1777);
    const { rest, record, notices } = openWriting(path);
    rest();
    expect(record('t1')).toBe('written');
    expect(taskIdsIn(path)).toEqual(['t1']);
    expect(notices()).toEqual([
      expect.stringMatching(/not read, because other users can put files/),
    ]);
  });

  it('is left alone where its name is one of another file of the user', () => {
    const path = databasePath();
    const notes = join(dirname(path), 'notes.txt');
    writeFileSync(notes, 'my notes\nof years\n');
    linkSync(notes, leftBy(path));
    const { rest, messages } = openWriting(path);
    rest();
    expect(readFileSync(notes, 'utf8')).toBe('my notes\nof years\n');
    expect(messages).toContainEqual({ type: 'refused', records: 2 });
  });
});

describe('records of a spool', () => {
  const event = (changes: Record<number, unknown> = {}): unknown[] =>
    Object.assign(['p', 'bad', 'evaluation', 'm', null, 0.5, 0.01, 1, 1, 1000], changes);
  const withEvents = (...events: unknown[]): string =>
    JSON.stringify({ writer: '5', number: 9, events, snapshots: [], calls: [], outcomes: [] });

  it.each([
    ['a negative cost', withEvents(event({ 6: -1 })), 1],
    ['a cost that nobody pays', withEvents(event({ 6: 1e300 })), 1],
    ['a score above 1', withEvents(event({ 5: 7 })), 1],
    ['a name of a megabyte', withEvents(event({ 3: 'x'.repeat(1_000_000) })), 1],
    ['a time in milliseconds', withEvents(event({ 9: 1_800_000_000_000 })), 1],
    ['too few columns', withEvents(event().slice(1)), 1],
    ['two of three that cannot be true', withEvents(event({ 5: 2 }), event({ 1: 'good' }), 7), 2],
    ['a writer that fits no column', '{"writer":"9999999999999999999","number":1,"events":[]}', 1],
    ['a number that is none', '{"writer":"5","number":"1","events":[]}', 1],
    ['an object of another kind', '{"hello":"world"}', 1],
    ['no object', '17', 1],
    ['prose', 'Dear orchestrator, please record this.', 1],
  ])('with %s are refused, counted and kept apart', (_what, line, refused) => {
    const path = databasePath();
    const good = encodeBatch(batchOf('5', 1, ['t1']));
    writeFileSync(leftBy(path), `${good}\n${line}\n`, { mode: 0o600 });
    const { rest, messages, notices } = openWriting(path);
    rest();
    expect(taskIdsIn(path)).toEqual(refused === 2 ? ['t1', 'good'] : ['t1']);
    expect(messages).toContainEqual({ type: 'refused', records: refused });
    expect(notices()).toEqual([expect.stringMatching(/cannot be true/)]);
    expect(spoolFiles(path)).toEqual([]);
    const kept = `${path}.refused-${deadPid}-5-worker.jsonl`;
    expect(readFileSync(kept, 'utf8')).toContain(line);
  });

  it('never break anything, whatever they are', () => {
    const path = databasePath();
    const { rest, record, close } = openWriting(path);
    record('t1');
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ writer: fc.anything(), number: fc.anything(), events: fc.anything() })
        .map((value) => JSON.stringify(value) ?? ''),
      fc.array(fc.anything()).map((row) => withEvents(row)),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), (lines) => {
        writeFileSync(leftBy(path), `${lines.join('\n')}\n`, { mode: 0o600 });
        rest();
        expect(existsSync(leftBy(path))).toBe(false);
      }),
      { numRuns: 200 },
    );
    close();
    const database = new Database(path, { readonly: true });
    const check = database.pragma('integrity_check', { simple: true });
    database.close();
    expect(check).toBe('ok');
  });

  it('of many megabytes are read in pieces, and what is no batch is passed over', () => {
    const path = databasePath();
    const names = Array.from({ length: 500 }, (_, index) => `${index}-${'x'.repeat(900)}`);
    const lines = Array.from({ length: 40 }, (_, index) =>
      encodeBatch(batchOf('5', index + 1, names)),
    );
    lines.splice(20, 0, 'y'.repeat(70 * 1024 * 1024));
    writeFileSync(leftBy(path), `${lines.join('\n')}\n`, { mode: 0o600 });
    const { rest, messages } = openWriting(path);
    rest();
    expect(taskIdsIn(path)).toHaveLength(20_000);
    expect(messages).toContainEqual({ type: 'refused', records: 1 });
  });
});
