import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openInsightReader } from '../../../source/telemetry/index.ts';
import { openProgram, startProgram } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** Real runs, which take their time on a machine that does other things as well, in milliseconds. */
const allowedMs = 120_000;

function newcomer() {
  const directory = temporaryDirectory();
  const environment = { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory };
  return { directory, where: { environment, workingDirectory: directory } };
}

it(
  'prints what the simulated runs taught, in a pipe',
  async () => {
    const { directory, where } = newcomer();
    const demo = startProgram(['demo', '--runs', '2'], where);
    expect((await demo.ended).exitCode).toBe(0);
    expect(demo.stderr()).toBe('');
    expect(demo.stdout()).toMatch(/SIMULATED {2}│ {2}\d+ runs/);
    expect(demo.stdout()).toContain('MODEL RANKINGS');
    expect(demo.stdout()).toContain('TASK-TYPE LEADERS');
    // The user's own history is none of the demo's business.
    expect(existsSync(join(directory, 'telemetry.db'))).toBe(false);
  },
  allowedMs,
);

it(
  'spreads what its runs cost over the days of its story, and tells where their results are',
  async () => {
    const { directory, where } = newcomer();
    const demo = startProgram(['demo', '--runs', '1', '--plain'], where);
    expect((await demo.ended).exitCode).toBe(0);
    const path = join(directory, 'demo', 'telemetry.db');
    const reader = openInsightReader({ path, waits: true });
    const reading = reader.read(90);
    reader.close();
    const [run = ''] = readdirSync(join(directory, 'demo', 'runs'));
    const shown = startProgram(['runs', run, '--json'], where);
    await shown.ended;
    const files = [...shown.stdout().matchAll(/"file":"([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) expect(existsSync(file)).toBe(true);
    const days = reading.status === 'ready' ? reading.insight.spendByDay : [];
    expect(days.length).toBeGreaterThanOrEqual(5);
    for (const { costUsd } of days) expect(costUsd).toBeGreaterThan(0);
  },
  allowedMs,
);

it(
  'shows runs as they happen in a terminal, stays, and gives the shell back',
  async () => {
    const { where } = newcomer();
    const terminal = openProgram(['demo', '--runs', '1'], { ...where, columns: 120, rows: 36 });
    await terminal.waitFor('SIMULATED');
    terminal.send('5');
    await terminal.waitFor(/today .*demo-\w+-1/);
    terminal.send('1');
    await terminal.waitFor(/ \d+ runs │/);
    await terminal.waitFor('● live');
    await terminal.waitFor('The demo is over. 4: what to change');
    terminal.send('q');
    expect((await terminal.ended).exitCode).toBe(0);
    expect(terminal.text()).not.toContain('MODEL RANKINGS');
  },
  allowedMs,
);

it(
  'can be left in the middle',
  async () => {
    const { where } = newcomer();
    const terminal = openProgram(['demo'], { ...where, columns: 120, rows: 36 });
    await terminal.waitFor('SIMULATED');
    terminal.send('q');
    expect((await terminal.ended).exitCode).toBe(0);
  },
  allowedMs,
);
