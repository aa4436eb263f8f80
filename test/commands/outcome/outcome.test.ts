import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { startProgram } from '../../support/program.ts';
import { createWorld, type World } from '../support/world.ts';

type Row = Record<'project_id' | 'task_id' | 'source' | 'value' | 'sampled' | 'note', unknown>;

function rowsIn({ cache }: World): Row[] {
  const database = new Database(join(cache, 'telemetry.db'), { readonly: true });
  const rows = database
    .prepare<[], Row>('SELECT project_id, task_id, source, value, sampled, note FROM outcomes')
    .all();
  database.close();
  return rows;
}

async function ranWorld(): Promise<World> {
  const world = await createWorld();
  await world.run('run --project Write --criteria Good --project-id mine'.split(' '));
  return world;
}

describe('outcome', () => {
  it('records what was found, row after row', async () => {
    const world = await ranWorld();
    const said = [
      ['good', 1],
      ['BAD', 0],
      ['0.25', 0.25],
      ['withdraw', null],
    ] as const;
    for (const [text, value] of said) {
      const { exitCode, stdout } = await world.run(['outcome', 'mine/first', text, '--json']);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        projectId: 'mine',
        taskId: 'first',
        source: 'person',
        value,
        sampled: null,
        note: null,
        recorded: true,
      });
    }
    await world.run([
      ...'outcome mine/second 0.5 --source merge --sampled 0.05 --note'.split(' '),
      'Half was kept.',
    ]);
    const row = { project_id: 'mine', sampled: null, note: null };
    expect(rowsIn(world)).toEqual([
      ...said.map(([, value]) => ({ ...row, task_id: 'first', source: 'person', value })),
      {
        ...row,
        task_id: 'second',
        source: 'merge',
        value: 0.5,
        sampled: 0.05,
        note: 'Half was kept.',
      },
    ]);
  });

  it('is shown with its task where the run is opened', async () => {
    const world = await ranWorld();
    await world.run(['outcome', 'mine/first', 'bad', '--note', 'It is in the wrong language.']);
    const { stdout } = await world.run(['runs', 'mine']);
    expect(stdout).toContain('Outcome (person): found 0, It is in the wrong language.');
    const { tasks } = JSON.parse((await world.run(['runs', 'mine', '--json'])).stdout) as {
      tasks: { taskId: string; outcomes: unknown[] }[];
    };
    expect(tasks.map(({ taskId, outcomes }) => [taskId, outcomes.length])).toEqual([
      ['first', 1],
      ['second', 0],
    ]);
  });

  it('is a command of the built program, also for names with slashes', async () => {
    const world = await ranWorld();
    const store = openTelemetryStore({ path: join(world.cache, 'telemetry.db') });
    store.recordRoutingEvent('team/a', 'b/c', {
      taskType: 'summarization',
      model: 'alpha',
      score: 0.5,
      costUsd: 0.1,
      iterations: 1,
      deterministicPassed: true,
    });
    await store.close();
    const program = startProgram(['outcome', 'team/a/b/c', 'good'], {
      environment: world.environment,
      workingDirectory: world.directory,
    });
    expect((await program.ended).exitCode).toBe(0);
    expect(program.stdout()).toBe('team/a/b/c counts with 1, as person found it.\n');
    expect(rowsIn(world)).toMatchObject([{ project_id: 'team/a', task_id: 'b/c', value: 1 }]);
  });

  it.each([
    [['mine/third', 'good'], 1, /No task mine\/third with a result is known: orchestrator runs/],
    [['nobody/first', 'good'], 1, /No task nobody\/first/],
    [['mine', 'good'], 2, /names no task: write RUN\/TASK/],
    [['mine/first'], 2, /needs VALUE after RUN\/TASK/],
    [['mine/first', 'constructor'], 2, /"constructor" is not an outcome: write good, bad/],
    [['mine/first', 'fine'], 2, /"fine" is not an outcome: write good, bad/],
    [['mine/first', '1.5'], 2, /not an outcome/],
    [['mine/first', 'NaN'], 2, /not an outcome/],
    [['mine/first', 'good', 'bad'], 2, /"bad" is a third/],
    [['mine/first', 'good', '--source', 'My Team'], 2, /--source "My Team" is not a word/],
    [['mine/first', 'good', '--sampled', '0'], 2, /--sampled 0/],
    [['mine/first', 'good', '--sampled', '2'], 2, /--sampled 2/],
    [['mine/first', 'good', '--db', 'nothing.db'], 1, /no history at/],
  ])('%j ends with %i and one sentence, and records nothing', async (line, code, sentence) => {
    const world = await ranWorld();
    const { exitCode, stdout, stderr } = await world.run(['outcome', ...line]);
    expect(exitCode).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(rowsIn(world)).toEqual([]);
  });
});

describe('commands that check an answer', () => {
  const outcomesOf = async (command: string): Promise<Row[]> => {
    const world = await createWorld();
    writeFileSync(
      join(world.directory, 'project.yaml'),
      `project: Write\ncriteria: Good\ntasks:\n  - {id: a, type: summarization, prompt: Do a., validators: [{command: "${command}"}]}\n`,
    );
    await world.run(['run', '--file', 'project.yaml', '--project-id', 'mine']);
    return rowsIn(world);
  };

  it.each([
    ['grep -q answer', 1],
    ['exit 3', 0],
  ])('are an outcome: %s', async (command, value) => {
    expect(await outcomesOf(command)).toMatchObject([
      { project_id: 'mine', task_id: 'a', source: 'test', value, sampled: 1 },
    ]);
  });

  it.each(['no-such-program-here', 'exit 126'])(
    'are none where they could not do their work: %s',
    async (command) => {
      expect(await outcomesOf(command)).toEqual([]);
    },
  );
});
