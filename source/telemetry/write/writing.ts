import { performance } from 'node:perf_hooks';
import { createBatchKeeper } from './batch-keeper.ts';
import { openDatabaseWriter } from './database-writer.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { openSpool } from './spool.ts';

/** How often a spool that holds records is tried again, in milliseconds. */
const drainEveryMs = 1000;

/** What the worker thread does, apart from being one. */
export type Writing = {
  receive(message: ToWorker): void;
  /** Work for when no message waits; whether there is more of it. */
  idle(): boolean;
};

export function startWriting(
  { path, writer, done }: WorkerStart,
  send: (message: FromWorker) => void,
  elapsedMs: () => number = () => performance.now(),
): Writing {
  const database = openDatabaseWriter(path);
  const keeper = createBatchKeeper({
    path,
    writer,
    database,
    spool: openSpool({ path, writer }),
    notify: (message) => send({ type: 'notice', message }),
    elapsedMs,
  });
  const doneCount = new Int32Array(done);
  /** What an earlier process, or this one, left in a spool is looked for at once and then now and then. */
  let drainAt = -Infinity;

  const drained = (records: number): void => {
    if (records > 0) send({ type: 'drained', records });
  };

  return {
    receive(message) {
      if (message.type === 'batch') {
        const fate = keeper.keep(message.batch);
        send({ type: 'done', number: message.batch.number, fate });
        Atomics.add(doneCount, 0, 1);
        return;
      }
      drained(keeper.close());
      send({ type: 'closed' });
    },
    idle() {
      if (elapsedMs() < drainAt) return false;
      drainAt = elapsedMs() + drainEveryMs;
      drained(keeper.retry());
      return false;
    },
  };
}
