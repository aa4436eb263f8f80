import { describe, expect, it } from 'vitest';
import { programWorld } from '../../support/program.ts';

const line = (more: object): string =>
  `${JSON.stringify({
    projectId: 'p',
    taskType: 'summarization',
    model: 'm',
    costUsd: 0.1,
    at: 1_790_000_000,
    ...more,
  })}\n`;

describe('tags of other programs', () => {
  it('are taken in with their tasks, and those that changed follow', async () => {
    const { run, facts, put } = programWorld();
    const lines = (team: string): string =>
      line({ taskId: 'a', sourceId: '1', tags: { team, build: 7 } }) +
      line({ taskId: 'b', sourceId: '2' });
    put('a.jsonl', lines('search'));
    expect((await run('import', 'a.jsonl')).stdout).toContain('2 records imported');
    expect((await run('import', 'a.jsonl')).stdout).toContain(
      '0 records imported, 2 already there',
    );
    expect((await facts()).map(({ taskId, tags }) => [taskId, tags])).toEqual([
      ['a', { team: 'search', build: '7' }],
      ['b', undefined],
    ]);
    put('a.jsonl', lines('ads'));
    expect((await run('import', 'a.jsonl')).stdout).toContain(
      '0 records imported, 2 already there',
    );
    await run('import', 'a.jsonl');
    expect(await facts('--tag', 'team=ads')).toMatchObject([{ tags: { team: 'ads', build: '7' } }]);
    expect(await facts('--tag', 'team=search')).toEqual([]);
    expect(await facts('--only', 'tag')).toHaveLength(3);
  });

  it.each([
    ['jsonl', (tags: string) => line({ taskId: 'a', ...(JSON.parse(tags) as object) })],
    [
      'jsonl',
      (tags: string) =>
        ` { ${tags.slice(1, -1) || '"score": 1'} ,${line({ taskId: 'a' }).slice(1)}`,
    ],
    [
      'csv',
      (tags: string) =>
        `project,task,model,cost,date,tags\np,a,m,0.1,2026-09-01,"${JSON.stringify(
          (JSON.parse(tags) as { tags?: object }).tags ?? {},
        ).replaceAll('"', '""')}"\n`,
    ],
  ])('follow in %s of records without ids, and the task counts once', async (ending, text) => {
    const { run, facts, put } = programWorld();
    const bring = async (tags: object): Promise<string> => {
      put(`a.${ending}`, text(JSON.stringify(tags)));
      return (await run('import', `a.${ending}`)).stdout;
    };
    expect(await bring({ tags: { team: 'search', note: 'a "{,}" b' } })).toContain(
      '1 record imported',
    );
    expect(await bring({ tags: { team: 'ads' } })).toContain('0 records imported, 1 already there');
    expect(await facts('--only', 'task')).toMatchObject([
      { taskId: 'a', tags: { team: 'ads', note: 'a "{,}" b' } },
    ]);
  });

  it('are written by spreadsheets as text or JSON', async () => {
    const { run, facts, put } = programWorld();
    put(
      'a.csv',
      `task,model,cost,date,tags
1,m,0.1,2026-09-01,team=search; prompt = v3
2,m,0.1,2026-09-01,"{""team"":""ads""}"
3,m,0.1,2026-09-01,
4,m,0.1,2026-09-01,search
5,m,0.1,2026-09-01,"{""team"":"
`,
    );
    const { stdout, stderr, exitCode } = await run('import', 'a.csv');
    expect(stdout).toContain('3 records imported, 2 rejected');
    expect(stderr).toMatch(/line 5: tags "search" has no "="/);
    expect(stderr).toMatch(/line 6: tags .* is broken JSON/);
    expect(exitCode).toBe(1);
    expect((await facts()).map(({ tags }) => tags)).toEqual([
      { team: 'search', prompt: 'v3' },
      { team: 'ads' },
      undefined,
    ]);
  });

  it.each([[{ 'my team': 'x' }], [['search']], ['search'], [{ a: 'two\nlines' }], [7]])(
    'are rejected with their line where they are %j',
    async (tags) => {
      const { run, put } = programWorld();
      put('a.jsonl', line({ taskId: 'a', tags }) + line({ taskId: 'b' }));
      const { stdout, stderr, exitCode } = await run('import', 'a.jsonl');
      expect(stdout).toContain('1 record imported, 1 rejected');
      expect(stderr).toMatch(/^line 1: tags /);
      expect(exitCode).toBe(1);
    },
  );

  it('of a proxy are its own, without what only names the task type or the client', async () => {
    const { run, facts, put } = programWorld();
    const request = {
      request_id: 'r1',
      call_type: 'acompletion',
      spend: 0.1,
      model: 'm',
      endTime: '2026-09-01T00:00:00Z',
      request_tags: [
        'team:search',
        'production',
        'task_type:summarization',
        'User-Agent: x/1',
        'a b',
      ],
    };
    put('a.jsonl', `${JSON.stringify(request)}\n`);
    expect((await run('import', 'a.jsonl', '--from', 'litellm')).exitCode).toBe(0);
    const [task] = await facts();
    expect(task).toMatchObject({
      taskType: 'summarization',
      tags: { team: 'search', production: 'true' },
    });
  });
});

