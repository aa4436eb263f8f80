import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { journalPath, readJournal } from '../../../source/engine/index.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { openProgram, startProgram } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { createWorld, wellBehaved, type World } from '../support/world.ts';

const argv = 'run --project Write --criteria Good --project-id mine --concurrency 1'.split(' ');

const whereOf = ({ environment, directory }: World) => ({
  environment,
  workingDirectory: directory,
});

/** A world whose second task is never answered until it is let go. */
async function worldThatHolds(
  tasks: readonly string[] = ['first', 'second'],
): Promise<{ world: World; letGo: () => void }> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const world = await createWorld(async (asked) => {
    if (asked.role === 'generator' && asked.section('task') === 'Do second.') await held;
    return wellBehaved(asked, tasks);
  });
  return { world, letGo };
}

const generations = ({ server }: World, task: string) =>
  server.asked.filter(({ role, section }) => role === 'generator' && section('task') === task)
    .length;

describe('a run that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'by %s keeps what is done, says how to go on, and ends with %i',
    async (signal, code) => {
      const { world, letGo } = await worldThatHolds();
      const run = startProgram(argv, whereOf(world));
      await run.says('first accepted');
      run.child.kill(signal);
      await run.says('Stopping');
      letGo();
      const { exitCode } = await run.ended;
      expect(exitCode).toBe(code);
      expect(run.stdout()).toContain('Resume with: orchestrator run --resume mine');

      const resumed = startProgram(['run', '--resume', 'mine'], whereOf(world));
      expect((await resumed.ended).exitCode).toBe(0);
      expect(resumed.stdout()).toContain('mine  success  2 tasks');
      expect(generations(world, 'Do first.')).toBe(1);

      const store = openTelemetryStore({ path: join(world.cache, 'telemetry.db'), readonly: true });
      const rankings = await store.modelRankings(1);
      expect(await store.recordedTaskIds('mine')).toEqual(new Set(['first', 'second']));
      await store.close();
      expect(rankings.reduce((sum, { taskCount }) => sum + taskCount, 0)).toBe(2);
      // What was cut off is no failure of the model, so every call that counts has a score.
      expect(rankings.reduce((sum, { callCount }) => sum + callCount, 0)).toBe(2);
    },
  );

  it('twice leaves at once, and can still be continued', async () => {
    const { world, letGo } = await worldThatHolds();
    const run = startProgram(argv, whereOf(world));
    await run.says('first accepted');
    run.child.kill('SIGINT');
    await run.says('Stopping');
    run.child.kill('SIGINT');
    expect(await run.ended).toEqual({ exitCode: 130, signal: null });
    // At once: it did not wait for the call in flight, which would have brought the run to an end.
    const left = readJournal(journalPath(join(world.cache, 'runs'), 'mine'));
    expect(left.map(({ type }) => type)).not.toContain('run-finished');
    letGo();
    const resumed = startProgram(['run', '--resume', 'mine'], whereOf(world));
    expect((await resumed.ended).exitCode).toBe(0);
    expect(generations(world, 'Do first.')).toBe(1);
  });

  it('by kill -9 is continued without paying twice', async () => {
    const { world, letGo } = await worldThatHolds();
    const run = startProgram(argv, whereOf(world));
    await run.says('first accepted');
    run.child.kill('SIGKILL');
    await run.ended;
    letGo();
    const resumed = startProgram(['run', '--resume', 'mine'], whereOf(world));
    expect((await resumed.ended).exitCode).toBe(0);
    expect(generations(world, 'Do first.')).toBe(1);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s routes on by what it saw before, each attempt once',
    async (signal) => {
      const { world, letGo } = await worldThatHolds(['first', 'second', 'third']);
      const run = startProgram(argv, whereOf(world));
      await run.says('first accepted');
      const path = join(world.cache, 'telemetry.db');
      // On disk as history, too, before the run is killed.
      const store = openTelemetryStore({ path, readonly: true });
      await vi.waitFor(async () => expect(await store.recordedTaskIds('mine')).toContain('first'));
      await store.close();
      run.child.kill(signal);
      if (signal === 'SIGINT') await run.says('Stopping');
      letGo();
      await run.ended;
      const resumed = startProgram(['run', '--resume', 'mine'], whereOf(world));
      expect((await resumed.ended).exitCode).toBe(0);
      const events = readJournal(journalPath(join(world.cache, 'runs'), 'mine'));
      const known = events.flatMap((event) =>
        event.type === 'task-routed' && event.taskId === 'third'
          ? event.decision.candidates.map(
              ({ history, runCalls }) => (history?.callCount ?? 0) + runCalls,
            )
          : [],
      );
      expect(known.reduce((sum, calls) => sum + calls, 0)).toBe(2);
    },
  );

  it('cannot be continued elsewhere while it goes on', async () => {
    const { world, letGo } = await worldThatHolds();
    const run = startProgram(argv, whereOf(world));
    await run.says('first accepted');
    const other = startProgram(['run', '--resume', 'mine'], whereOf(world));
    expect((await other.ended).exitCode).toBe(1);
    expect(other.stderr()).toContain('mine');
    letGo();
    expect((await run.ended).exitCode).toBe(0);
  });
});

