import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildBundles } from '../scripts/bundle.ts';
import { newScreen, openTerminal, type Terminal } from '../test/support/terminal.ts';
import { quantile, type Figure, type Stage } from './dashboard/figures.ts';
import { keysToFrames } from './dashboard/keys.ts';
import { addRun, makeDatabase } from './support/dashboard-database.ts';
import { processorSeconds } from './support/processor.ts';
import { makeRuns } from './support/run-journals.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** The program itself in a terminal; `exec`, so that the terminal's process is the program's. */
function open(stage: Stage, columns: number, rows: number, screen?: [number, number]): Terminal {
  // What an earlier part left open would be remembered.
  rmSync(join(stage.directory, 'cache'), { recursive: true, force: true });
  return openTerminal({
    columns,
    rows,
    file: process.execPath,
    args: [cli, 'dashboard', '--db', stage.database],
    environment: { ORCHESTRATOR_CACHE_DIR: join(stage.directory, 'cache'), HOME: stage.directory },
    workingDirectory: stage.directory,
    ...(screen === undefined ? {} : { screen: newScreen(...screen) }),
  });
}

async function shown(stage: Stage, columns = 120, rows = 40): Promise<Terminal> {
  const terminal = open(stage, columns, rows);
  await terminal.waitFor(/\d runs? .*live/, 60_000);
  await terminal.waitFor(/provider-\d/, 60_000);
  await rest(terminal);
  return terminal;
}

/** Waits until nothing has been written for a while. */
async function rest(terminal: Terminal, quietMs = 400): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const before = terminal.output().length;
    await pause(quietMs);
    if (terminal.output().length === before) return;
  }
  throw new Error(`the screen never rests:\n${terminal.text()}`);
}

async function leave(terminal: Terminal): Promise<void> {
  terminal.send('q');
  await terminal.ended;
  terminal.close();
}

const heldKeyMs = 33;

/** Milliseconds from the keys to the end of the next frame. */
async function timeToFrame(terminal: Terminal, keys: string): Promise<number> {
  const from = terminal.output().length;
  // As fast as a held key repeats; without a pause the emulator's own work would be measured too.
  await pause(heldKeyMs);
  const start = performance.now();
  terminal.send(keys);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      listener.dispose();
      reject(new Error(`no frame after ${JSON.stringify(keys)}\n${terminal.text()}`));
    }, 10_000);
    const listener = terminal.pty.onData(() => {
      // Ink ends each frame so.
      if (!terminal.output().slice(from).includes('\u001B[?2026l')) return;
      clearTimeout(timer);
      listener.dispose();
      resolve(performance.now() - start);
    });
  });
}

const residentMegabytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

async function atRest(stage: Stage, quietSeconds: number): Promise<Figure[]> {
  const terminal = await shown(stage);
  // What Node does once after the start is not idling.
  await pause(8000);
  const bytes = terminal.output().length;
  const before = processorSeconds(terminal.pty.pid);
  const start = performance.now();
  await pause(quietSeconds * 1000);
  const share =
    (processorSeconds(terminal.pty.pid) - before) / ((performance.now() - start) / 1000);
  const written = terminal.output().length - bytes;
  await leave(terminal);
  return [
    {
      what: `bytes written in ${quietSeconds} s without change`,
      asked: '0',
      measured: written,
      unit: 'B',
      ok: written === 0,
    },
    {
      what: `processor while idle over ${quietSeconds} s`,
      asked: '< 0.5',
      measured: share * 100,
      unit: '% of a core',
      ok: share < 0.005,
    },
  ];
}

async function newsOnScreen(stage: Stage, rounds: number): Promise<Figure[]> {
  const terminal = await shown(stage);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const runs = Number(/([\d,]+) runs/.exec(terminal.text())?.[1]?.replaceAll(',', ''));
    const next = (runs + 1).toLocaleString('en-US');
    await pause(137);
    addRun(stage.database, `news-${performance.now()}-${round}`);
    const committed = performance.now();
    await terminal.waitFor(`${next} runs`);
    times.push(performance.now() - committed);
  }
  await leave(terminal);
  const longest = Math.max(...times);
  return [
    {
      what: `row of another process on screen, longest of ${rounds}`,
      asked: '≤ 500',
      measured: longest,
      unit: 'ms',
      ok: longest <= 500,
    },
  ];
}

