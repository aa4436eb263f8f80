import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startScriptedServer, type Asked } from '../../engine/support/scripted-server.ts';
import { runProgram } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

type Comparison = {
  taskType: string;
  a: string;
  b: string;
  tasks: number;
  difference: number | null;
  low: number | null;
  high: number | null;
  decided: string | null;
  spentUsd: number;
};

/** Three models of two providers on a server of their own; who answered is in the answer. */
async function comparing(scoreOf: (model: string, task: number) => number) {
  const directory = temporaryDirectory();
  const asked: Asked[] = [];
  const server = await startScriptedServer((one) => {
    asked.push(one);
    if (one.role !== 'judge') return { text: `This is from ${one.model}.` };
    const task = Number(/number (\d+)/.exec(one.section('task') ?? '')?.[1] ?? 0);
    const model = /from (\w+)\./.exec(one.section('answer') ?? '')?.[1] ?? '';
    return { text: JSON.stringify({ score: scoreOf(model, task) }) };
  });
  onTestFinished(() => server.close());
  writeFileSync(
    join(directory, 'orchestrator.yaml'),
    `providers:
  north: {kind: openai-compatible, baseUrl: "${server.baseUrl}"}
  south: {kind: openai-compatible, baseUrl: "${server.baseUrl}"}
models:
  - {id: alpha, provider: north, price: {input: 1, output: 2}}
  - {id: beta, provider: south, price: {input: 1, output: 2}}
  - {id: gamma, provider: south, price: {input: 1, output: 2}}
`,
  );
  writeFileSync(
    join(directory, 'tasks.jsonl'),
    Array.from({ length: 200 }, (_, index) =>
      JSON.stringify({ prompt: `Sum up text number ${index + 1}.` }),
    ).join('\n'),
  );
  const environment = {
    ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'),
    HOME: directory,
  };
  const program = (...argv: string[]) =>
    runProgram(argv, { environment, workingDirectory: directory });
  return {
    asked,
    directory,
    program,
    compare: async (...flags: string[]) => {
      const line = ['compare', 'alpha', 'beta', '--type', 'summarization', '--json', ...flags];
      const ended = await program(...line);
      return { ...ended, found: JSON.parse(ended.stdout) as Comparison };
    },
  };
}

const wobble = (task: number): number => ((task * 37) % 11) / 100 - 0.05;

