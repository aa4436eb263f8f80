import Database from 'better-sqlite3';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { programWorld } from '../../support/program.ts';

const now = Math.floor(Date.now() / 1000) - 1000;

/** A history with a record of each kind, under names as people and models give them. */
async function record(path: string, names: readonly string[]): Promise<void> {
  const store = openTelemetryStore({ path, now: () => now });
  const nameAt = (index: number): string => names[index % names.length] ?? 'name';
  for (let task = 0; task < 6; task += 1) {
    const projectId = `p${task % 2}`;
    const taskId = nameAt(task);
    const model = nameAt(task + 1);
    const result = { taskType: 'summarization', model, costUsd: 0.1 + task / 1000, iterations: 1 };
    store.recordRoutingEvent(projectId, taskId, {
      ...result,
      deterministicPassed: task % 2 === 0,
      ...(task === 3 ? {} : { score: task / 7, reviewer: nameAt(task + 2) }),
    });
    store.recordCall(projectId, {
      callId: `c${task}`,
      taskId,
      taskType: 'summarization',
      attempt: 1,
      role: 'generator',
      provider: 'local',
      model,
      costUsd: 1e-7 * task,
      costEstimated: false,
      latencyMs: 12.5,
      outcome: 'ok',
      inputTokens: 12 * task,
      propensity: 0.25,
    });
    store.recordOutcome(projectId, taskId, {
      source: 'person',
      value: task % 3 === 0 ? null : 0.5,
      note: nameAt(task),
    });
  }
  store.recordSnapshots('p0', [
    {
      model: nameAt(0),
      taskType: 'summarization',
      unscored: true,
      profile: {
        qualityScore: 0,
        trustFactor: 1,
        avgLatencyMs: 12,
        latencyP95Ms: 20,
        successRate: 1,
        avgCostUsd: 0.01,
        callCount: 3,
        failureCount: 0,
        validatorFailCount: 0,
      },
    },
  ]);
  await store.close();
}

async function recordTagged(path: string): Promise<void> {
  const store = openTelemetryStore({ path, now: () => now });
  for (const [task, team] of ['search', 'ads', 'search'].entries()) {
    store.recordRoutingEvent('p', `t${task}`, {
      taskType: 'summarization',
      model: 'm',
      costUsd: 1,
      iterations: 1,
      deterministicPassed: true,
    });
    store.recordTags('p', { team, [`build-${task}`]: 1 }, `t${task}`);
  }
  await store.close();
}

const hostile = [
  '=HYPERLINK("http://example.com")',
  "'=1+1",
  '+49 30',
  '-1',
  '@SUM(A1)',
  '\u0009=1',
  '  =1',
  '＝1',
  'a;b|c\t"d"',
  'two\nlines',
  '\uFFFD 名前 👩‍👩‍👧',
  ' spaces ',
  "'apostrophe",
  '0,5',
];

