import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
import type { Job, JobResult } from './job.ts';
import { killRemains } from './processes.ts';
import { removeScratch } from './scratch.ts';

/** What is kept of what a program writes, from the end. */
const keptBytes = 16_000;
/** How long the end of its output is waited for once it and all its children have ended. */
const outputGraceMs = 200;

export type Supervised = {
  result: Promise<JobResult>;
  /** Ends the program and everything it started; nothing of it is left afterwards. */
  stop: () => void;
};

/** Runs a program in a scratch folder of its own, and sees to it that it leaves nothing behind. */
export function supervise(job: Extract<Job, { kind: 'run' }>): Supervised {
  const { directory } = job;
  let leader: number | undefined;
  const cleanUp = (): void => {
    killRemains(leader, directory);
    removeScratch(directory);
  };
  const run = async (): Promise<JobResult> => {
    try {
      return await runIn(job, (pid) => {
        leader = pid;
      });
    } catch (error) {
      return { status: 'failed', message: messageOf(error) };
    } finally {
      cleanUp();
    }
  };
  return { result: run(), stop: cleanUp };
}

function runIn(
  job: Extract<Job, { kind: 'run' }>,
  onStart: (pid: number | undefined) => void,
): Promise<JobResult> {
  const { directory, file, program, args, environment, timeoutMs } = job;
  mkdirSync(directory, { mode: 0o700 });
  const path = join(directory, file.name);
  writeFileSync(path, file.content, { mode: 0o600, flag: 'wx' });
  // A file, not a pipe: it has an end, and no reader is needed.
  const input = openSync(path, 'r');
  const child = spawn(program, args, {
    cwd: directory,
    detached: true,
    stdio: [input, 'pipe', 'pipe'],
    env: environment,
  });
  closeSync(input);
  onStart(child.pid);
  let kept = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => {
    kept = Buffer.concat([kept, chunk.subarray(-keptBytes)]).subarray(-keptBytes);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const output = (): string => kept.toString('utf8');
  return new Promise((resolve) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killRemains(child.pid, directory);
    }, timeoutMs);
    child.once('error', () => {
      clearTimeout(timer);
      resolve({ status: 'not-found' });
    });
    // Its own end counts, not the end of its output: what it left running may hold that open.
    child.once('exit', (code) => {
      clearTimeout(timer);
      killRemains(child.pid, directory);
      const settle = (): void =>
        resolve(
          timedOut
            ? { status: 'timed-out', output: output() }
            : { status: 'exited', code, output: output() },
        );
      const grace = setTimeout(settle, outputGraceMs);
      child.once('close', () => {
        clearTimeout(grace);
        settle();
      });
    });
  });
}
