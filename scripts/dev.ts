import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './bundle.ts';

/**
 * `npm run dev -- COMMAND …`: builds, starts the program with these arguments (the demo without any), and
 * does both again whenever a source changes. A build that fails says why and waits for the next change.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);
const commandLine = given.length > 0 ? given : ['demo'];
/** An editor writes a file in several steps, milliseconds apart. */
const settleMs = 150;

let child: ChildProcess | undefined;
let isChanged = true;
let wake: (() => void) | undefined;

async function stop(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function restart(): Promise<void> {
  await stop();
  try {
    await buildBundles();
  } catch {
    // esbuild has printed what is wrong.
    return;
  }
  child = spawn(process.execPath, [`${root}dist/cli.js`, ...commandLine], { stdio: 'inherit' });
}

for (const place of ['source', 'cli.tsx']) {
  watch(`${root}${place}`, { recursive: place === 'source' }, () => {
    isChanged = true;
    wake?.();
  });
}

// The program handles these itself, and leaves its screen in order; nothing is left to watch for then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    void stop().then(() => process.exit());
  });
}

for (;;) {
  while (isChanged) {
    await wait(settleMs);
    isChanged = false;
    await restart();
  }
  await new Promise<void>((resolve) => {
    wake = resolve;
  });
}
