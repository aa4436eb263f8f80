import Database from 'better-sqlite3';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedSchema } from '../../../source/telemetry/database/schema.ts';
import { root } from '../../support/documents.ts';
import { programWorld } from '../../support/program.ts';

const examples = join(root, 'examples/import');

type Fact = Record<string, unknown>;

/** What each example says, in the facts that come of it. */
const expected: Record<string, Fact[]> = {
  'litellm.jsonl': [
    { kind: 'task', model: 'gpt-5.4-mini', taskType: 'summarization', costUsd: 0.00042 },
    { kind: 'task', model: 'claude-haiku-5', taskType: 'summarization', score: 0, costUsd: 0 },
    {
      kind: 'call',
      provider: 'openai',
      servedModel: 'gpt-5.4-mini-2026-03-17',
      inputTokens: 1100,
      cachedInputTokens: 1000,
      outputTokens: 110,
      latencyMs: 1250,
    },
    { kind: 'call', provider: 'anthropic', outcome: '408', latencyMs: 30_000 },
  ],
  'promptfoo.json': [
    {
      kind: 'task',
      model: 'gpt-5.4-mini',
      taskType: 'data_extraction',
      score: 1,
      deterministicPassed: true,
    },
    {
      kind: 'task',
      model: 'claude-haiku-5',
      score: 0.25,
      deterministicPassed: false,
      at: 1_793_613_600,
    },
    { kind: 'call', provider: 'openai', inputTokens: 100, outputTokens: 30, latencyMs: 820 },
    { kind: 'call', provider: 'anthropic', costUsd: 0.0003 },
  ],
  'inspect.json': [
    {
      kind: 'task',
      projectId: 'run-7Q',
      taskId: '1/1',
      taskType: 'arithmetic',
      model: 'gpt-5.4-mini',
      score: 1,
    },
    { kind: 'task', taskId: '2/1', score: 0, costUsd: 0.00014 },
    { kind: 'call', inputTokens: 90, latencyMs: 1200 },
    { kind: 'call', inputTokens: 100, cachedInputTokens: 20 },
  ],
  'otlp.jsonl': [
    {
      kind: 'task',
      model: 'gpt-5.4-mini',
      taskType: 'summarization',
      score: 0.75,
      costUsd: 0.0005,
    },
    { kind: 'call', provider: 'openai', responseId: 'resp-1', inputTokens: 1200, latencyMs: 1500 },
  ],
  'langfuse.json': [
    {
      kind: 'task',
      projectId: 'trace-1',
      taskId: 'gen-1',
      taskType: 'creative_writing',
      score: 0.8,
      costUsd: 0.0072,
    },
    { kind: 'call', inputTokens: 900, outputTokens: 300, latencyMs: 4000 },
  ],
  'records.csv': [
    {
      projectId: 'sprint 12',
      taskId: 'login',
      taskType: 'code_generation',
      score: 0.93,
      costUsd: 0.041,
      iterations: 2,
    },
    { taskId: 'search', score: 0.88, costUsd: 0.0275, iterations: 1 },
  ],
  'records.jsonl': [
    { taskId: 'summary-1', reviewer: 'claude-sonnet-5', score: 0.86 },
    { taskId: 'summary-2', score: 0.91, at: 1_793_611_200 },
    { taskId: 'extract-1', taskType: 'data_extraction' },
  ],
};