async function resizeBurst(stage: Stage): Promise<Figure[]> {
  const terminal = await shown(stage, 120, 40);
  const from = terminal.output().length;
  for (let step = 1; step <= 30; step += 1) {
    terminal.resize(120 - step, 40 - (step % 12));
    await pause(8);
  }
  terminal.resize(100, 30);
  await rest(terminal);
  const frames = terminal.output().slice(from).split('\u001B[?2026l').length - 1;
  const fresh = await shown(stage, 100, 30);
  const leftovers = fresh.lines().filter((line, index) => line !== terminal.lines()[index]).length;
  await leave(terminal);
  await leave(fresh);
  return [
    {
      what: 'frames after a burst of 30 resizes',
      asked: '≤ 3',
      measured: frames,
      unit: 'frames',
      ok: frames > 0 && frames <= 3,
    },
    {
      what: 'lines with leftovers after it',
      asked: '0',
      measured: leftovers,
      unit: 'lines',
      ok: leftovers === 0,
    },
  ];
}

/** The terminal tells its size small and is large: what does not fit shows outside. */
async function overflows(stage: Stage, most: number): Promise<Figure[]> {
  const all: [number, number][] = [
    [20, 6],
    [40, 10],
    [300, 100],
    [120, 30],
    [39, 10],
    [60, 20],
    [80, 24],
    [119, 29],
    [200, 60],
  ];
  const sizes = all.slice(0, most);
  let count = 0;
  for (const [columns, rows] of sizes) {
    const terminal = open(stage, columns, rows, [columns + 40, rows + 10]);
    await terminal.waitFor(/live|Too small/, 30_000);
    await rest(terminal, 200);
    for (const key of ['2', '3', '4', '5', '?', '1', '\r']) {
      terminal.send(key);
      await rest(terminal, 60);
      const lines = terminal.lines();
      const outside = lines
        .slice(rows)
        .concat(lines.map((line) => line.slice(columns)))
        .filter((text) => text.trim() !== '');
      count += outside.length === 0 ? 0 : 1;
    }
    await leave(terminal);
  }
  return [
    {
      what: `frames beyond the terminal, ${sizes.length} sizes × 7 views`,
      asked: '0',
      measured: count,
      unit: 'frames',
      ok: count === 0,
    },
  ];
}

async function memory(stage: Stage, refreshes: number): Promise<Figure[]> {
  const terminal = await shown(stage);
  const chunk = 20;
  const samples: number[] = [];
  for (let done = 0; done < refreshes; done += chunk) {
    // Each of the keys reads the database as a whole; every second one moves the screen.
    await timeToFrame(terminal, `${'r'.repeat(chunk - 1)}${(done / chunk) % 20 < 10 ? 'j' : 'k'}r`);
    samples.push(residentMegabytes(terminal.pty.pid));
  }
  await leave(terminal);
  // It rises until the collector comes: one look may be just before, and another just after.
  const between = (from: number, to: number): number =>
    quantile(samples.slice(samples.length * from, samples.length * to), 0.5);
  const base = between(0.2, 0.4);
  const end = between(0.8, 1);
  const growth = (end / base - 1) * 100;
  return [
    {
      what: `memory after ${refreshes.toLocaleString('en-US')} refreshes`,
      asked: '≤ 150',
      measured: end,
      unit: 'MB',
      ok: end <= 150,
    },
    {
      what: 'its growth over the last 70% of them',
      asked: '≤ 10',
      measured: growth,
      unit: '%',
      ok: growth <= 10,
    },
  ];
}

