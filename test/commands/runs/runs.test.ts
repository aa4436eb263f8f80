import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunOverview } from '../../../source/domain/run-report.ts';
import { startProgram } from '../../support/program.ts';
import { createWorld, wellBehaved, type World } from '../support/world.ts';

const argv = 'run --project Write --criteria Good --project-id mine --concurrency 1'.split(' ');

async function program(world: World, ...line: string[]) {
  const started = startProgram(line, {
    environment: world.environment,
    workingDirectory: world.directory,
  });
  const { exitCode } = await started.ended;
  return { exitCode, stdout: started.stdout(), stderr: started.stderr() };
}

/** The first answer of the second task is weak, and its first critique says why. */
const demanding = () => {
  let judged = 0;
  return createWorld((asked) => {
    if (asked.role === 'critic') return { text: 'The second line is missing.' };
    if (asked.role === 'judge' && asked.section('task') === 'Do second.') {
      judged += 1;
      return { text: JSON.stringify({ score: judged > 2 ? 0.95 : 0.55, reason: 'as it is' }) };
    }
    return wellBehaved(asked);
  });
};

describe('runs', () => {
  it('lists what has run, in fields that programs rely on', async () => {
    const world = await demanding();
    expect((await program(world, 'runs', '--json')).stdout).toBe('[]\n');
    expect((await program(world, 'runs')).stdout).toContain('no run here yet');
    expect((await program(world, ...argv)).exitCode).toBe(0);
    const { exitCode, stdout } = await program(world, 'runs', '--json');
    expect(exitCode).toBe(0);
    const [run, ...others] = JSON.parse(stdout) as RunOverview[];
    expect(others).toEqual([]);
    expect(Object.keys(run ?? {})).toEqual(
      'projectId startedAt status tasks averageQuality spentUsd budgetUsd models'.split(' '),
    );
    expect(run).toMatchObject({ projectId: 'mine', status: 'success', tasks: 2, budgetUsd: 8 });
    expect(run?.averageQuality).toBeCloseTo((0.9 + 0.95) / 2, 10);
    expect((await program(world, 'runs')).stdout).toMatch(/mine +success +2 +0\.925/);
  });

  it('shows one: attempts, why each was followed by another, critiques, scores, files', async () => {
    const world = await demanding();
    await program(world, ...argv);
    const { stdout } = await program(world, 'runs', 'mine', '--json');
    const { tasks } = JSON.parse(stdout) as {
      tasks: { taskId: string; file: string; attempts: Record<string, unknown>[] }[];
    };
    const second = tasks.find(({ taskId }) => taskId === 'second');
    expect(second?.attempts).toMatchObject([
      {
        attempt: 1,
        score: 0.55,
        critiques: [{ text: 'The second line is missing.' }],
        judgements: [{ score: 0.55 }, { score: 0.55 }],
        followedBecause:
          'Its score of 0.55 is below the 0.80 from which summarization is accepted.',
      },
      { attempt: 2, score: 0.95, followedBecause: null },
    ]);
    expect(readFileSync(second?.file ?? '', 'utf8')).toContain('An answer of');
    const text = (await program(world, 'runs', 'mine')).stdout;
    expect(text).toContain('The second line is missing.');
    expect(text).toContain(`File: ${second?.file ?? ''}`);
    expect(existsSync(join(world.cache, 'runs', 'mine', 'events.jsonl'))).toBe(true);
  });

  it.each([
    [['runs', 'nobody'], 1, /There is no run nobody here: orchestrator runs lists/],
    [['runs', '../mine'], 2, /cannot name a run/],
    [['runs', '--limit', '0'], 2, /--limit 0 is not a whole number from 1/],
    [['runs', '--db', '.'], 1, /is not a telemetry database: name another file/],
    [['runs', '--db', 'package.json'], 1, /is not a telemetry database: name another file/],
    [['runs', '--db', 'nothing.db'], 1, /There is no history at/],
    [['runs', 'one', 'two'], 2, /takes one ID/],
  ])('%j ends with %i and one sentence', async (line, code, sentence) => {
    const world = await createWorld();
    const { exitCode, stdout, stderr } = await world.run(line);
    expect(exitCode).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('a run that was not finished', () => {
  it('says how to go on, and nothing of it is said to run', async () => {
    const world = await createWorld();
    await program(world, ...argv);
    const journal = join(world.cache, 'runs', 'mine', 'events.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    const end = lines.findIndex((line) => line.includes('"type":"attempt-finished"'));
    // As a process that was killed leaves it, an hour ago.
    const before = lines
      .slice(0, end)
      .map((line) => line.replaceAll(/"at":(\d+)/g, (_, at) => `"at":${Number(at) - 3600}`));
    writeFileSync(journal, `${before.join('\n')}\n`);
    const { stdout } = await program(world, 'runs', 'mine');
    expect(stdout).toMatch(/^mine {2}interrupted$/m);
    expect(stdout).toMatch(/^first {2}summarization {2}interrupted/m);
    expect(stdout).not.toContain('running');
    expect(stdout).toContain('Resume with: orchestrator run --resume mine');
  });

  it('whose journal is gone says where its results and its numbers are', async () => {
    const world = await createWorld();
    await program(world, ...argv);
    rmSync(join(world.cache, 'runs', 'mine', 'events.jsonl'));
    const { exitCode, stderr } = await program(world, 'runs', 'mine');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`its results lie in ${join(world.cache, 'runs', 'mine')}`);
  });

  it('counts with what was found of its results, beside what judges gave', async () => {
    const world = await createWorld();
    await program(world, ...argv);
    expect((await program(world, 'runs', 'mine')).stdout).toContain('quality 0.900,');
    await program(world, 'outcome', 'mine/first', 'bad');
    expect((await program(world, 'runs', 'mine')).stdout).toContain(
      'quality 0.900 by judges and 0.450 with outcomes',
    );
  });
});

describe('a check by program that an answer does not pass', () => {
  it('is shown where its run is opened', async () => {
    const world = await createWorld();
    writeFileSync(
      join(world.directory, 'project.yaml'),
      'project: Write\ncriteria: Good\ntasks:\n  - {id: a, type: summarization, prompt: Do a., validators: [{contains: nowhere}]}\n',
    );
    await world.run(['run', '--file', 'project.yaml', '--project-id', 'mine']);
    const { stdout } = await world.run(['runs', 'mine']);
    expect(stdout).toContain('Check failed: The output does not contain "nowhere".');
    expect(stdout).toContain('Followed by another: It did not pass its checks');
  });
});