describe('tags of a history', () => {
  it.each(['jsonl', 'csv'])('go through %s into another history', async (format) => {
    const { run, facts, put } = programWorld();
    put(
      'a.jsonl',
      line({ taskId: 'a', tags: { team: '=1+1', note: 'a;b,"c"' } }) +
        line({ taskId: 'b', tags: { team: 'x' } }),
    );
    await run('import', 'a.jsonl', '--db', 'a.db');
    await run('export', '--db', 'a.db', '--output', `f.${format}`);
    expect((await run('import', `f.${format}`, '--db', 'b.db')).exitCode).toBe(0);
    expect(await facts('--db', 'b.db')).toEqual(await facts('--db', 'a.db'));
    expect((await run('import', `f.${format}`, '--db', 'a.db')).stdout).toContain(
      '2 already there',
    );
    expect(await facts('--db', 'a.db', '--only', 'tag')).toHaveLength(3);
  });

  it('go with the database, those of a run too', async () => {
    const { run, facts } = programWorld();
    const ran = await run(
      ...'run --simulate --project haiku --criteria short --json'.split(' '),
      ...'--tag team=search --tag prompt=v3'.split(' '),
    );
    expect(ran.stdout.split('\n')[0]).toContain('"tags":{"team":"search","prompt":"v3"}');
    const demo = 'cache/demo/telemetry.db';
    const tagged = await facts('--db', demo, '--tag', 'team=search', '--tag', 'prompt');
    const kinds = new Set(tagged.map(({ kind }) => kind));
    expect([...kinds]).toEqual(['task', 'snapshot', 'call', 'tag']);
    // Planning belongs to no task, and to the run.
    expect(tagged.some(({ role }) => role === 'planner')).toBe(true);
    expect(tagged).toHaveLength((await facts('--db', demo)).length);
    await run('import', demo, '--db', 'b.db');
    expect(await facts('--db', 'b.db', '--tag', 'team=search')).toHaveLength(tagged.length);
  });

  it.each([
    [['--tag', 'my team=x'], /^--tag "my team" is no name of a tag/],
    [['--tag'], /^--tag needs a value: write --tag NAME=VALUE/],
    [['--tag', '--only', 'task'], /^--tag needs a value/],
    [['--tag', 'team='], /^--tag team has a value that is none/],
    [['--tag', 'team=x', '--format', 'prometheus'], /^--tag picks facts/],
  ])('are asked for by their names: %j', async (argv, message) => {
    const { run, put } = programWorld();
    put('a.jsonl', line({ taskId: 'a' }));
    await run('import', 'a.jsonl');
    const { stderr, exitCode } = await run('export', ...argv);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  it('of a run need values', async () => {
    const { run } = programWorld();
    const { stderr, exitCode } = await run(
      ...'run --simulate --project x --criteria y --tag team'.split(' '),
    );
    expect(stderr).toMatch(/^--tag team has no value: write it as --tag team=VALUE\./);
    expect(exitCode).toBe(2);
  });
});
