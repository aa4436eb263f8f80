import { dirname } from 'node:path';
import process from 'node:process';
import type { Job } from './job.ts';
import { killRemains } from './processes.ts';
import { removeScratch, removeStale } from './scratch.ts';
import { supervise } from './supervise.ts';

/**
 * A process between this program and one that it runs on a model's answer. Its environment holds no key,
 * so neither does that of the program's parent. Its standard input is its life line: once that ends, as it
 * does when the program that started it is killed, it ends what it runs, cleans up and goes.
 */
let given = '';
let stop: (() => void) | undefined;
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  if (stop !== undefined) return;
  given += text;
  const end = given.indexOf('\n');
  if (end === -1) return;
  stop = start(JSON.parse(given.slice(0, end)));
});

const leave = (): void => {
  stop?.();
  process.exit();
};
process.stdin.on('end', leave);
process.stdin.on('error', leave);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);

/** Begins with a job; returns how to end it before its time. */
function start(job: Job): () => void {
  if (job.kind === 'sweep') {
    killRemains(undefined, job.directory);
    removeScratch(job.directory);
    process.exit();
  }
  removeStale(dirname(job.directory));
  const { result, stop } = supervise(job);
  void result.then((found) => {
    process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit());
    return undefined;
  });
  return stop;
}
