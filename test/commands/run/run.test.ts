import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunEventOf } from '../../../source/domain/run-event.ts';
import type { RoutingDecision } from '../../../source/domain/routing-decision.ts';
import { readJournal } from '../../../source/engine/index.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { runCommandLine } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { costOf, createWorld, price, wellBehaved } from '../support/world.ts';

const project = ['--project', 'Write it', '--criteria', 'It is good', '--budget', '5'];

type Line = { type: string; at: number } & Record<string, unknown>;
const linesOf = (stdout: string): Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('a run on a server of the user', () => {
  it('succeeds and is recorded with what the server charged', async () => {
    const world = await createWorld();
    const { exitCode, stdout, stderr } = await world.run(['run', ...project, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = linesOf(stdout);
    const types = lines.map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['run-started', 'run-finished']);
    for (const type of ['task-started', 'attempt-finished', 'task-finished']) {
      expect(types.filter((one) => one === type)).toHaveLength(2);
    }
    expect(types).toHaveLength(8);
    const last = lines.at(-1);
    expect(last).toMatchObject({ status: 'success', resumable: false });
    expect(last?.['spentUsd']).toBeCloseTo(costOf(world), 9);

    const dashboard = JSON.parse((await world.run(['dashboard', '--json'])).stdout) as {
      summary: object;
      rankings: { callCount: number }[];
    };
    const perCall = (100 * price.input + 50 * price.output) / 1_000_000;
    expect(dashboard.summary).toMatchObject({ runs: 1, averageQuality: 0.9 });
    // Decomposition is the run's, not a task's.
    expect(dashboard.summary).toHaveProperty(
      'totalCostUsd',
      expect.closeTo(costOf(world) - perCall),
    );
    expect(dashboard.rankings.reduce((sum, { callCount }) => sum + callCount, 0)).toBe(2);
  });

  it('refuses an output directory that cannot be one before it spends anything', async () => {
    const world = await createWorld();
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    for (const directory of [file, join(file, 'deeper')]) {
      const flags = ['--json', '--output-dir', directory];
      const { exitCode, stdout, stderr } = await world.run(['run', ...project, ...flags]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^Results cannot be written to .*--output-dir\.\n$/u);
    }
    expect(costOf(world)).toBe(0);
    expect(existsSync(join(world.cache, 'runs'))).toBe(false);
  });

  it('says what was done, what it cost, and where the results lie', async () => {
    const world = await createWorld();
    const { stdout } = await world.run(['run', ...project, '--project-id', 'mine']);
    expect(stdout).toContain('mine  success  2 tasks');
    expect(stdout).toMatch(/Spent on decomposition \$[\d.]+, generation/);
    const results = join(world.cache, 'runs', 'mine');
    expect(stdout).toContain(`Results: ${results}`);
    expect(readdirSync(results).toSorted()).toEqual([
      'events.jsonl',
      'results.jsonl',
      'summary.json',
      'task-first.result.md',
      'task-second.result.md',
    ]);
    expect(readFileSync(join(results, 'task-first.result.md'), 'utf8')).toMatch(
      /^An answer of (alpha|beta)\.\n$/,
    );
  });

  it('keeps prompts and outputs in the journal, readable by the user alone', async () => {
    const world = await createWorld();
    await world.run(['run', ...project, '--project-id', 'mine']);
    const journal = join(world.cache, 'runs', 'mine', 'events.jsonl');
    expect(statSync(journal).mode & 0o777).toBe(0o600);
    expect(statSync(join(world.cache, 'telemetry.db')).mode & 0o777).toBe(0o600);
    expect(statSync(world.cache).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(world.cache, 'telemetry.db')).includes('An answer of')).toBe(false);
  });

  it('takes files and directories wherever they lie', async () => {
    const world = await createWorld();
    const elsewhere = temporaryDirectory();
    const file = join(elsewhere, 'project.yaml');
    writeFileSync(
      file,
      'project: x\ncriteria: y\ntasks: [{id: only, type: summarization, prompt: Do it}]\n',
    );
    const output = join(elsewhere, 'results');
    const { exitCode } = await world.run(['run', '--file', file, '--output-dir', output]);
    expect(exitCode).toBe(0);
    expect(readdirSync(output).toSorted()).toEqual(['summary.json', 'task-only.result.md']);
    await world.run(['run', '--file', file, '--output-dir', 'here']);
    expect(readdirSync(join(world.directory, 'here'))).toContain('task-only.result.md');
  });

  it('writes a log on request, without what was asked or answered', async () => {
    const world = await createWorld();
    await world.run(['run', ...project, '--project-id', 'mine', '--verbose']);
    const log = readFileSync(join(world.cache, 'runs', 'mine', 'run.log'), 'utf8');
    expect(log).toMatch(/first generator call to (alpha|beta): answered, \$0\.002, \d+ ms/);
    expect(log).not.toMatch(/An answer of|Write it/);
  });

  it('moves the dashboard while it executes', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const world = await createWorld(async (asked) => {
      if (asked.role === 'generator' && asked.section('task') === 'Do second.') await held;
      return wellBehaved(asked);
    });
    const running = world.run(['run', ...project]);
    let rankings: { model: string }[] = [];
    while (rankings.length === 0) {
      // The run needs its turns of the event loop.
      await setImmediate();
      const { exitCode, stdout } = await world.run(['dashboard', '--json']);
      if (exitCode === 0) ({ rankings } = JSON.parse(stdout) as { rankings: typeof rankings });
    }
    expect(rankings).toHaveLength(1);
    release?.();
    expect((await running).exitCode).toBe(0);
  });
});

