import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { digestOf } from '../../../source/domain/run-report.ts';
import { applyRunEvent, emptyRunState } from '../../../source/domain/run-state.ts';
import { listRuns, openJournal } from '../../../source/engine/index.ts';
import { createRunList } from '../../../source/engine/journal/list-runs.ts';
import { callFinished, planned, runFinished, started, taskFinished } from '../support/events.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Writes a journal as a run does: its heartbeats and its end say how it is. */
function write(directory: string, projectId: string, events: readonly RunEvent[]): string {
  const state = emptyRunState(projectId);
  const journal = openJournal({ directory, projectId });
  for (const event of events) {
    applyRunEvent(state, event);
    if (event.type === 'run-finished') {
      const { status, projectId: id, at, ...rest } = event;
      journal.append({ ...rest, digest: digestOf(state), status, projectId: id, at });
    } else if (event.type === 'heartbeat') {
      const { projectId: id, at, ...rest } = event;
      journal.append({ ...rest, digest: digestOf(state), projectId: id, at });
    } else journal.append(event);
  }
  journal.close();
  return journal.path;
}

const heartbeat = (at: number): RunEvent => ({
  type: 'heartbeat',
  projectId: 'p-1',
  at,
  spentUsd: 0.001,
});
const idsIn = (directory: string, now = 1000, limit?: number): string[] =>
  listRuns({ directory, now, ...(limit === undefined ? {} : { limit }) }).map(
    ({ projectId }) => projectId,
  );
/** As a version wrote it whose journals said nothing of themselves. */
const withoutDigests = (path: string): void => {
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/"digest":\{[^}]*\},/g, ''));
};

describe('a list of runs', () => {
  const whole = [
    started(10),
    planned(['a', 'b'], 11),
    callFinished('1', { taskId: 'a' }),
    taskFinished('a', { at: 12 }),
    runFinished(13),
  ];
  const overview = {
    projectId: 'mine',
    project: 'Test',
    startedAt: 10,
    status: 'success',
    tasks: 2,
    averageQuality: 0.9,
    spentUsd: 0.001,
    budgetUsd: 8,
    models: ['alpha'],
  };

  it('says of each what its journal says', () => {
    const directory = temporaryDirectory();
    write(directory, 'mine', whole);
    expect(listRuns({ directory, now: 1000 })).toEqual([overview]);
  });

  it('reads journals that say nothing of themselves', () => {
    const directory = temporaryDirectory();
    withoutDigests(write(directory, 'mine', whole));
    // Its end lists results, not the plan.
    expect(listRuns({ directory, now: 1000 })).toEqual([{ ...overview, tasks: 1, spentUsd: 0.01 }]);
    withoutDigests(write(directory, 'open', whole.slice(0, -1)));
    expect(listRuns({ directory, now: 1000 })[1]).toEqual({
      ...overview,
      projectId: 'open',
      status: 'interrupted',
    });
  });

  it.each([
    ['a heartbeat', [...whole.slice(0, 4), heartbeat(14)]],
    [
      'an answer after the last heartbeat',
      [...whole.slice(0, 4), heartbeat(13), callFinished('2')],
    ],
    ['its first line', whole.slice(0, 1)],
  ])('knows that a run runs by %s', (_name, events) => {
    const directory = temporaryDirectory();
    write(directory, 'mine', events);
    const at = Math.max(...events.map((event) => event.at));
    expect(listRuns({ directory, now: at + 14 })[0]?.status).toBe('running');
    expect(listRuns({ directory, now: at + 15 })[0]?.status).toBe('interrupted');
  });

  it('finds what a heartbeat said behind long answers', () => {
    const directory = temporaryDirectory();
    const long: RunEvent = {
      ...callFinished('2'),
      answer: { text: '"digest":{ '.repeat(9000), finishReason: 'stop' },
    } as RunEvent;
    write(directory, 'mine', [...whole.slice(0, 4), heartbeat(13), long]);
    expect(listRuns({ directory, now: 1000 })).toEqual([{ ...overview, status: 'interrupted' }]);
  });

  it('has a run that is continued after its end as running again', () => {
    const directory = temporaryDirectory();
    const path = write(directory, 'mine', whole);
    appendFileSync(path, `${JSON.stringify(started(20))}\n`);
    expect(listRuns({ directory, now: 21 })[0]?.status).toBe('running');
    appendFileSync(path, `${JSON.stringify(runFinished(22))}\n`);
    expect(listRuns({ directory, now: 1000 })[0]).toMatchObject({
      status: 'success',
      startedAt: 10,
    });
  });

  it('has those that run on top, then the newest first', () => {
    const directory = temporaryDirectory();
    write(directory, 'old', [started(10), runFinished(11)]);
    write(directory, 'new', [started(30), runFinished(31)]);
    write(directory, 'running', [started(5), heartbeat(990)]);
    expect(idsIn(directory)).toEqual(['running', 'new', 'old']);
  });

  it('has the newest alone when few are wanted, whatever their files were touched for', () => {
    const directory = temporaryDirectory();
    for (let index = 1; index <= 40; index += 1) {
      const at = index * 10;
      const path = write(directory, `r-${index}`, [started(at), runFinished(at + 1)]);
      // Some were copied, and so changed, later.
      utimesSync(path, at + 1, index % 3 === 0 ? 5000 : at + 1);
    }
    expect(idsIn(directory, 1000, 3)).toEqual(['r-40', 'r-39', 'r-38']);
    expect(idsIn(directory, 1000, 40)).toHaveLength(40);
  });

  it('leaves out what is no journal of ours', () => {
    const directory = temporaryDirectory();
    const path = write(directory, 'mine', whole);
    for (const name of ['linked', 'empty', 'rubbish', 'two words', 'numbers']) {
      mkdirSync(join(directory, name));
    }
    symlinkSync(path, join(directory, 'linked', 'events.jsonl'));
    writeFileSync(join(directory, 'empty', 'events.jsonl'), '');
    writeFileSync(
      join(directory, 'rubbish', 'events.jsonl'),
      '{"digest":{"startedAt":1}}\n\0\n{{{',
    );
    writeFileSync(join(directory, 'two words', 'events.jsonl'), readFileSync(path));
    writeFileSync(
      join(directory, 'numbers', 'events.jsonl'),
      readFileSync(path, 'utf8').replaceAll('0.001', '-5'),
    );
    const runs = listRuns({ directory, now: 1000 });
    // What cannot be true is left out, and what is left tells of the run.
    expect(runs).toMatchObject([{ projectId: 'mine' }, { projectId: 'numbers', spentUsd: 0.01 }]);
    expect(idsIn(join(directory, 'nowhere'))).toEqual([]);
  });
});

