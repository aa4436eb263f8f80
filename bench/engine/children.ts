import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

export type ChildOutcome = {
  status: string;
  spentUsd: number;
  taskIds: string[];
  attempts: number;
  maxRssMb: number;
};

/** Bundles the child as the product is bundled: what Node needs to strip types is not to be measured. */
export async function buildChild(): Promise<string> {
  const root = resolve(import.meta.dirname, '../..');
  const directory = join(root, 'node_modules/.cache/orchestrator-bench');
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, 'run-child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'run-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}

export function startChild(script: string, args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
  const ended = new Promise<ChildOutcome | undefined>((settle) => {
    child.once('close', () => {
      const text = Buffer.concat(printed).toString('utf8');
      settle(text === '' ? undefined : JSON.parse(text));
    });
  });
  return { kill: () => child.kill('SIGKILL'), ended };
}