describe('the next run', () => {
  it('starts with what the last one saw', async () => {
    const world = await createWorld();
    await world.run(['run', ...project, '--project-id', 'one']);
    await world.run(['run', ...project, '--project-id', 'two']);
    const decisions = readJournal(join(world.cache, 'runs', 'two', 'events.jsonl'))
      .filter((event): event is RunEventOf<'task-routed'> => event.type === 'task-routed')
      .map(({ decision }) => decision);
    const histories = decisions[0]?.candidates.flatMap(({ history }) => history ?? []) ?? [];
    expect(histories.reduce((sum, { callCount }) => sum + callCount, 0)).toBe(2);
    for (const { qualityScore } of histories) expect(qualityScore).toBeCloseTo(0.9, 12);

    const explained = await world.run(['explain', 'summarization', '--json']);
    const { candidates } = JSON.parse(explained.stdout) as RoutingDecision;
    const calls = candidates.reduce((sum, { history }) => sum + (history?.callCount ?? 0), 0);
    expect(calls).toBe(4);
  });

  it('after ten runs of the simulator has a HOT profile that equals what they saw', async () => {
    const directory = temporaryDirectory();
    const environment = { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory };
    writeFileSync(
      join(directory, 'orchestrator.yaml'),
      'routing: {strategy: greedy, qualityTolerance: 1}\nsupervision: {maxShare: 1}\n',
    );
    const tasks = ['a', 'b', 'c', 'd', 'e', 'f'].map(
      (id) => `  - {id: ${id}, type: summarization, prompt: "Sum up chapter ${id}"}`,
    );
    const file = join(directory, 'project.yaml');
    writeFileSync(file, `project: Sum up\ncriteria: Short\ntasks:\n${tasks.join('\n')}\n`);
    const scores: number[] = [];
    let model = '';
    for (let run = 0; run < 10; run += 1) {
      const id = `run-${run}`;
      await runCommandLine(
        ['run', '--simulate', '--file', 'project.yaml', '--project-id', id, '--json'],
        { environment, workingDirectory: directory },
      );
      for (const event of readJournal(join(directory, 'demo', 'runs', id, 'events.jsonl'))) {
        if (event.type !== 'attempt-finished' || event.score === undefined) continue;
        model ||= event.model;
        if (event.model === model) scores.push(event.score);
      }
    }
    const store = openTelemetryStore({
      path: join(directory, 'demo', 'telemetry.db'),
      readonly: true,
    });
    const profile = await store.loadHistoricalProfile(model, 'summarization');
    await store.close();
    expect(profile?.confidence).toBe('HOT');
    expect(scores.length).toBeGreaterThanOrEqual(50);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    // The runs are seconds apart, so that their weights differ by less than a millionth.
    // But for who judged it: that is taken out.
    expect(profile?.qualityScore).toBeCloseTo(mean, 1);
    expect(existsSync(join(directory, 'telemetry.db'))).toBe(false);
  }, 120_000);
});

