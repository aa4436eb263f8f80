import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../domain/errors.ts';
import type { SharedRun } from '../../domain/shared-run.ts';
import { workerUrl } from '../../files/worker-url.ts';
import { isServerAddress } from '../address/server-address.ts';
import type { FromWorker, ToWorker, WorkerStart, WriteOutcome } from './messages.ts';
import { batchSize, createOutgoing, type Outgoing } from './outgoing.ts';
import { type Batch, sizeOf } from '../database/columns.ts';
import { openSpool } from './spool.ts';

/** A record leaves for the worker at most this long after it was recorded, in milliseconds: a file's, a server's. */
const batchAfterMs = { file: 20, server: 50 };
/** Records that may be on their way; beyond it they go to the spool from here, to bound the memory. */
const mostUnderway = 100_000;
/** How often a worker that died is started again. */
const mostRestarts = 3;

/** The caller's end of writing: appends to memory, and hands batches to a worker thread. */
export type WriteQueue = Pick<Outgoing, 'later' | 'settle' | 'add' | 'addOnce'> & {
  /** Shows others how a run stands, where the history is shared; lost where that cannot be done now. */
  show(run: SharedRun): void;
  /** Resolves when all that was added so far is in the database, the spool, or counted as lost. */
  flush(): Promise<void>;
  /** Resolves when what waits in spools is in the database, as far as that can be written now. */
  takeInSpools(): Promise<void>;
  close(): Promise<void>;
  /** `refused` are records of a spool, of whoever wrote it, that could not be true. */
  counts(): { written: number; spooled: number; lost: number; refused: number };
};

