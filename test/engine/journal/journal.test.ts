import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalPath, openJournal, readJournal } from '../../../source/engine/index.ts';
import {
  callFinished,
  callStarted,
  notice,
  planned,
  started,
  taskFinished,
} from '../support/events.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('the journal', () => {
  it('keeps what was said, for its owner alone', () => {
    const directory = join(temporaryDirectory(), 'cache', 'runs');
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started());
    journal.append(notice('something'));
    journal.close();
    expect(readJournal(journal.path)).toEqual([started(), notice('something')]);
    expect([modeOf(journal.path), modeOf(journal.directory), modeOf(directory)]).toEqual([
      0o600, 0o700, 0o700,
    ]);
  });

  it('has a finished task on disk when append returns, and everything before it', () => {
    const journal = openJournal({ directory: temporaryDirectory(), projectId: 'p-1' });
    for (let index = 0; index < 500; index += 1) journal.append(notice(`note ${index}`));
    journal.append(taskFinished('a'));
    const events = readJournal(journal.path);
    expect(events).toHaveLength(501);
    expect(events.at(-1)).toEqual(taskFinished('a'));
    journal.close();
  });

  it.each([callStarted('1'), callFinished('1'), taskFinished('a'), notice('something')])(
    'has an event of each kind in the file when append returns: $type',
    (event) => {
      const journal = openJournal({ directory: temporaryDirectory(), projectId: 'p-1' });
      expect(journal.append(event)).toBe(true);
      expect(readFileSync(journal.path, 'utf8')).toBe(`${JSON.stringify(event)}\n`);
      journal.close();
    },
  );

  it('that was half-written is as if it had not been, whatever is written next', () => {
    const directory = temporaryDirectory();
    const first = openJournal({ directory, projectId: 'p-1' });
    first.append(started());
    first.close();
    // Longer than the line that follows.
    appendFileSync(first.path, `{"type":"task-finished","output":"${'x'.repeat(5000)}`);
    const second = openJournal({ directory, projectId: 'p-1', resume: true });
    second.append(notice('short'));
    second.close();
    expect(readFileSync(second.path, 'utf8')).toBe(
      `${JSON.stringify(started())}\n${JSON.stringify(notice('short'))}\n`,
    );
  });

  it('takes no call while another process has the run', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    expect(journal.append(callStarted('1'))).toBe(true);
    writeFileSync(join(directory, 'p-1', 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    expect(journal.append(callStarted('2'))).toBe(false);
    // What was sent is still told, and nothing else: the run is the other's now.
    expect(journal.append(callFinished('1'))).toBe(true);
    expect(journal.append(taskFinished('a'))).toBe(false);
    expect(journal.takenOver()).toBe(true);
    journal.close();
    expect(readJournal(journal.path)).toEqual([callStarted('1'), callFinished('1')]);
    expect(existsSync(join(directory, 'p-1', 'lock'))).toBe(true);
  });

  it('is followed through no link, and read from nobody else', () => {
    const directory = temporaryDirectory();
    const target = join(directory, 'target');
    writeFileSync(target, `${JSON.stringify(started())}\n`);
    mkdirSync(join(directory, 'p-1'));
    symlinkSync(target, join(directory, 'p-1', 'events.jsonl'));
    const path = journalPath(directory, 'p-1');
    expect(codeOf(() => readJournal(path))).toBe('journal-unreadable');
    expect(codeOf(() => openJournal({ directory, projectId: 'p-1', resume: true }))).toBe(
      'journal-unwritable',
    );
    expect(readFileSync(target, 'utf8')).toBe(`${JSON.stringify(started())}\n`);
    chmodSync(target, 0o666);
    expect(codeOf(() => readJournal(target))).toBe('journal-unreadable');
  });

  it('of a long run is read without what a continuation has no use for', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    const heartbeat = (at: number) =>
      ({ type: 'heartbeat', projectId: 'p-1', at, spentUsd: 0 }) as const;
    journal.append(started());
    for (let index = 0; index < 1000; index += 1) journal.append(notice(`note ${index}`));
    journal.append(heartbeat(1));
    journal.append(heartbeat(2));
    journal.append(callFinished('1', { taskId: 'a' }));
    journal.append(callFinished('2', { taskId: 'b' }));
    journal.append(taskFinished('a'));
    journal.close();
    const events = readJournal(journal.path);
    expect(events.filter(({ type }) => type === 'notice')).toHaveLength(500);
    expect(events.filter(({ type }) => type === 'heartbeat')).toEqual([heartbeat(2)]);
    const answers = events.flatMap((event) =>
      event.type === 'call-finished' ? [event.answer?.text] : [],
    );
    expect(answers).toEqual([undefined, 'An answer']);
    expect(events.at(-1)).toEqual(taskFinished('a'));
  });

  it('with a line that never ends is read past it', () => {
    const path = join(temporaryDirectory(), 'events.jsonl');
    writeFileSync(path, `${JSON.stringify(started())}\n`, { mode: 0o600 });
    for (let index = 0; index < 34; index += 1) appendFileSync(path, Buffer.alloc(2 ** 20, 'x'));
    appendFileSync(path, `\n${JSON.stringify(notice('after'))}\n`);
    expect(readJournal(path)).toEqual([started(), notice('after')]);
  });

  it('is read past a half-written last line, which a continuation cuts off', () => {
    const directory = temporaryDirectory();
    const first = openJournal({ directory, projectId: 'p-1' });
    first.append(started());
    first.close();
    appendFileSync(first.path, '{"type":"task-finished","projectId":"p-1","at":2,"resu');
    expect(readJournal(first.path)).toEqual([started()]);
    const second = openJournal({ directory, projectId: 'p-1', resume: true });
    second.append(planned(['a']));
    second.close();
    expect(readJournal(second.path)).toEqual([started(), planned(['a'])]);
    expect(readFileSync(second.path, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  it('leaves out lines that are no events', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started());
    journal.close();
    appendFileSync(journal.path, 'rubbish\n[]\n{"type":"unknown"}\n{"type":"notice","at":"x"}\n\n');
    expect(readJournal(journal.path)).toEqual([started()]);
  });

  it.each([
    ['costUsd', 1e300],
    ['costUsd', -1],
    ['latencyMs', 1e300],
    ['score', 7],
    ['at', 1e13],
  ])('leaves out a call whose %s cannot be true (%d)', (field, value) => {
    const journal = openJournal({ directory: temporaryDirectory(), projectId: 'p-1' });
    journal.append(started());
    journal.close();
    const line = JSON.stringify({ ...callFinished('1'), [field]: value });
    appendFileSync(journal.path, `${line}\n`);
    expect(readJournal(journal.path)).toEqual([started()]);
  });

  it('may have a byte order mark and other line ends', () => {
    const journal = openJournal({ directory: temporaryDirectory(), projectId: 'p-1' });
    writeFileSync(journal.path, `\uFEFF${JSON.stringify(started())}\r\n`);
    expect(readJournal(journal.path)).toEqual([started()]);
    journal.close();
  });

  it('does not write over another run', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started());
    journal.close();
    expect(codeOf(() => openJournal({ directory, projectId: 'p-1' }))).toBe('run-exists');
    expect(readJournal(journal.path)).toEqual([started()]);
  });

  it('is opened by one process at a time', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started());
    const again = () => openJournal({ directory, projectId: 'p-1', resume: true });
    expect(codeOf(again)).toBe('run-in-progress');
    journal.close();
    expect(codeOf(() => again().close())).toBe(undefined);
  });

  it('takes over from a process that died, and not from one that lives', async () => {
    const directory = temporaryDirectory();
    openJournal({ directory, projectId: 'p-1' }).close();
    const lock = join(directory, 'p-1', 'lock');
    const sleeper = spawn('sleep', ['60']);
    await new Promise((resolve) => sleeper.once('spawn', resolve));
    const pid = sleeper.pid ?? 0;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    writeFileSync(lock, JSON.stringify({ pid, host: hostname(), started: ticks }));
    const again = () => openJournal({ directory, projectId: 'p-1', resume: true });
    expect(codeOf(again)).toBe('run-in-progress');
    // The same id, and another process: ids are used again.
    writeFileSync(lock, JSON.stringify({ pid, host: hostname(), started: '1' }));
    expect(codeOf(() => again().close())).toBe(undefined);
    writeFileSync(lock, JSON.stringify({ pid, host: hostname(), started: ticks }));
    const gone = new Promise((resolve) => sleeper.once('exit', resolve));
    sleeper.kill('SIGKILL');
    await gone;
    expect(codeOf(() => again().close())).toBe(undefined);
  });

  it('goes by the heartbeat for a lock of another machine', () => {
    const directory = temporaryDirectory();
    const first = openJournal({ directory, projectId: 'p-1' });
    first.append(started());
    first.close();
    writeFileSync(join(directory, 'p-1', 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    const again = (ageSeconds: number) => () =>
      openJournal({
        directory,
        projectId: 'p-1',
        resume: true,
        now: () => Date.now() / 1000 + ageSeconds,
      }).close();
    expect(codeOf(again(0))).toBe('run-in-progress');
    expect(codeOf(again(20))).toBe(undefined);
  });

  it.runIf(existsSync('/proc/self/ns/pid'))(
    'goes by the heartbeat for a lock of another container, whose ids mean nothing here',
    () => {
      const directory = temporaryDirectory();
      const first = openJournal({ directory, projectId: 'p-1' });
      first.append(started());
      const lock = join(directory, 'p-1', 'lock');
      const own: unknown = JSON.parse(readFileSync(lock, 'utf8'));
      first.close();
      // No process here has this id; there, one may.
      const elsewhere = { ...Object(own), pid: 4_000_000, pids: 'pid:[1]' };
      const again = (ageSeconds: number) => () =>
        openJournal({
          directory,
          projectId: 'p-1',
          resume: true,
          now: () => Date.now() / 1000 + ageSeconds,
        }).close();
      writeFileSync(lock, JSON.stringify(elsewhere));
      expect(codeOf(again(0))).toBe('run-in-progress');
      expect(codeOf(again(20))).toBe(undefined);
      writeFileSync(lock, JSON.stringify({ ...elsewhere, pids: undefined, boot: 'another' }));
      expect(codeOf(again(0))).toBe('run-in-progress');
      writeFileSync(lock, JSON.stringify({ ...Object(own), pid: 4_000_000 }));
      expect(codeOf(again(0))).toBe(undefined);
    },
  );

  it('takes away a link in the place of its lock, and leaves alone where it leads', () => {
    const directory = temporaryDirectory();
    const target = join(directory, 'target');
    writeFileSync(target, 'precious');
    mkdirSync(join(directory, 'p-1'));
    symlinkSync(target, join(directory, 'p-1', 'lock'));
    openJournal({ directory, projectId: 'p-1' }).close();
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  it.each(['..', '.', 'a/b', '', 'x'.repeat(65)])(
    'refuses %j as the name of a run',
    (projectId) => {
      expect(codeOf(() => journalPath('/tmp', projectId))).toBe('usage');
    },
  );

  it.runIf(existsSync('/proc/self'))('says so where its folder cannot be made', () => {
    expect(codeOf(() => openJournal({ directory: '/proc/nope/runs', projectId: 'p-1' }))).toBe(
      'journal-unwritable',
    );
  });

  it('says so where it cannot be written', () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expect(codeOf(() => openJournal({ directory: file, projectId: 'p-1' }))).toBe(
      'journal-unwritable',
    );
  });

  it('may be closed twice, and takes nothing after that', () => {
    const journal = openJournal({ directory: temporaryDirectory(), projectId: 'p-1' });
    journal.append(started());
    journal.close();
    journal.close();
    journal.append(notice('late'));
    expect(readJournal(journal.path)).toEqual([started()]);
  });

  it('says where there is none', () => {
    expect(codeOf(() => readJournal(join(temporaryDirectory(), 'none')))).toBe('no-journal');
  });
});