describe('a list that is asked for again and again', () => {
  const over = (id: string): RunEvent[] => [
    { ...started(10), projectId: id },
    { ...planned(['a'], 11), projectId: id },
    { ...runFinished(13), projectId: id },
  ];

  it('says the same as one that is asked for once, whatever happens in between', () => {
    const directory = temporaryDirectory();
    for (const id of ['one', 'two', 'three']) write(directory, id, over(id));
    const { list } = createRunList({ directory });
    const isSame = () => expect(list(1000)).toEqual(listRuns({ directory, now: 1000 }));
    isSame();
    const two = join(directory, 'two', 'events.jsonl');
    appendFileSync(two, `${JSON.stringify({ ...started(20), projectId: 'two' })}\n`);
    isSame();
    write(directory, 'four', over('four'));
    rmSync(join(directory, 'one'), { recursive: true });
    isSame();
    chmodSync(join(directory, 'three', 'events.jsonl'), 0o666);
    isSame();
    expect(list(1000).map(({ projectId }) => projectId)).toEqual(['four', 'two']);
  });

  it('does not open what has not changed', () => {
    const directory = temporaryDirectory();
    write(directory, 'one', over('one'));
    const { list } = createRunList({ directory });
    const before = list(1000);
    expect(list(5000)).toEqual(before);
    expect(list(5000)[0]).toBe(before[0]);
  });

  it('is made ready bit by bit', () => {
    const directory = temporaryDirectory();
    for (let run = 0; run < 10; run += 1) write(directory, `r${run}`, over(`r${run}`));
    const { prepare, list } = createRunList({ directory });
    const steps = [1, 2, 3].map(() => prepare(1000, 4));
    expect(steps).toEqual([false, false, true]);
    expect(list(1000)).toHaveLength(10);
  });

  it('is the same one while nothing changes, and another after each change', () => {
    const directory = temporaryDirectory();
    for (const id of ['one', 'two']) write(directory, id, over(id));
    const { prepare, list } = createRunList({ directory });
    const listed = () => {
      while (!prepare(1000, 1));
      return list(1000);
    };
    const before = listed();
    expect(before).toHaveLength(2);
    expect(listed()).toBe(before);
    write(directory, 'three', over('three'));
    expect(listed()).toEqual(listRuns({ directory, now: 1000 }));
    rmSync(join(directory, 'one'), { recursive: true });
    const two = join(directory, 'two', 'events.jsonl');
    appendFileSync(two, `${JSON.stringify({ ...started(20), projectId: 'two' })}\n`);
    expect(listed()).toEqual(listRuns({ directory, now: 1000 }));
    expect(list(1000)).toEqual(listed());
  });
});
