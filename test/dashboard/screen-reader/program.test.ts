import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { createWorld, wellBehaved } from '../../commands/support/world.ts';
import { launcher, openProgram } from '../../support/program.ts';
import { openTerminal } from '../../support/terminal.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const result = {
  taskType: 'summarization',
  model: 'small-model',
  score: 0.8,
  costUsd: 0.25,
  iterations: 1,
  deterministicPassed: true,
};

/** A database of one run, with what writes to it: this process. */
async function openHistory() {
  const directory = temporaryDirectory();
  const path = join(directory, 'telemetry.db');
  const write = async (project: string, task: string, changes: Partial<typeof result> = {}) => {
    const store = openTelemetryStore({ path });
    store.recordRoutingEvent(project, task, { ...result, ...changes });
    await store.close();
  };
  await write('first-run', 'a');
  return { directory, path, write };
}

/** The program on a history of its own. */
async function openSpoken() {
  const { directory, path, write } = await openHistory();
  const terminal = openProgram(['dashboard', '--db', path, '--refresh', '50'], {
    environment: { INK_SCREEN_READER: 'true', ORCHESTRATOR_CACHE_DIR: directory },
    workingDirectory: directory,
    columns: 160,
    rows: 60,
  });
  await terminal.waitFor('q quits.');
  return { terminal, write };
}

describe('the program with a screen reader', () => {
  it('says what another process writes, and writes nothing but text', async () => {
    const { terminal, write } = await openSpoken();
    expect(terminal.text()).toContain('1 run, $0.25 spent, average quality 0.800');
    await write('second-run', 'b', { model: 'large-model', score: 0.95 });
    await terminal.waitFor('Now 2 runs, 1 more; $0.50 spent, $0.25 more.');
    await terminal.waitFor(
      'summarize is now led by large-model, quality 0.95; it was small-model.',
    );
    terminal.send('\u001B[A3');
    await terminal.waitFor('SPEND by model.');
    terminal.send('q');
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    expect(terminal.output()).not.toContain('\u001B');
    // Keys leave no trace between the sentences.
    expect(
      terminal
        .text()
        .split('\n')
        .filter((line) => /^[3q]|\^\[/.test(line)),
    ).toEqual([]);
  });

  it.each([
    ['SIGTERM', 15],
    ['SIGHUP', 1],
    ['SIGINT', 2],
  ] as const)('ends on %s as any program does', async (name, signal) => {
    const { terminal } = await openSpoken();
    process.kill(terminal.pty.pid, name);
    expect(await terminal.ended).toMatchObject({ signal });
    expect(terminal.output()).not.toContain('\u001B');
  });

  it('stops on Ctrl+Z, and goes on with what changed meanwhile', async () => {
    const { path, directory, write } = await openHistory();
    const terminal = openTerminal({
      columns: 160,
      rows: 60,
      file: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      environment: { PS1: 'shell> ', INK_SCREEN_READER: 'true', ORCHESTRATOR_CACHE_DIR: directory },
      workingDirectory: directory,
    });
    onTestFinished(() => terminal.close());
    await terminal.waitFor('shell>');
    terminal.send(`'${process.execPath}' '${launcher}' dashboard --db '${path}' --refresh 50\r`);
    await terminal.waitFor('q quits.');
    terminal.send('\u001A');
    await terminal.waitFor('Stopped');
    await write('second-run', 'b');
    terminal.send('fg\r');
    await terminal.waitFor('Now 2 runs, 1 more');
    terminal.send('q');
    await terminal.waitFor(/more\.\n.*shell> *$/m);
    // The view is not said again.
    expect(terminal.text().match(/MODEL RANKINGS/g)).toHaveLength(1);
  });

  it('tells a run that it watches task by task, and returns when it has ended', async () => {
    const seen = Promise.withResolvers<void>();
    const { environment, directory } = await createWorld(async (asked) => {
      if (asked.role === 'generator' && asked.section('task') === 'Do second.') await seen.promise;
      return wellBehaved(asked);
    });
    const terminal = openProgram(
      'run --project Write --criteria Good --project-id mine --watch'.split(' '),
      {
        environment: { ...environment, INK_SCREEN_READER: 'true' },
        workingDirectory: directory,
        columns: 160,
        rows: 60,
      },
    );
    await terminal.waitFor('Task 1 of 2');
    seen.resolve();
    expect(await terminal.ended).toMatchObject({ exitCode: 0 });
    const text = terminal.text();
    expect(text).toMatch(/Task 1 of 2.*Task 2 of 2.*Run mine ended, success.*MODEL RANKINGS/s);
    expect(text).toContain('mine  success  2 tasks');
    expect(terminal.output()).not.toContain('\u001B');
  });
});
