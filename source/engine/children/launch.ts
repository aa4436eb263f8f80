import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { onAbort } from '../../domain/abort.ts';
import { cleanEnvironment } from './environment.ts';
import type { Job, JobResult } from './job.ts';
import { createLimit } from './limit.ts';

/** Programs of the user's at once, over all tasks. */
const mostAtOnce = 4;
/** How long after its time a launcher is waited for; its own clock began later. */
const launcherGraceMs = 10_000;

const limit = createLimit(mostAtOnce);

export type Launched = JobResult | { status: 'stopped' };

/**
 * Runs a program through a launcher: nothing of our environment reaches it or its parent, and nothing of
 * it outlives its time, the run, or this process.
 */
export function launch(
  job: Extract<Job, { kind: 'run' }>,
  signal?: AbortSignal,
): Promise<Launched> {
  return limit(async () => {
    const ended = await superviseIn(job, signal);
    // Killed by what it ran: that must not get away for it.
    if (ended === undefined) await sweep(job.directory);
    return ended ?? { status: 'failed', message: 'the program ended the process that watches it' };
  });
}

function superviseIn(
  job: Extract<Job, { kind: 'run' }>,
  signal?: AbortSignal,
): Promise<Launched | undefined> {
  return new Promise((resolve) => {
    const launcher = startLauncher(job);
    let stopped = false;
    let written = '';
    launcher.stdout.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
    const stop = (): void => {
      stopped = true;
      launcher.stdin.end();
    };
    const timer = setTimeout(() => launcher.kill('SIGKILL'), job.timeoutMs + launcherGraceMs);
    const off = onAbort(signal, stop);
    const settle = (result: Launched | undefined): void => {
      clearTimeout(timer);
      off();
      resolve(result);
    };
    launcher.once('error', (error) => settle({ status: 'failed', message: error.message }));
    launcher.once('close', () => {
      settle(stopped ? { status: 'stopped' } : resultIn(written));
    });
  });
}

function startLauncher(job: Job) {
  const launcher = spawn(process.execPath, ['--max-old-space-size=256', launcherFile()], {
    cwd: dirname(process.execPath),
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: cleanEnvironment(process.env),
  });
  // That it has gone is known by its end.
  launcher.stdin.on('error', () => {});
  launcher.stdin.write(`${JSON.stringify(job)}\n`);
  return launcher;
}

function sweep(directory: string): Promise<void> {
  return new Promise((resolve) => {
    const launcher = startLauncher({ kind: 'sweep', directory });
    launcher.once('error', () => resolve());
    launcher.once('close', () => resolve());
  });
}

function resultIn(written: string): JobResult | undefined {
  try {
    const result: JobResult = JSON.parse(written);
    return result;
  } catch {
    // It was killed before it had written anything.
    return undefined;
  }
}

/** The bundled launcher: beside this chunk, or from the sources in the build. */
function launcherFile(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(isSource ? '../../../dist/launcher.js' : './launcher.js', import.meta.url),
  );
}