describe('formats of other tools', () => {
  it.each(Object.entries(expected))('%s is recognised, and imported once', async (name, wanted) => {
    const { run, facts } = programWorld();
    expect(await run('import', join(examples, name))).toMatchObject({ exitCode: 0, stderr: '' });
    const found = await facts();
    expect(found).toMatchObject(wanted);
    await run('import', join(examples, name));
    expect(await facts()).toEqual(found);
  });

  it('are the same on one line, indented, or as lines of CSV', async () => {
    const { directory, run, facts } = programWorld();
    const log = readFileSync(join(examples, 'inspect.json'), 'utf8');
    writeFileSync(join(directory, 'one-line.json'), JSON.stringify(JSON.parse(log)));
    expect((await run('import', 'one-line.json')).stdout).toContain('2 records imported');
    const columns = ['request_id', 'call_type', 'spend', 'prompt_tokens', 'completion_tokens'];
    const header = [...columns, 'startTime', 'endTime', 'model', 'request_tags'].join(',');
    const row =
      'r-9,acompletion,0.5,10,20,2026-11-02 10:00:00,2026-11-02 10:00:02.5,m,"[""task:writing""]"';
    writeFileSync(join(directory, 'spend.csv'), `${header}\n${row}\n`);
    expect((await run('import', 'spend.csv')).stdout).toContain('(litellm): 1 record imported');
    expect(await facts()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ taskId: 'r-9', taskType: 'creative_writing', costUsd: 0.5 }),
        expect.objectContaining({ callId: 'r-9', latencyMs: 2500 }),
      ]),
    );
  });

  it('of which nobody says what they cost are priced by their tokens, or rejected', async () => {
    const { directory, run, facts } = programWorld();
    const row = (id: string, model: string) => ({
      request_id: id,
      call_type: 'completion',
      prompt_tokens: 1_000_000,
      completion_tokens: 0,
      startTime: '2026-11-02T10:00:00Z',
      endTime: '2026-11-02T10:00:01Z',
      model,
    });
    const lines = [row('a', 'mine'), row('b', 'nobody-knows-it')].map((one) => JSON.stringify(one));
    writeFileSync(join(directory, 'spend.jsonl'), `${lines.join('\n')}\n`);
    writeFileSync(
      join(directory, 'prices.yaml'),
      'models:\n  - {id: mine, provider: openai, price: {input: 3, output: 4}}\n',
    );
    const { stderr, exitCode } = await run(
      'import',
      'spend.jsonl',
      '--from',
      'litellm',
      '--config',
      'prices.yaml',
    );
    expect([stderr.match(/^line 2: .*nobody-knows-it/), exitCode]).toEqual([expect.anything(), 1]);
    expect(await facts()).toMatchObject([
      { kind: 'task', taskId: 'a', costUsd: 3, taskType: 'general' },
      { kind: 'call', costEstimated: true },
    ]);
  });

  it('as a database of the original, which has two tables, count once as well', async () => {
    const { directory, run, facts } = programWorld();
    const original = new Database(join(directory, 'original.db'));
    original.exec(sharedSchema);
    original.exec(`INSERT INTO routing_events VALUES
        (1, 'p', 't', 'code_review', 'm', NULL, 0.7, 0.01, 2, 1, 1793600000);
      INSERT INTO model_snapshots VALUES
        (1, 'p', 'm', 'code_review', 0.7, 1.0, 900, 1200, 1.0, 0.005, 2, 0, 0, 1793600001)`);
    original.close();
    expect((await run('import', 'original.db')).stdout).toContain('(original): 2 records imported');
    expect((await run('import', 'original.db')).stdout).toContain('2 already there');
    expect(await facts()).toMatchObject([
      { kind: 'task', taskId: 't', model: 'm', score: 0.7, iterations: 2, at: 1_793_600_000 },
      { kind: 'snapshot', model: 'm', qualityScore: 0.7, callCount: 2 },
    ]);
  });

  it('that break off in the middle keep what came before', async () => {
    const { directory, run } = programWorld();
    const whole = readFileSync(join(examples, 'promptfoo.json'), 'utf8');
    writeFileSync(join(directory, 'broken.json'), whole.slice(0, whole.indexOf('"r-2"')));
    const { stdout, stderr, exitCode } = await run('import', 'broken.json');
    expect([stdout.includes('1 record imported, 1 rejected'), exitCode]).toEqual([true, 1]);
    expect(stderr).toMatch(/^line \d+: .*JSON/);
    writeFileSync(
      join(directory, 'deep.json'),
      `{"evalId":"x","results":{"results":[${'['.repeat(50_000)}`,
    );
    expect(await run('import', 'deep.json')).toMatchObject({ exitCode: 1 });
  });
});
