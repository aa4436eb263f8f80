import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRuns, openJournal, watchLiveRuns } from '../../../source/engine/index.ts';
import { notice, planned, runFinished, started, taskFinished } from '../support/events.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const now = (): number => Date.now() / 1000;

describe('live runs', () => {
  it('are followed as they are written', () => {
    const directory = temporaryDirectory();
    const runs = watchLiveRuns({ directory });
    expect(runs.read(now())).toEqual([]);
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started(now()));
    journal.append(planned(['a', 'b'], now()));
    const [run] = runs.read(now());
    expect(run?.tasks.size).toBe(2);
    expect(run?.results).toEqual([]);
    journal.append(taskFinished('a', { at: now() }));
    expect(runs.read(now())[0]?.results).toHaveLength(1);
    journal.append(runFinished(now()));
    expect(runs.read(now())).toEqual([]);
    journal.close();
  });

  it('are the same list while nothing changes', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started(now()));
    const runs = watchLiveRuns({ directory });
    const before = runs.read(now());
    expect(runs.read(now())).toBe(before);
    journal.append(taskFinished('a', { at: now() }));
    expect(runs.read(now())).not.toBe(before);
    journal.close();
  });

  it('are read anew where another journal took the place of one, even a longer one', () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'p-1', 'events.jsonl');
    const lines = (...events: object[]): string =>
      events.map((event) => `${JSON.stringify({ ...event, projectId: 'p-1' })}\n`).join('');
    mkdirSync(join(directory, 'p-1'));
    writeFileSync(path, lines(started(now()), planned(['a', 'b'], now())), { mode: 0o600 });
    const runs = watchLiveRuns({ directory });
    expect([...(runs.read(now())[0]?.tasks.keys() ?? [])]).toEqual(['a', 'b']);
    const other = lines(started(now()), planned(['c', 'd', 'e'], now()), notice('later', now()));
    writeFileSync(`${path}.new`, other, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    expect([...(runs.read(now())[0]?.tasks.keys() ?? [])]).toEqual(['c', 'd', 'e']);
  });

  it('are known whole again when one that ended goes on', () => {
    const directory = temporaryDirectory();
    const runs = watchLiveRuns({ directory });
    const first = openJournal({ directory, projectId: 'p-1' });
    for (const event of [started(now()), planned(['a', 'b'], now())]) first.append(event);
    first.append(taskFinished('a', { at: now() }));
    expect(runs.read(now())[0]?.results).toHaveLength(1);
    first.append(runFinished(now()));
    first.close();
    expect(runs.read(now())).toEqual([]);
    const second = openJournal({ directory, projectId: 'p-1', resume: true });
    second.append(started(now()));
    const [run] = runs.read(now() + 2);
    expect([...(run?.tasks.keys() ?? [])]).toEqual(['a', 'b']);
    expect(run?.results).toHaveLength(1);
    second.close();
  });

  it('are followed beside a folder in which links lead round in a circle', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started(now()));
    mkdirSync(join(directory, 'p-2'));
    symlinkSync('events.jsonl', join(directory, 'p-2', 'events.jsonl'));
    symlinkSync('p-3', join(directory, 'p-3'));
    const runs = watchLiveRuns({ directory });
    expect(runs.read(now()).map(({ projectId }) => projectId)).toEqual(['p-1']);
    expect(listRuns({ directory, now: now(), limit: 10 })).toHaveLength(1);
    expect(listRuns({ directory, now: now() })).toHaveLength(1);
    journal.close();
  });

  it('are those that spoke in the last 15 seconds', () => {
    const directory = temporaryDirectory();
    const journal = openJournal({ directory, projectId: 'p-1' });
    journal.append(started(now()));
    const runs = watchLiveRuns({ directory });
    expect(runs.read(now())).toHaveLength(1);
    expect(runs.read(now() + 16)).toEqual([]);
    journal.close();
  });

  it('are found among hundreds that are over when one is continued, and when one begins', () => {
    const directory = temporaryDirectory();
    const start = now();
    for (let run = 0; run < 700; run += 1) {
      mkdirSync(join(directory, `p-${run}`));
      const event = { ...started(start - 1000), projectId: `p-${run}` };
      const path = join(directory, `p-${run}`, 'events.jsonl');
      writeFileSync(path, `${JSON.stringify(event)}\n`);
      utimesSync(path, start - 1000, start - 1000);
    }
    const runs = watchLiveRuns({ directory });
    expect(runs.read(start)).toEqual([]);
    for (const name of ['p-3', 'p-650']) {
      const event = { ...started(start), projectId: name };
      appendFileSync(join(directory, name, 'events.jsonl'), `${JSON.stringify(event)}\n`);
    }
    for (let second = 1; second < 6; second += 1) runs.read(start + second);
    const found = runs.read(start + 6).map(({ projectId }) => projectId);
    expect(found.toSorted()).toEqual(['p-3', 'p-650']);
    const journal = openJournal({ directory, projectId: 'p-new' });
    journal.append({ ...started(start + 6), projectId: 'p-new' });
    expect(runs.read(start + 7).map(({ projectId }) => projectId)).toContain('p-new');
    journal.close();
  });

  it('survive rubbish, half lines, and files that shrink or vanish', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'junk'));
    writeFileSync(join(directory, 'junk', 'events.jsonl'), '\u0000\u0001{"type":}\n{}\nnull\n');
    writeFileSync(join(directory, 'a-file'), 'not a directory');
    const path = join(directory, 'p-1', 'events.jsonl');
    mkdirSync(join(directory, 'p-1'));
    const line = `${JSON.stringify(started(now()))}\n`;
    writeFileSync(path, line.slice(0, 20));
    const runs = watchLiveRuns({ directory });
    expect(runs.read(now())).toEqual([]);
    appendFileSync(path, line.slice(20));
    expect(runs.read(now())).toHaveLength(1);
    truncateSync(path, 0);
    appendFileSync(path, `${JSON.stringify(notice('x', now()))}\n`);
    expect(runs.read(now() + 2)).toEqual([]);
    rmSync(join(directory, 'p-1'), { recursive: true });
    expect(runs.read(now() + 4)).toEqual([]);
    rmSync(directory, { recursive: true });
    expect(runs.read(now() + 6)).toEqual([]);
  });
});