describe('a run in a terminal', () => {
  it('shows its tasks while it works, and ends as text', async () => {
    const { world, letGo } = await worldThatHolds();
    const terminal = openProgram(argv, whereOf(world));
    await terminal.waitFor('1/2 tasks');
    await terminal.waitFor(/second\s+summarize\s+(alpha|beta)\s+generate/);
    letGo();
    expect((await terminal.ended).exitCode).toBe(0);
    const text = terminal.text();
    expect(text).toContain('mine  success  2 tasks');
    expect(text).toMatch(
      /✓ {2}first {3}summarize {2}(alpha|beta)\s+0\.90 {2}accepted {2}1 attempt/,
    );
    expect(text).not.toContain('1/2 tasks');
  });

  it('asks for what it needs where it was given nothing', async () => {
    const world = await createWorld();
    const terminal = openProgram(['run'], whereOf(world));
    await terminal.waitFor('Project (what to do):');
    terminal.send('Write it\r');
    await terminal.waitFor('Criteria');
    terminal.send('Good\r');
    await terminal.waitFor('Budget in dollars');
    terminal.send('x\r');
    await terminal.waitFor('Give a number above 0');
    terminal.send('3\r');
    expect((await terminal.ended).exitCode).toBe(0);
    expect(terminal.text()).toMatch(/success {2}2 tasks {2}\$[\d.]+ of \$3\.00/);
  });

  it('takes pasted lines for one answer, which starts nothing by themselves', async () => {
    const world = await createWorld();
    const terminal = openProgram(['run'], { ...whereOf(world), columns: 140 });
    await terminal.waitFor('Project (what to do):');
    terminal.send('Write it\rin two parts\r\r4\rand well');
    await terminal.waitFor('Criteria');
    terminal.send('Good\r');
    await terminal.waitFor('Budget in dollars [8]: ');
    terminal.send('3\r');
    expect((await terminal.ended).exitCode).toBe(0);
    expect(terminal.text()).toContain('of $3.00');
    const [run = ''] = readdirSync(join(world.cache, 'runs'));
    const journal = readFileSync(join(world.cache, 'runs', run, 'events.jsonl'), 'utf8');
    expect(journal).toContain('"project":"Write it in two parts 4 and well"');
    expect(journal).toContain('"criteria":"Good"');
  });

  it('asks nothing where there is no model to work with', async () => {
    const directory = temporaryDirectory();
    const terminal = openProgram(['run'], {
      environment: { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory },
      workingDirectory: directory,
    });
    expect((await terminal.ended).exitCode).toBe(1);
    expect(terminal.text()).toContain('No model can be called');
    expect(terminal.text()).not.toContain('Project (what to do)');
  });

  it('starts nothing when the questions are left', async () => {
    const world = await createWorld();
    const terminal = openProgram(['run'], whereOf(world));
    await terminal.waitFor('Project (what to do):');
    terminal.send('\u0003');
    expect((await terminal.ended).exitCode).toBe(130);
    // Compiled code is of the program, and kept from its first start on.
    expect(readdirSync(world.cache)).toEqual(['compile']);
  });

  it('stops on Ctrl+C and says how to go on', async () => {
    const { world, letGo } = await worldThatHolds();
    const terminal = openProgram(argv, whereOf(world));
    await terminal.waitFor('1/2 tasks');
    terminal.send('\u0003');
    await terminal.waitFor('Stopping');
    letGo();
    expect((await terminal.ended).exitCode).toBe(130);
    expect(terminal.text()).toContain('orchestrator run --resume mine');
  });

  it('can be watched in the dashboard, which stays on its end until it is left', async () => {
    const { world, letGo } = await worldThatHolds();
    const terminal = openProgram([...argv, '--watch'], whereOf(world));
    await terminal.waitFor('TASKS  2');
    await terminal.waitFor('1/2 tasks');
    // It opens in the view of its run; above are the others.
    terminal.send('\u001B');
    await terminal.waitFor('RUNS  1  1 in progress');
    letGo();
    await terminal.waitFor(/✓ today .* mine .* success/);
    terminal.send('q');
    expect((await terminal.ended).exitCode).toBe(0);
    expect(terminal.text()).toContain('mine  success  2 tasks');
    expect(terminal.text()).not.toContain('RUNS');
  });
});
