import { Console } from 'node:console';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDashboard, type DashboardOptions } from '../../source/dashboard/index.ts';
import { clipboardSequence } from '../../source/dashboard/terminal/clipboard.ts';
import { mockInsight, someNow } from '../support/insight.ts';
import { runEvents, runReport, runState } from '../support/runs.ts';
import { scenarioReader, writeScenario } from '../support/scenario.ts';
import { linesOf, newScreen } from '../support/terminal.ts';

let directory: string;

// Ink keeps the console off the screen and needs its class, which the test runner's lacks.
Object.assign(globalThis.console, { Console });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'run-dashboard-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A terminal within this process: streams that claim to be one, drawn on a screen. */
function fakeTerminal(columns: number, rows: number) {
  const screen = newScreen(columns, rows);
  // A terminal's driver does this for a program.
  screen.options.convertEol = true;
  const rawModes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(isRaw: boolean) {
      rawModes.push(isRaw);
      return stdin;
    },
    ref: () => stdin,
    unref: () => stdin,
  });
  let output = '';
  const out = new PassThrough();
  out.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    screen.write(chunk);
  });
  const stdout = Object.assign(out, { isTTY: true, columns, rows });
  const text = () => linesOf(screen).join('\n');
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    rawModes,
    output: () => output,
    send: (keys: string) => stdin.write(keys),
    resize(columns: number, rows: number) {
      Object.assign(stdout, { columns, rows });
      screen.resize(columns, rows);
      stdout.emit('resize');
    },
    async waitFor(wanted: string) {
      await expect.poll(text, { timeout: 10_000 }).toContain(wanted);
    },
  };
}

type FakeTerminal = ReturnType<typeof fakeTerminal>;

function optionsFor(terminal: FakeTerminal, changes: Partial<DashboardOptions> = {}) {
  const scenario = join(directory, 'scenario.json');
  writeScenario(scenario, { reading: { status: 'ready', insight: mockInsight() } });
  const options: DashboardOptions = {
    reader: scenarioReader(scenario, join(directory, 'telemetry.db')),
    liveRuns: { read: () => [], close() {} },
    clock: () => someNow,
    days: 30,
    refreshMs: 20,
    simulated: true,
    preferencesPath: join(directory, 'cache', 'dashboard.json'),
    flagsGiven: { days: false, tab: false },
    exportDirectory: directory,
    environment: { TERM: 'xterm-256color' },
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    ...changes,
  };
  return { options, scenario };
}