describe('orchestrator export --tag', () => {
  it.each([
    [
      ['--tag', 'taem'],
      'No record has a tag taem (did you mean team?): use one of build-0, build-1, build-2, team.',
    ],
    [
      ['--tag', 'team=serach'],
      'No record has the tag team=serach (did you mean search?): use one of ads, search.',
    ],
    [
      ['--tag', 'team', '--tag', 'region'],
      'No record has a tag region: use one of build-0, build-1, build-2, team.',
    ],
  ])('%j, which no record has, is a failure that says which there are', async (flags, message) => {
    const { directory, run } = programWorld();
    await recordTagged(join(directory, 'a.db'));
    const output = ['--output', 'x.jsonl'];
    expect(await run('export', '--db', 'a.db', ...flags, ...output)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `${message}\n`,
    });
    expect(existsSync(join(directory, 'x.jsonl'))).toBe(false);
  });

  it('says how records get tags where none has any', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), ['a']);
    expect(await run('export', '--db', 'a.db', '--tag', 'team')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('orchestrator run --tag NAME=VALUE'),
    });
  });

  it('is done without a fact where all tags are there, and nothing has them together', async () => {
    const { directory, run } = programWorld();
    await recordTagged(join(directory, 'a.db'));
    const both = ['--tag', 'team=ads', '--tag', 'build-0'];
    expect(await run('export', '--db', 'a.db', ...both)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('orchestrator export', () => {
  it.each(['jsonl', 'csv'])(
    'writes %s from which an import makes the same history',
    async (format) => {
      const { directory, run } = programWorld();
      await record(join(directory, 'a.db'), hostile);
      const file = `facts.${format}`;
      expect(await run('export', '--db', 'a.db', '--output', file)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^19 facts written to /),
      });
      const imported = await run('import', file, '--db', 'b.db');
      expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
      expect(imported.stdout).toContain('19 records imported');
      const original = await run('export', '--db', 'a.db');
      const copy = await run('export', '--db', 'b.db');
      expect(copy.stdout).toBe(original.stdout);
      expect(original.stdout.trim().split('\n')).toHaveLength(19);
      // What it recorded itself is there already, though it never imported it.
      expect((await run('import', file, '--db', 'a.db')).stdout).toContain(
        '0 records imported, 19 already there',
      );
      expect((await run('export', '--db', 'a.db')).stdout).toBe(original.stdout);
      const numbers = async (database: string) => {
        const { stdout } = await run('dashboard', '--json', '--db', database);
        const { window: _, ...rest }: Record<string, unknown> = JSON.parse(stdout);
        return rest;
      };
      expect(await numbers('b.db')).toEqual(await numbers('a.db'));
    },
  );

  it('takes in the database itself as well', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), hostile);
    expect((await run('import', 'a.db', '--db', 'b.db')).stdout).toContain(
      '(original): 19 records imported',
    );
    expect((await run('import', 'a.db', '--db', 'b.db')).stdout).toContain('19 already there');
    expect(await run('import', 'a.db', '--db', 'a.db')).toMatchObject({ exitCode: 2 });
    expect((await run('export', '--db', 'b.db')).stdout).toBe(
      (await run('export', '--db', 'a.db')).stdout,
    );
  });

  it('begins no cell of a spreadsheet like a formula, whatever separates the cells', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), hostile);
    const { stdout } = await run('export', '--db', 'a.db', '--format', 'csv');
    const text = stdout.replaceAll('""', '');
    const cells = text.split(/(?:"([^"]*)"|[,\r\n])/).filter((cell) => cell !== undefined);
    expect(cells.filter((cell) => /^\s*[=+@＝]/.test(cell) || /^\s*-\D/.test(cell))).toEqual([]);
  });

  it('writes Parquet that holds the same values', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), hostile);
    await run('export', '--db', 'a.db', '--output', 'facts.parquet');
    const rows = await parquetReadObjects({
      file: await asyncBufferFromFile(join(directory, 'facts.parquet')),
    });
    const lines: Record<string, unknown>[] = (await run('export', '--db', 'a.db')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const present = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, value]) => value !== null && value !== undefined)
          .map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      ),
    );
    expect(present).toEqual(lines);
  });

  it('writes the state that was learned in the text format of Prometheus', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), ['a"b\\c', 'two\nlines', 'plain']);
    const { stdout } = await run('export', '--db', 'a.db', '--format', 'prometheus');
    const samples = parsePrometheus(stdout);
    const models = samples
      .filter(({ name }) => name === 'orchestrator_attempts')
      .map(({ labels }) => labels['model']);
    expect(new Set(models)).toEqual(new Set(['a"b\\c', 'plain', 'two\nlines']));
    for (const { value } of samples) expect(value).not.toBeNaN();
  });

  it('says that a history is damaged and what to do, and leaves the file before as it is', async () => {
    const { directory, run } = programWorld();
    const file = join(directory, 'a.db');
    await record(file, ['a', 'b']);
    await run('export', '--db', 'a.db', '--output', 'facts.jsonl');
    const before = readFileSync(join(directory, 'facts.jsonl'));
    const database = new Database(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    const pageSize = Number(database.pragma('page_size', { simple: true }));
    const page = Number(
      database
        .prepare("SELECT rootpage FROM sqlite_master WHERE name = 'routing_events'")
        .pluck()
        .get(),
    );
    database.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, (page - 1) * pageSize, page * pageSize);
    writeFileSync(file, bytes);
    const { exitCode, stderr } = await run('export', '--db', 'a.db', '--output', 'facts.jsonl');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/a\.db is damaged: move it away/);
    expect(readFileSync(join(directory, 'facts.jsonl'))).toEqual(before);
  });

  it('says that there is no such folder, by its name alone', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), ['a']);
    writeFileSync(join(directory, 'file'), '');
    for (const folder of ['none', 'file', join('file', 'deeper')]) {
      const { exitCode, stderr } = await run(
        'export',
        '--db',
        'a.db',
        '--output',
        `${folder}/x.csv`,
      );
      expect(exitCode).toBe(1);
      const place = join(directory, folder);
      expect(stderr).toContain(
        `${place} is no folder that is there: make it, or name another place.`,
      );
      expect(stderr).not.toContain('.tmp');
    }
  });

  it('puts a file in its place as a whole, for its user alone', async () => {
    const { directory, run } = programWorld();
    await record(join(directory, 'a.db'), ['x']);
    writeFileSync(join(directory, 'facts.jsonl'), 'old', { mode: 0o644 });
    await run('export', '--db', 'a.db', '--output', 'facts.jsonl');
    expect(statSync(join(directory, 'facts.jsonl')).mode & 0o777).toBe(0o600);
    mkdirSync(join(directory, 'folder'));
    expect(await run('export', '--db', 'a.db', '--output', 'folder')).toMatchObject({
      exitCode: 2,
    });
    const before = readFileSync(join(directory, 'a.db'));
    expect(await run('export', '--db', 'a.db', '--output', 'a.db')).toMatchObject({ exitCode: 2 });
    expect(readFileSync(join(directory, 'a.db'))).toEqual(before);
    expect(await run('export', '--db', 'a.db', '--output', 'missing/facts.csv')).toMatchObject({
      exitCode: 1,
    });
    expect(await run('export', '--db', 'none.db', '--output', 'x.csv')).toMatchObject({
      exitCode: 1,
    });
    expect(existsSync(join(directory, 'x.csv'))).toBe(false);
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

type Sample = { name: string; labels: Record<string, string>; value: number };

/** A strict reader of the format: each metric once, described before its samples. */
function parsePrometheus(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const described = new Set<string>();
  let current = '';
  const samples: Sample[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const about = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (about !== null) {
      const [, keyword = '', metric = '', rest = ''] = about;
      if (described.has(`${keyword} ${metric}`)) throw new Error(`${line}: a second time`);
      if (keyword === 'TYPE' && !/^(?:gauge|counter)$/.test(rest)) throw new Error(line);
      described.add(`${keyword} ${metric}`);
      current = metric;
      continue;
    }
    const [, name = '', labels = '', value] =
      /^([a-zA-Z_:][\w:]*)(\{.*\})? ([^ ]+)$/.exec(line) ?? [];
    const isDescribed = described.has(`HELP ${name}`) && described.has(`TYPE ${name}`);
    if (name !== current || !isDescribed) throw new Error(`${line}: out of its place`);
    samples.push({ name, labels: labelsIn(labels), value: Number(value) });
  }
  return samples;
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const pair = /([a-z_]+)="((?:[^"\\]|\\["\\n])*)",?/g;
  const rest = text.slice(1, -1).replaceAll(pair, (_, label: string, held: string) => {
    labels[label] = held.replaceAll(/\\(.)/g, (__, sign: string) => (sign === 'n' ? '\n' : sign));
    return '';
  });
  if (rest !== '') throw new Error(`${rest}: no label`);
  return labels;
}