describe('compare', () => {
  it('settles which of two models is better, on tasks from a file', async () => {
    const { compare, program, asked, directory } = await comparing((model, task) =>
      model === 'alpha' ? 0.85 + wobble(task) : 0.7 + wobble(task) + wobble(task * 3) / 5,
    );
    const { exitCode, found, stderr } = await compare('--file', 'tasks.jsonl');
    expect(exitCode).toBe(0);
    expect(Object.keys(found)).toEqual(
      'taskType a b tasks difference low high decided spentUsd'.split(' '),
    );
    expect(found).toMatchObject({ taskType: 'summarization', a: 'alpha', b: 'beta', decided: 'a' });
    expect(found.difference).toBeCloseTo(0.15, 1);
    expect(found.low).toBeGreaterThan(0);
    expect(found.tasks).toBeLessThan(60);
    // The price comes first, and before anything is sent.
    expect(stderr).toMatch(/^alpha and beta answer up to 100 tasks of summarization: about \$/);
    // Blind, and by nobody who is compared.
    const judged = asked.filter(({ role }) => role === 'judge');
    expect(new Set(judged.map(({ model }) => model))).toEqual(new Set(['gamma']));
    // Two tasks at a time: one more may have been under way when it was decided.
    const answered = judged.length / 4;
    expect(answered - found.tasks).toBeGreaterThanOrEqual(0);
    expect(answered - found.tasks).toBeLessThanOrEqual(1);

    const database = new Database(join(directory, 'cache', 'telemetry.db'), { readonly: true });
    const rows = database
      .prepare(
        `SELECT model, count(*) AS n, min(propensity) AS least FROM model_calls
         WHERE role = 'generator' GROUP BY model ORDER BY model`,
      )
      .all();
    expect(rows).toEqual([
      { model: 'alpha', n: answered, least: 1 },
      { model: 'beta', n: answered, least: 1 },
    ]);
    expect(database.prepare('SELECT count(*) FROM routing_events').pluck().get()).toBe(
      2 * answered,
    );
    expect(
      database.prepare('SELECT count(DISTINCT project_id) FROM model_snapshots').pluck().get(),
    ).toBe(1);
    database.close();
    const runs = JSON.parse((await program('runs', '--json')).stdout) as { status: string }[];
    expect(runs).toMatchObject([{ status: 'success' }]);
  });

  it('says that two models are equal, within the tolerance', async () => {
    const { compare } = await comparing((_, task) => 0.8 + wobble(task));
    const { exitCode, found } = await compare('--file', 'tasks.jsonl');
    expect(exitCode).toBe(0);
    expect(found).toMatchObject({ decided: 'equal', difference: 0 });
  });

  it('ends with 1 when tasks end before it is decided', async () => {
    const { compare } = await comparing((model) => (model === 'alpha' ? 0.8 : 0.78));
    const { exitCode, found } = await compare('--file', 'tasks.jsonl', '--tasks', '6');
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({ tasks: 6, decided: null });
  });

  it('is no project that could be resumed', async () => {
    const { compare, program } = await comparing(() => 0.8);
    await compare('--file', 'tasks.jsonl', '--tasks', '1');
    const runs = JSON.parse((await program('runs', '--json')).stdout) as { projectId: string }[];
    const { exitCode, stderr } = await program('run', '--resume', runs[0]?.projectId ?? '');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/compares two models.*start it again with orchestrator compare/);
  });

  it('ends with 1 when money ends first, and spends no more', async () => {
    const { compare } = await comparing(() => 0.8);
    const { exitCode, found } = await compare('--file', 'tasks.jsonl', '--budget', '0.03');
    expect(exitCode).toBe(1);
    expect(found.decided).toBeNull();
    expect(found.spentUsd).toBeLessThanOrEqual(0.03);
  });

  it('takes the tasks of the type from runs of the past', async () => {
    const { asked, compare, program, directory } = await comparing((model) =>
      model === 'alpha' ? 0.9 : 0.4,
    );
    writeFileSync(
      join(directory, 'project.yaml'),
      `project: Write\ncriteria: Short\ntasks:\n${Array.from({ length: 30 }, (_, index) => `  - {id: t${index}, type: summarization, prompt: Sum up text number ${index}.}\n`).join('')}  - {id: other, type: code_review, prompt: Review number 1.}
  - {id: last, type: evaluation, prompt: Weigh text number 7., dependsOn: [t0, other]}\n`,
    );
    await program('run', '--file', 'project.yaml');
    const { exitCode, found } = await compare();
    expect(exitCode).toBe(0);
    expect(found.decided).toBe('a');
    expect(found.tasks).toBeLessThanOrEqual(30);

    // What a task built on is given again as it was written then.
    asked.length = 0;
    await program('compare', 'alpha', 'beta', '--type', 'evaluation', '--json');
    const written = asked.filter(({ role }) => role === 'generator');
    expect(written.map(({ model }) => model).toSorted()).toEqual(['alpha', 'beta']);
    for (const { prompt } of written) {
      expect(prompt).toContain('Weigh text number 7.');
      expect(prompt.match(/This is from \w+\./g)).toHaveLength(2);
    }
  });

  it.each([
    [['alpha', 'alpha', '--type', 'summarization'], 2, /cannot be compared with itself/],
    [['alpha', '--type', 'summarization'], 2, /needs B after A/],
    [['alpha', 'beta'], 2, /--type is missing/],
    [['alpha', 'beta', '--type', 'Sums!'], 2, /is no task type/],
    [['alpha', 'beta', '--type', 'summarization', '--tasks', '0'], 2, /--tasks 0/],
    [['alpha', 'beta', '--type', 'summarization', '--budget', 'x'], 2, /--budget x/],
    [['alpha', 'beta', '--type', 'summarization'], 1, /No run of yours has a task/],
    [['alpha', 'beta', '--type', 'x', '--file', 'none.jsonl'], 1, /none\.jsonl .*name a file/],
    [['alpha', 'beta', '--type', 'x', '--file', 'bad.jsonl'], 1, /bad\.jsonl:1 is no task/],
    [['alpha', 'bete', '--type', 'x', '--file', 'tasks.jsonl'], 1, /no model bete.*beta/],
  ])('%j ends with %i and one sentence', async (line, code, sentence) => {
    const { program, directory, asked } = await comparing(() => 0.5);
    writeFileSync(join(directory, 'bad.jsonl'), '{"text": 1}\n');
    const { exitCode, stdout, stderr } = await program('compare', ...line);
    expect(exitCode).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
