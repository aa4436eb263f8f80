import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { openWriteQueue } from '../../source/telemetry/write/write-queue.ts';
import { batchOf, taskIdsIn, temporaryDirectory } from './support.ts';

/** A queue whose worker is the given program. */
function openQueue(program?: string) {
  const directory = temporaryDirectory();
  const path = join(directory, 'telemetry.db');
  const notices: string[] = [];
  const workerUrl = pathToFileURL(join(directory, 'worker.mjs'));
  if (program !== undefined) writeFileSync(workerUrl, program);
  const queue = openWriteQueue({
    path,
    notify: (message) => notices.push(message),
    ...(program === undefined ? {} : { workerUrl }),
  });
  onTestFinished(() => queue.close());
  const add = (...taskIds: string[]): void => {
    for (const row of batchOf('1', 1, taskIds).events) queue.add({ events: [row] });
  };
  return { path, queue, notices, add };
}

const nextStart = async (path: string): Promise<void> => {
  await openTelemetryStore({ path }).close();
};

describe('the queue', () => {
  it('survives a worker that cannot start: records wait for the next start', async () => {
    const { path, queue, notices, add } = openQueue('throw new Error("no such luck");');
    add('t1', 't2');
    await queue.flush();
    add('t3');
    await queue.flush();
    expect(queue.counts()).toEqual({ written: 0, spooled: 3, lost: 0, refused: 0 });
    expect(notices).toEqual([expect.stringMatching(/no such luck/)]);
    await queue.close();
    await nextStart(path);
    expect(taskIdsIn(path)).toEqual(['t1', 't2', 't3']);
  });

  it('survives a worker that dies with a batch in its hands', async () => {
    const { path, queue, add } = openQueue(
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', () => process.exit(1));`,
    );
    for (const task of ['t1', 't2', 't3', 't4', 't5', 't6']) {
      add(task);
      await queue.flush();
    }
    expect(queue.counts()).toMatchObject({ spooled: 6, lost: 0 });
    await queue.close();
    await nextStart(path);
    expect(taskIdsIn(path)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6']);
  });

  it('bounds its memory when the worker does not keep up', async () => {
    const go = join(temporaryDirectory(), 'go');
    const { queue, add } = openQueue(
      `import { existsSync } from 'node:fs';
       import { parentPort, workerData } from 'node:worker_threads';
       const done = new Int32Array(workerData.done);
       const held = [];
       parentPort.on('message', (message) => {
         if (message.type === 'close') process.exit();
         held.push(message.batch.number);
       });
       setInterval(() => {
         if (!existsSync(${JSON.stringify(go)})) return;
         for (const number of held.splice(0)) {
           Atomics.add(done, 0, 1);
           parentPort.postMessage({ type: 'done', number, outcome: 'written' });
         }
       }, 5);`,
    );
    const tasks = Array.from({ length: 130_000 }, (_, index) => `t${index}`);
    for (const task of tasks) add(task);
    expect(queue.counts().spooled).toBeGreaterThan(20_000);
    writeFileSync(go, '');
    await queue.flush();
    const { written, spooled } = queue.counts();
    expect(written + spooled).toBe(130_000);
  });

  it('lets go of nothing when a caller never yields', async () => {
    const { path, queue, add } = openQueue();
    for (let task = 0; task < 30_000; task += 1) add(`t${task}`);
    await queue.flush();
    expect(queue.counts()).toEqual({ written: 30_000, spooled: 0, lost: 0, refused: 0 });
    expect(taskIdsIn(path)).toHaveLength(30_000);
  });
});
