import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { programWorld, startProgram } from '../../support/program.ts';

const now = Math.floor(Date.now() / 1000);

type Line = Record<string, unknown>;

const line = (task: number, more: Line = {}): Line => ({
  projectId: 'p1',
  taskId: `task-${task}`,
  taskType: 'summarization',
  model: 'alpha',
  score: 0.9,
  costUsd: 0.01,
  at: now - 3600,
  ...more,
});

const jsonLines = (lines: readonly unknown[]): string =>
  lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');

function world() {
  const { directory, run, put } = programWorld();
  const dashboard = async (): Promise<Dashboard> =>
    JSON.parse((await run('dashboard', '--json')).stdout);
  return { directory, run, put, dashboard };
}

type Dashboard = {
  summary: { runs: number; totalCostUsd: number; averageQuality: number };
  rankings: { model: string; callCount: number; qualityScore: number | null }[];
};

describe('orchestrator import', () => {
  it('counts every record once, however often the file is imported, and grown files by what is new', async () => {
    const { run, put, dashboard } = world();
    const file = put('own.jsonl', jsonLines([line(1), line(2, { sourceId: 'two' })]));
    const first = await run('import', file);
    expect(first.stdout).toContain('2 records imported.');
    expect(first.exitCode).toBe(0);
    const again = await run('import', file);
    expect(again.stdout).toContain('0 records imported, 2 already there.');
    expect(again.exitCode).toBe(0);
    // The same id is the same record, whatever else it says by now.
    put(
      'own.jsonl',
      jsonLines([line(1), line(2, { sourceId: 'two', score: 0.1 }), line(3, { score: 0.6 })]),
    );
    expect((await run('import', file)).stdout).toContain('1 record imported, 2 already there.');
    const { summary, rankings } = await dashboard();
    expect(summary).toMatchObject({ runs: 1, totalCostUsd: expect.closeTo(0.03) });
    expect(summary.averageQuality).toBeCloseTo(0.8);
    expect(rankings).toMatchObject([{ model: 'alpha', callCount: 3 }]);
  });

  it('names each line that is no record, with its number and what is wrong, and takes the others', async () => {
    const { run, put } = world();
    const file = put(
      'own.jsonl',
      jsonLines([
        line(1),
        line(2, { score: 1.4 }),
        '{"projectId": "p1", "score": NaN}',
        line(3, { at: now + 7 * 86_400 }),
        line(4, { at: now * 1000 }),
        line(5, { model: 'al\u001Bpha' }),
        line(6, { costUsd: -1 }),
        `"${'x'.repeat(1_100_000)}"`,
        '['.repeat(100_000),
        line(7, { taskType: 'Not A Type' }),
        line(8, { model: undefined }),
        '',
        line(9),
      ]),
    );
    const { exitCode, stdout, stderr } = await run('import', file);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('2 records imported, 10 rejected.');
    const named = stderr.trimEnd().split('\n');
    expect(named).toMatchObject([
      expect.stringMatching(/^line 2: score 1\.4 /),
      expect.stringMatching(/^line 3: .*JSON/),
      expect.stringMatching(/^line 4: at .*future/),
      expect.stringMatching(/^line 5: at .*milliseconds/),
      expect.stringMatching(/^line 6: model .*control character/),
      expect.stringMatching(/^line 7: costUsd -1 /),
      expect.stringMatching(/^line 8: .*longer than/),
      expect.stringMatching(/^line 9: .*JSON/),
      expect.stringMatching(/^line 10: taskType /),
      expect.stringMatching(/^line 11: there is no model/),
    ]);
  });

  it('fails where there is no record at all, in a file or a pipe', async () => {
    const { run, put } = world();
    const header = await run('import', put('own.csv', 'projectId,taskId\n'), '--from', 'own');
    expect(header.exitCode).toBe(1);
    expect(header.stderr).toMatch(/^No record was found in .*, read as own: look whether/);
  });

  it('refuses names that look like others, whatever tool wrote them', async () => {
    const { run, put } = world();
    const own = put(
      'own.jsonl',
      jsonLines([
        line(1, { model: 'alpha\u202Egnp' }),
        line(2, { reviewer: 'al\u200Bpha' }),
        line(3, { taskId: '👩‍👩‍👧' }),
      ]),
    );
    const first = await run('import', own);
    expect(first.exitCode).toBe(1);
    expect(first.stdout).toContain('1 record imported, 2 rejected.');
    expect(first.stderr).toContain(
      'line 1: model "alpha\\u202egnp" has a control character, or another that cannot be seen: take it out',
    );
    expect(first.stderr).toContain('line 2: reviewer "al\\u200bpha" has ');
    const spend = {
      request_id: 'r1',
      model: 'gpt\u202E',
      spend: 0.1,
      startTime: new Date((now - 3600) * 1000).toISOString(),
      endTime: new Date((now - 3590) * 1000).toISOString(),
      total_tokens: 10,
      prompt_tokens: 5,
      completion_tokens: 5,
    };
    const other = await run('import', put('spend.jsonl', jsonLines([spend])), '--from', 'litellm');
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('line 1: model "gpt\\u202e" has ');
  });

  it('says of a million wrong lines how many, and names some', async () => {
    const { run, put } = world();
    const file = put('bad.jsonl', jsonLines([line(1)]) + 'not json\n'.repeat(200_000));
    const { stdout, exitCode } = await run('import', file, '--json');
    expect(exitCode).toBe(1);
    expect(stdout.length).toBeLessThan(20_000);
    expect(JSON.parse(stdout)).toMatchObject({
      imported: 1,
      rejected: 200_000,
      otherRejected: [{ count: 199_900, lastLine: 200_001 }],
    });
  });

  it('reads CSV as spreadsheets write it, from a pipe as well', async () => {
    const { run, put, dashboard } = world();
    const rows = [
      'Projekt;taskType;Model;Score;Cost USD;Date;id',
      '"p;1";Code Gen;alpha;0,91;"0,02";31.01.2026 14:05;1',
      'p2;summarize;alpha;80 %;1.000,5;2026-01-31 14:05:00;2',
      ';;;;;;',
    ];
    const text = `\uFEFF${rows.join('\r\n')}\r\n`.replace('Projekt', 'Project');
    const file = put(
      'records.csv',
      text.replaceAll('2026', String(new Date().getUTCFullYear() - 1)),
    );
    const { stdout, stderr, exitCode } = await run('import', file);
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect(stdout).toContain('(csv): 2 records imported.');
    expect((await dashboard()).summary.runs).toBeLessThanOrEqual(2);
    expect((await run('import', file)).stdout).toContain('2 already there');
  });

  it('refuses what it cannot read in one sentence', async () => {
    const { run, put } = world();
    put('nothing.txt', 'hello\n');
    put('sheet.xlsx', Buffer.from('PK\u0003\u0004rest'));
    put('lines.jsonl.gz', gzipSync('{}\n'));
    put('facts.parquet', 'PAR1rest');
    put('empty.jsonl', '\n');
    for (const [argv, words, code] of [
      [['import', 'nothing.txt'], '--from', 1],
      [['import', 'sheet.xlsx'], 'CSV', 1],
      [['import', 'lines.jsonl.gz'], 'is compressed: unpack it as it is read: gunzip -c', 1],
      [['import', 'facts.parquet'], 'is Parquet: write it as CSV', 1],
      [['import', 'empty.jsonl'], 'is empty', 1],
      [['import', '/dev/null'], 'pipe it in: orchestrator import -', 1],
      [['import', 'missing.jsonl'], 'does not exist', 1],
      [['import', '.'], 'a folder', 1],
      [['import', 'nothing.txt', '--from', 'litelm'], 'litellm', 2],
      [['import'], 'FILE', 2],
    ] as const) {
      const { stderr, exitCode } = await run(...argv);
      expect(stderr).toContain(words);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(exitCode).toBe(code);
    }
  });

  it('goes on after it was stopped, and counts what was in once', async () => {
    const { directory, run, put, dashboard } = world();
    const count = 150_000;
    const lines = Array.from({ length: count }, (_, task) =>
      JSON.stringify(line(task, { sourceId: `s${task}` })),
    );
    const file = put('many.jsonl', `${lines.join('\n')}\n`);
    const environment = { ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'), HOME: directory };
    const stopped = startProgram(['import', file], { environment, workingDirectory: directory });
    // As soon as something is written.
    await untilThere(join(directory, 'cache'), 'telemetry.db-wal');
    stopped.child.kill('SIGINT');
    const { exitCode } = await stopped.ended;
    expect([0, 130]).toContain(exitCode);
    expect((await run('import', file)).exitCode).toBe(0);
    const { rankings } = await dashboard();
    expect(rankings.reduce((sum, { callCount }) => sum + callCount, 0)).toBe(count);
  });
});

async function untilThere(folder: string, name: string): Promise<void> {
  while (!existsSync(join(folder, name))) await wait(5);
}