async function restores(stage: Stage): Promise<Figure[]> {
  const ways: ((terminal: Terminal) => void)[] = [
    (terminal) => terminal.send('q'),
    (terminal) => terminal.send('\u0003'),
    ...(['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
      (signal) => (terminal: Terminal) => process.kill(terminal.pty.pid, signal),
    ),
  ];
  let broken = 0;
  for (const way of ways) {
    const terminal = await shown(stage, 80, 24);
    way(terminal);
    await terminal.ended;
    const isWhole =
      terminal.screen.buffer.active.type === 'normal' &&
      terminal.screen.modes.mouseTrackingMode === 'none' &&
      terminal.output().lastIndexOf('\u001B[?25h') > terminal.output().lastIndexOf('\u001B[?25l');
    broken += isWhole ? 0 : 1;
    terminal.close();
  }
  return [
    {
      what: 'shells left broken by q, Ctrl+C, SIGINT, SIGTERM, SIGHUP',
      asked: '0',
      measured: broken,
      unit: 'shells',
      ok: broken === 0,
    },
  ];
}

/** From the start of the process to the first frame with data, beside a Node that does nothing. */
async function start(stage: Stage, rounds: number): Promise<Figure[]> {
  const times: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    let begin = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    bare.push(performance.now() - begin);
    begin = performance.now();
    const terminal = open(stage, 120, 40);
    await terminal.waitFor(/provider-\d/, 60_000);
    times.push(performance.now() - begin);
    await leave(terminal);
  }
  const median = quantile(times, 0.5);
  return [
    {
      what: 'start to first frame with data (small history)',
      asked: '—',
      measured: median,
      unit: 'ms',
      ok: true,
    },
    {
      what: 'the same, as a multiple of node -e 0',
      asked: '—',
      measured: median / quantile(bare, 0.5),
      unit: '×',
      ok: true,
    },
  ];
}

/**
 * The figures of the dashboard, on the program itself in a terminal. Short by default; `--full`
 * takes 1,000,000 events, 20 s of rest and 10,000 refreshes.
 */
export async function run(options: { json: boolean; args: string[] }): Promise<void> {
  const isFull = options.args.includes('--full');
  if (!existsSync(cli)) await buildBundles();
  const directory = mkdtempSync(join(tmpdir(), 'dashboard-bench-'));
  try {
    const large: Stage = { directory, database: join(directory, 'large.db') };
    const small: Stage = { directory, database: join(directory, 'small.db') };
    const events = isFull ? 1_000_000 : 100_000;
    await makeDatabase(large.database, events);
    await makeDatabase(small.database, 5000);
    makeRuns(join(directory, 'runs'), 2000);
    const parts: Record<string, () => Promise<Figure[]>> = {
      rest: () => atRest(large, isFull ? 20 : 6),
      news: () => newsOnScreen(large, isFull ? 20 : 6),
      keys: () => keysToFrames(large, isFull ? 60 : 20),
      resize: () => resizeBurst(small),
      sizes: () => overflows(small, isFull ? 9 : 4),
      memory: () => memory(small, isFull ? 10_000 : 1000),
      shell: () => restores(small),
      start: () => start(small, 5),
    };
    // Any of the names takes that part alone.
    const chosen = Object.keys(parts).filter((name) => options.args.includes(name));
    const figures: Figure[] = [];
    for (const name of chosen.length === 0 ? Object.keys(parts) : chosen) {
      if (!options.json) console.error(`measuring ${name} …`);
      figures.push(...((await parts[name]?.()) ?? []));
    }
    report(figures, events, options.json);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function report(figures: readonly Figure[], events: number, json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ events, models: 50, figures }));
    return;
  }
  console.log(`dashboard, 50 models, ${events.toLocaleString('en-US')} events\n`);
  const width = Math.max(...figures.map(({ what }) => what.length));
  for (const { what, asked, measured, unit, ok } of figures) {
    const number = measured.toFixed(Number.isInteger(measured) ? 0 : 2);
    console.log(
      `${ok ? 'ok  ' : 'MISS'}  ${what.padEnd(width)}  asked ${asked.padStart(6)}  measured ${number.padStart(8)} ${unit}`,
    );
  }
}
