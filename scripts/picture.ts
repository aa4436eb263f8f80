import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { svgOf } from './screen-svg.ts';
import { openTerminal, type Terminal } from '../test/support/terminal.ts';

/**
 * Draws the pictures of the documentation: the program itself, in a terminal, on the history of the
 * simulator; text and colours are those of the terminal's own buffer. `node scripts/picture.ts`
 * makes them anew from the current build.
 */
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const pictures = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const example = fileURLToPath(new URL('../examples/rate-limiter.yaml', import.meta.url));

const columns = 120;
const rows = 32;

const shots: { name: string; keys: string[]; wanted: string }[] = [
  { name: 'overview', keys: [], wanted: 'TASK-TYPE LEADERS' },
  { name: 'routes', keys: ['2', '+', '+', '+'], wanted: 'WHAT IF' },
  { name: 'route', keys: ['2', '\r'], wanted: 'gets it:' },
  { name: 'cost', keys: ['3'], wanted: 'SPEND BY DAY' },
  { name: 'recommendations', keys: ['4'], wanted: 'RECOMMENDATIONS' },
  { name: 'model', keys: ['\r'], wanted: 'LAST EVENTS' },
  { name: 'runs', keys: ['5'], wanted: 'of this machine' },
  { name: 'written', keys: ['5', '\r', 'g', '\r', '\r'], wanted: 'Attempt 1' },
];

/** A frame may arrive in pieces: the picture is of a screen that has come to rest. */
async function rest(terminal: Terminal): Promise<void> {
  for (let before = ''; before !== terminal.output();) {
    before = terminal.output();
    await pause(500);
  }
}

type World = { environment: NodeJS.ProcessEnv; directory: string };

const open = (args: string[], { environment, directory }: World): Terminal =>
  openTerminal({
    columns,
    rows,
    file: process.execPath,
    args: [cli, ...args],
    environment,
    workingDirectory: directory,
  });

const draw = (name: string, terminal: Terminal): void =>
  writeFileSync(join(pictures, `${name}.svg`), svgOf(terminal.screen));

async function drawHistory(world: World): Promise<void> {
  const database = join(world.directory, 'demo', 'telemetry.db');
  for (const { name, keys, wanted } of shots) {
    for (const name of readdirSync(world.directory)) {
      if (name.startsWith('dashboard')) rmSync(join(world.directory, name));
    }
    const terminal = open(['dashboard', '--db', database], world);
    await terminal.waitFor('MODEL RANKINGS', 60_000);
    for (const key of keys) {
      terminal.send(key);
      await rest(terminal);
    }
    await terminal.waitFor(wanted);
    await rest(terminal);
    draw(name, terminal);
    terminal.send('q');
    await terminal.ended;
    terminal.close();
  }
}

/** A run is never at rest: it is drawn in the middle of its way. */
async function drawRun(world: World): Promise<void> {
  const terminal = open(['run', '--simulate', '--file', example, '--watch'], world);
  await terminal.waitFor(/[1-5]\/6 tasks/, 60_000);
  draw('run', terminal);
  await terminal.waitFor('The run has ended', 60_000);
  terminal.send('q');
  await terminal.ended;
  terminal.close();
}

const directory = mkdtempSync(join(tmpdir(), 'picture-'));
try {
  const environment = { ...process.env, ORCHESTRATOR_CACHE_DIR: directory, HOME: directory };
  execFileSync(process.execPath, [cli, 'demo', '--plain', '--runs', '12', '--seed', '1'], {
    env: environment,
    stdio: 'ignore',
  });
  mkdirSync(pictures, { recursive: true });
  await drawHistory({ environment, directory });
  await drawRun({ environment, directory });
} finally {
  rmSync(directory, { recursive: true, force: true });
}