export function openWriteQueue({
  path,
  notify,
  workerUrl: url = workerUrl(isServerAddress(path) ? 'server-worker' : 'telemetry-worker'),
}: {
  path: string;
  notify: (message: string) => void;
  workerUrl?: URL;
}): WriteQueue {
  const afterMs = isServerAddress(path) ? batchAfterMs.server : batchAfterMs.file;
  const writer = (randomBytes(8).readBigUInt64BE() >> 1n).toString();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const counts = { written: 0, spooled: 0, lost: 0, refused: 0 };
  /** Not yet known to be safe, in order; what the worker is done with needs no rows any more. */
  const underway = new Map<number, { size: number; batch?: Batch }>();
  /** Numbers of what this worker was sent, and how many of them were let go of. */
  let sent: number[] = [];
  let released = 0;
  let flushers: { through: number; resolve: () => void }[] = [];
  let worker: Worker | undefined;
  let restarts = 0;
  let closing: Promise<void> | undefined;
  let resolveClosed: (() => void) | undefined;
  /** Who waits for the spools to be taken in. */
  let takers: (() => void)[] = [];

  const settle = (number: number, outcome: WriteOutcome): void => {
    const entry = underway.get(number);
    if (entry === undefined) return;
    underway.delete(number);
    counts[outcome] += entry.size;
    if (underway.size === 0 && takers.length === 0) worker?.unref();
    if (flushers.length > 0) resolveFlushers();
  };

  const resolveFlushers = (): void => {
    const [oldest = Infinity] = underway.keys();
    for (const flusher of flushers) if (flusher.through < oldest) flusher.resolve();
    flushers = flushers.filter(({ through }) => through >= oldest);
  };

  /** Keeps a batch from this thread: the worker is gone, or far behind. */
  const spoolHere = (batch: Batch): void => {
    try {
      openSpool({ path, writer, thread: 'caller' }).append(batch);
      settle(batch.number, 'spooled');
    } catch (error) {
      settle(batch.number, 'lost');
      notify(
        `Records are being lost, because the spool of ${path} cannot be written (${messageOf(error)}): free some space or name another file.`,
      );
    }
  };

  const start = (): Worker => {
    Atomics.store(done, 0, 0);
    sent = [];
    released = 0;
    const workerData: WorkerStart = { path, writer, done: done.buffer };
    const started = new Worker(url, { workerData });
    started.on('message', receive);
    started.once('error', (error) => died(started, error));
    started.once('exit', () => died(started));
    return started;
  };

  const receive = (message: FromWorker): void => {
    switch (message.type) {
      case 'done': {
        settle(message.number, message.outcome);
        return;
      }
      case 'drained': {
        counts.spooled -= message.records;
        counts.written += message.records;
        return;
      }
      case 'refused': {
        counts.refused += message.records;
        return;
      }
      case 'notice': {
        notify(message.message);
        return;
      }
      case 'taken-in': {
        finishTakingIn();
        return;
      }
      case 'closed': {
        finishClosing();
      }
    }
  };

  const finishTakingIn = (): void => {
    for (const resolve of takers) resolve();
    takers = [];
    if (underway.size === 0) worker?.unref();
  };

  const finishClosing = (): void => {
    worker = undefined;
    process.off('exit', rescue);
    resolveClosed?.();
  };

  /** Whatever was underway may or may not be written; its number keeps it from counting twice. */
  const died = (dead: Worker, error?: unknown): void => {
    if (worker !== dead) return;
    worker = undefined;
    restarts += 1;
    if (restarts === 1 && error !== undefined) {
      notify(
        `Telemetry's writer stopped (${messageOf(error)}), so records wait in a spool file: they are written at the next start.`,
      );
    }
    spoolUnderway();
    finishTakingIn();
    if (resolveClosed !== undefined) finishClosing();
  };

  const spoolUnderway = (): void => {
    release();
    for (const [number, { batch }] of underway) {
      if (batch === undefined) settle(number, 'written');
      else spoolHere(batch);
    }
  };

  /** A caller that never yields reads no messages; the counter still tells what the worker has done. */
  const release = (): void => {
    const finished = Atomics.load(done, 0);
    for (; released < finished; released += 1) {
      const entry = underway.get(sent[released] ?? 0);
      if (entry !== undefined) delete entry.batch;
    }
  };

  const dispatch = (batch: Batch): void => {
    underway.set(batch.number, { size: sizeOf(batch), batch });
    if (worker === undefined && restarts <= mostRestarts) worker = start();
    release();
    if (worker === undefined || (sent.length - released) * batchSize > mostUnderway) {
      spoolHere(batch);
      return;
    }
    const message: ToWorker = { type: 'batch', batch };
    worker.postMessage(message, []);
    worker.ref();
    sent.push(batch.number);
  };

  const outgoing = createOutgoing(writer, afterMs, dispatch);

  /** At the end of a process that did not close the store. */
  const rescue = (): void => {
    for (const batch of outgoing.take()) underway.set(batch.number, { size: sizeOf(batch), batch });
    spoolUnderway();
  };
  process.once('exit', rescue);
  // At once, so that what waits in a spool and what is not yet summed up finds its writer.
  worker = start();
  worker.unref();

  const flush = (): Promise<void> => {
    outgoing.send();
    if (underway.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      flushers.push({ through: outgoing.last(), resolve });
    });
  };

  return {
    ...outgoing,
    show(run) {
      const message: ToWorker = { type: 'show', run };
      worker?.postMessage(message, []);
    },
    flush,
    async takeInSpools() {
      await flush();
      const running = worker;
      if (running === undefined) return;
      const message: ToWorker = { type: 'take-in' };
      await new Promise<void>((resolve) => {
        takers.push(resolve);
        running.ref();
        running.postMessage(message, []);
      });
    },
    close() {
      closing ??= flush().then(
        () =>
          new Promise<void>((resolve) => {
            resolveClosed = resolve;
            if (worker === undefined) {
              finishClosing();
              return;
            }
            const message: ToWorker = { type: 'close' };
            worker.ref();
            worker.postMessage(message, []);
          }),
      );
      return closing;
    },
    counts() {
      outgoing.settle();
      return { ...counts };
    },
  };
}
