import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { openTerminal } from '../../test/support/terminal.ts';
import { median, times } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

/** Milliseconds from starting a program in a terminal to text that matches; the process is ended then. */
async function untilShown(args: string[], text: RegExp, cache: string): Promise<number> {
  const start = performance.now();
  const terminal = openTerminal({
    columns: 120,
    rows: 40,
    file: process.execPath,
    args,
    environment: { ORCHESTRATOR_CACHE_DIR: cache, HOME: cache },
    workingDirectory: root,
  });
  try {
    await terminal.waitFor(text, 60_000);
    return performance.now() - start;
  } finally {
    // To its end, at which Node keeps what it compiled for the next start.
    terminal.send('q');
    if (args[0] === cli) await terminal.ended;
    terminal.close();
  }
}

/** First screens with their numbers, in turns with a bare Ink program, so that both see the same machine. */
export async function firstScreens(
  databases: Record<string, string>,
  runs: number,
  cache: string,
  /** What is done to a database before each start. */
  before: (name: string) => void = () => {},
): Promise<Record<string, number>> {
  const directory = mkdtempSync(join(root, '.bench-ink-'));
  const hello = join(directory, 'hello.mjs');
  writeFileSync(
    hello,
    `import { createElement } from 'react';
     import { render, Text } from 'ink';
     render(createElement(Text, null, 'hello world'));
     setTimeout(() => {}, 60_000);`,
  );
  const taken: Record<string, number[]> = { ink: [] };
  try {
    for (let run = 0; run < runs; run += 1) {
      taken['ink']?.push(await untilShown([hello], /hello world/, cache));
      for (const [name, path] of Object.entries(databases)) {
        before(name);
        const time = await untilShown(
          [cli, 'dashboard', '--db', path],
          /\d q:0\.\d|0\.\d{3}/,
          cache,
        );
        (taken[name] ??= []).push(time);
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
}

function run(words: string[]): void {
  execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** How many times `node -e 0` a command that prints and ends takes. */
export async function printedAgainstNode(args: string[], runs: number): Promise<number> {
  run([cli, ...args]);
  const ratios: number[] = [];
  for (let round = 0; round < runs; round += 1) {
    const [bare = 1] = await times(1, () => run(['-e', '0']));
    const [printed = 0] = await times(1, () => run([cli, ...args]));
    ratios.push(printed / bare);
  }
  return median(ratios);
}