describe('bad input', () => {
  async function refusal(argv: readonly string[], files: Record<string, string> = {}) {
    const directory = temporaryDirectory();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const before = readdirSync(directory);
    const { exitCode, stdout, stderr } = await runCommandLine(['run', ...argv], {
      environment: { ORCHESTRATOR_CACHE_DIR: join(directory, 'cache'), HOME: directory },
      workingDirectory: directory,
    });
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(directory)).toEqual(before);
    return { exitCode, stderr };
  }

  it.each([
    [[], 'give --project and --criteria, or --file'],
    [['--project', 'x'], '--project needs --criteria'],
    [['--criteria', 'x'], '--criteria needs --project'],
    [['--project', ' ', '--criteria', 'x'], 'cannot be blank'],
    [['--file', 'p.yaml', '--project', 'x'], 'do not go together'],
    [['--resume', 'x', '--file', 'p.yaml'], 'do not go together'],
    [['--resume', 'x', '--project-id', 'y'], 'leave out --project-id'],
    [[...project, '--budget', '0'], 'can only be set once'],
    [['--project', 'x', '--criteria', 'y', '--budget', '0'], '--budget 0 is not a number from'],
    [['--project', 'x', '--criteria', 'y', '--concurrency', '1.5'], 'not a whole number'],
    [[...project, '--project-id', '..'], '--project-id ".." is not a name'],
    [[...project, '--project-id', '../x'], 'is not a name'],
  ])('%j is wrong usage', async (argv, sentence) => {
    const { exitCode, stderr } = await refusal(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
  });

  it('names the three ways on where there is no model at all', async () => {
    const { exitCode, stderr } = await refusal(project);
    expect(exitCode).toBe(1);
    for (const way of ['OPENAI_API_KEY', 'local server', '--simulate'])
      expect(stderr).toContain(way);
  });

  it.each([
    [['--file', 'absent.yaml'], {}, 'absent.yaml cannot be read'],
    [['--file', 'p.yaml'], { 'p.yaml': 'project: [x\n' }, 'p.yaml:2:1'],
    [['--file', 'p.yaml'], { 'p.yaml': 'project: x\ncriteria: y\nbudget: -1\n' }, 'p.yaml:3:9'],
    [['--file', 'p.yaml'], { 'p.yaml': 'projetc: x\ncriteria: y\n' }, 'projetc is not known'],
    [['--resume', 'absent'], {}, 'There is no run absent to resume'],
    [[...project, '--config', 'absent.yaml'], {}, 'There is no file absent.yaml'],
    [project, { 'orchestrator.yaml': 'routing: {strategy: magic}\n' }, 'orchestrator.yaml:1:'],
  ])('%j with %j is told with its place', async (argv, files, sentence) => {
    const { exitCode, stderr } = await refusal(argv, files);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(sentence);
  });

  it('refuses a model whose price nobody knows, with the line to add', async () => {
    const { exitCode, stderr } = await refusal(project, {
      'orchestrator.yaml':
        'providers: {local: {kind: openai-compatible, baseUrl: "http://127.0.0.1:9/v1"}}\nmodels: [{id: home-made, provider: local}]\n',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('- {id: "home-made", provider: local, price: {input: 0, output: 0}}');
  });

  it('does not run into an earlier run of that name', async () => {
    const world = await createWorld();
    const argv = ['run', ...project, '--project-id', 'mine'];
    await world.run(argv);
    const asked = world.server.asked.length;
    const { exitCode, stderr } = await world.run(argv);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('mine');
    expect(world.server.asked).toHaveLength(asked);
  });

  it('is done at once when a run that succeeded is resumed: no model is asked', async () => {
    const world = await createWorld();
    await world.run(['run', ...project, '--project-id', 'mine']);
    const asked = world.server.asked.length;
    const { exitCode, stdout } = await world.run(['run', '--resume', 'mine']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Results: ${join(world.cache, 'runs', 'mine')}`);
    expect(world.server.asked).toHaveLength(asked);
  });

  it('is tagged by its project file, and the command line comes first', async () => {
    const world = await createWorld();
    const file = join(world.directory, 'project.yaml');
    const run = (tags: string, ...more: string[]) => {
      writeFileSync(file, `project: Write\ncriteria: Good\ntags: ${tags}\n`);
      return world.run(['run', '--file', file, ...more]);
    };
    const tags = ['--tag', 'team=ads', '--tag', 'prompt=v2'];
    expect((await run('{team: search, build: 17}', ...tags)).exitCode).toBe(0);
    const { stdout } = await world.run(['export', '--only', 'tag']);
    expect(linesOf(stdout).map(({ tagName, tagValue }) => [tagName, tagValue])).toEqual([
      ['team', 'ads'],
      ['build', '17'],
      ['prompt', 'v2'],
    ]);
    const many = Array.from({ length: 15 }, (_, index) => `n${index}: x`).join(', ');
    expect(await run(`{${many}}`, ...tags)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/would have 17 tags .*: leave some out, 16 at most in all\./),
    });
  });

  it('records its tags once, however often it is resumed, and the last word of each counts', async () => {
    const world = await createWorld();
    const tagsOf = async (): Promise<unknown[]> => {
      const { stdout } = await world.run(['export', '--only', 'tag']);
      return stdout === ''
        ? []
        : linesOf(stdout).map(({ tagName, tagValue }) => [tagName, tagValue]);
    };
    await world.run(['run', ...project, '--project-id', 'mine', '--tag', 'team=search']);
    const again = ['run', '--resume', 'mine'];
    for (let time = 0; time < 3; time += 1) await world.run(again);
    expect(await tagsOf()).toEqual([['team', 'search']]);
    await world.run([...again, '--tag', 'team=ads', '--tag', 'prompt=v2']);
    const { stdout } = await world.run([...again, '--json']);
    expect(linesOf(stdout)[0]).toMatchObject({ tags: { team: 'ads', prompt: 'v2' } });
    expect(await tagsOf()).toEqual([
      ['team', 'search'],
      ['team', 'ads'],
      ['prompt', 'v2'],
    ]);
    const names = Array.from({ length: 16 }, (_, index) => ['--tag', `n${index}=1`]).flat();
    const { exitCode, stderr } = await world.run([...again, ...names]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/would have 18 tags .*: leave --tag out/),
    });
  });

  it('writes the results of a run that has ended to another folder, and asks no model', async () => {
    const world = await createWorld();
    await world.run(['run', ...project, '--project-id', 'mine']);
    const asked = world.server.asked.length;
    const folder = join(temporaryDirectory(), 'again');
    const argv = ['run', '--resume', 'mine', '--output-dir', folder];
    expect((await world.run(argv)).exitCode).toBe(0);
    const written = (directory: string): string[] =>
      readdirSync(directory).filter((name) => name.includes('.result.'));
    expect(written(folder)).toEqual(written(join(world.cache, 'runs', 'mine')));
    expect(written(folder)).not.toEqual([]);
    expect(world.server.asked).toHaveLength(asked);
  });
});
