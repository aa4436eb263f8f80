import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { programWorld } from '../../support/program.ts';
import { call, profile, result } from '../../telemetry/support.ts';

async function world(options?: { isMade: boolean }) {
  const { path: server } = await serverHistory(options);
  const { directory, run, facts: factsOf } = programWorld();
  /** What is known, whatever keeps it: names of facts are a history's own. */
  const facts = async (...argv: string[]): Promise<string[]> =>
    (await factsOf(...argv)).map((fact) => JSON.stringify({ ...fact, sourceId: 0 })).toSorted();
  return { server, directory, run, facts };
}

const now = Math.floor(Date.now() / 1000) - 100_000;

/** A history in a file, with a fact of each kind. */
async function record(path: string): Promise<void> {
  const store = openTelemetryStore({ path, now: () => now });
  store.recordTags('p', { team: 'search' });
  for (let task = 0; task < 50; task += 1) {
    const { score: _, ...unjudged } = result();
    const tags = { tags: { prompt: `v${task % 3}` } };
    store.recordRoutingEvent('p', `t${task}`, { ...(task === 7 ? unjudged : result()), ...tags });
    store.recordCall('p', call({ callId: `c${task}`, taskId: `t${task}` }));
  }
  store.recordOutcome('p', 't1', { source: 'person', value: 1, note: 'two\nlines' });
  store.recordSnapshot('p', 'm', 'evaluation', profile());
  await store.close();
}

// Many programs are started, one after another.
describe.skipIf(isWithoutServer)('a history on a server', { timeout: 120_000 }, () => {
  it('takes in what a file holds, each once, and hands it out as the file does', async () => {
    const { server, directory, run, facts } = await world();
    await record(join(directory, 'a.db'));
    const held = await facts('--db', 'a.db');
    expect(held).toHaveLength(103);
    expect(await run('import', 'a.db', '--db', server)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await facts('--db', server)).toEqual(held);
    expect((await run('import', 'a.db', '--db', server)).stdout).toContain('0 records imported');
    expect(await facts('--db', server)).toEqual(held);
    expect(await facts('--db', server, '--tag', 'prompt=v1')).toEqual(
      await facts('--db', 'a.db', '--tag', 'prompt=v1'),
    );
    // What it recorded itself is there already, though it never imported it.
    await run('export', '--db', server, '--output', 'server.csv');
    expect((await run('import', 'server.csv', '--db', server)).stdout).toContain(
      '0 records imported',
    );
    expect(await facts('--db', server)).toEqual(held);
    expect((await run('import', 'server.csv', '--db', 'b.db')).exitCode).toBe(0);
    expect(await facts('--db', 'b.db')).toHaveLength(held.length);
    const parquet = await run('export', '--db', server, '--output', 'server.parquet');
    expect(parquet.stdout).toContain('103 facts written');
    expect(readFileSync(join(directory, 'server.parquet')).toString('latin1', 0, 4)).toBe('PAR1');
  });

  it('knows what was imported, as a file does: rejected lines named, tags that changed taken in', async () => {
    const { server, directory, run, facts } = await world();
    const line = (taskId: string, more: object): string =>
      `${JSON.stringify({ projectId: 'p', taskId, taskType: 'summarization', model: 'm', costUsd: 0.1, score: 0.9, at: now, ...more })}\n`;
    const write = (team: string): void =>
      writeFileSync(
        join(directory, 'a.jsonl'),
        Array.from({ length: 5000 }, (_, task) =>
          line(`t${task}`, { sourceId: `${task % 4999}` }),
        ).join('') +
          line('tagged', { sourceId: 'x', tags: { team } }) +
          line('bad', { costUsd: -1 }),
      );
    write('search');
    const first = await run('import', 'a.jsonl', '--db', server);
    expect(first.stdout).toContain('5,000 records imported, 1 already there, 1 rejected');
    expect(first.stderr).toContain('line 5002: costUsd -1 is not dollars from 0');
    write('ads');
    const second = await run('import', 'a.jsonl', '--db', server);
    expect(second.stdout).toContain('0 records imported, 5,001 already there, 1 rejected');
    expect(await facts('--db', server, '--tag', 'team=ads')).toHaveLength(1);
    expect(await facts('--db', server, '--tag', 'team=search')).toEqual([]);
    const explained = await run('explain', 'summarization', '--db', server, '--json');
    expect(JSON.parse(explained.stdout)).toMatchObject({
      chosen: 'm',
      candidates: [{ history: { callCount: 5000 } }],
    });
  });

  it('that was never made is said to be missing, with the remedy', async () => {
    const { server, directory, run } = await world({ isMade: false });
    await record(join(directory, 'a.db'));
    const missing = expect.stringMatching(/has no history yet: .*orchestrator history init\./);
    expect(await run('import', 'a.db', '--db', server)).toMatchObject({
      exitCode: 1,
      stderr: missing,
    });
    expect(await run('export', '--db', server)).toMatchObject({ exitCode: 1, stderr: missing });
  });
});