describe('runDashboard', () => {
  it('draws, follows keys and sizes, remembers, and resolves with the terminal restored', async () => {
    const terminal = fakeTerminal(120, 40);
    const { options } = optionsFor(terminal);
    const left = runDashboard(options);
    await terminal.waitFor('deepseek-chat');
    await terminal.waitFor('SIMULATED');
    terminal.send('2');
    await terminal.waitFor('ROUTES  6');
    terminal.resize(80, 24);
    await terminal.waitFor('q quit');
    terminal.send('\f');
    terminal.send('t1y');
    await terminal.waitFor('Sent to the terminal');
    terminal.send('q');
    await left;
    expect(terminal.rawModes.at(-1)).toBe(false);
    expect(terminal.output()).toContain('\u001B[?1049l');
    expect(JSON.parse(readFileSync(options.preferencesPath, 'utf8'))).toMatchObject({
      tab: 'overview',
      theme: 'light',
    });
  });

  it('starts with what is remembered, unless a flag says otherwise', async () => {
    writeFileSync(
      join(directory, 'dashboard.json'),
      JSON.stringify({
        tab: 'cost',
        days: 7,
        sorts: { cost: { column: 'model', descending: false } },
      }),
    );
    const terminal = fakeTerminal(120, 40);
    const { options } = optionsFor(terminal, {
      preferencesPath: join(directory, 'dashboard.json'),
      flagsGiven: { days: true, tab: false },
    });
    const left = runDashboard(options);
    await terminal.waitFor('[3 Cost]');
    await terminal.waitFor('last 30 days');
    terminal.send('\u0003');
    await expect(left).resolves.toBeUndefined();
  });

  it('rejects with what reading throws, the terminal restored', async () => {
    const terminal = fakeTerminal(120, 40);
    const { options, scenario } = optionsFor(terminal);
    const left = runDashboard(options);
    await terminal.waitFor('deepseek-chat');
    writeFileSync(scenario, '{');
    await expect(left).rejects.toThrow(/JSON/);
    // Empty when it is left, or tmux would show some of it in the shell.
    expect(terminal.output()).toContain('\u001B[H\u001B[J\u001B[?2004l\u001B[?1049l');
  });

  it('stays on the watched run when it has ended, also one that was never seen in progress', async () => {
    const terminal = fakeTerminal(120, 40);
    let hasEnded = false;
    const run = runState(runEvents('watched'));
    run.finished = { at: someNow, status: 'success', resumable: false };
    const { options } = optionsFor(terminal, {
      runArchive: { list: () => [], read: () => ({ state: run, report: runReport(run) }) },
      watchedRun: 'watched',
      hasRunEnded: () => hasEnded,
    });
    const left = runDashboard(options);
    await terminal.waitFor('Waiting for the first words');
    hasEnded = true;
    await terminal.waitFor('The run has ended.');
    await terminal.waitFor('9/14 tasks');
    terminal.send('q');
    await expect(left).resolves.toBeUndefined();
  });

  it('speaks to a screen reader in lines, a finished task each, and then as text', async () => {
    const terminal = fakeTerminal(120, 60);
    const run = runState(runEvents('watched'));
    run.finished = { at: someNow, status: 'success', resumable: false };
    const { options } = optionsFor(terminal, {
      liveRuns: { read: () => [run], close() {} },
      watchedRun: 'watched',
      environment: { INK_SCREEN_READER: 'true' },
    });
    await runDashboard(options);
    await expect.poll(terminal.output).toContain('MODEL RANKINGS');
    expect(terminal.output()).toContain(
      'Task 1 of 14, code_gen, by deepseek-chat: score 0.92, $0.12, 1 attempt.',
    );
    expect(terminal.output()).not.toContain('\u001B');
    expect(terminal.rawModes).toEqual([true, false]);
  });

  it('speaks once where there is no keyboard, the watched run first', async () => {
    const terminal = fakeTerminal(120, 60);
    const run = runState(runEvents('watched'));
    run.finished = { at: someNow, status: 'success', resumable: false };
    const { options } = optionsFor(terminal, {
      liveRuns: { read: () => [run], close() {} },
      watchedRun: 'watched',
      environment: { INK_SCREEN_READER: 'true' },
      stdin: Object.assign(terminal.stdin, { isTTY: false }),
    });
    await runDashboard(options);
    await expect.poll(terminal.output).toMatch(/Task 9 of 14.*MODEL RANKINGS/s);
    expect(terminal.output()).not.toContain('q quits');
    expect(terminal.rawModes).toEqual([]);
  });

  it('rejects with what reading throws while it speaks, the terminal given back', async () => {
    const terminal = fakeTerminal(120, 60);
    const { options, scenario } = optionsFor(terminal, {
      environment: { INK_SCREEN_READER: 'true' },
    });
    const left = runDashboard(options);
    await expect.poll(terminal.output).toContain('q quits');
    writeFileSync(scenario, '{');
    await expect(left).rejects.toThrow(/JSON/);
    expect(terminal.rawModes).toEqual([true, false]);
  });

  it.each([
    [{ status: 'missing' }, 'There is no history yet'],
    [{ status: 'locked' }, 'is locked by another program'],
    [{ status: 'failed', message: 'disk I/O error' }, 'cannot be read: disk I/O error'],
  ] as const)('tells a screen reader of %o', async (reading, sentence) => {
    const terminal = fakeTerminal(120, 60);
    const { options, scenario } = optionsFor(terminal, {
      environment: { INK_SCREEN_READER: 'true' },
    });
    writeScenario(scenario, { reading });
    const left = runDashboard(options);
    await expect.poll(terminal.output).toContain(sentence);
    terminal.send('q');
    await left;
  });
});

describe('the clipboard', () => {
  it('wraps for screen, and refuses what terminals would drop', () => {
    expect(clipboardSequence('x', { TERM: 'screen' })).toBe(
      '\u001BP\u001B]52;c;eA==\u0007\u001B\\',
    );
    expect(clipboardSequence('x'.repeat(80_000), {})).toBeUndefined();
  });
});
