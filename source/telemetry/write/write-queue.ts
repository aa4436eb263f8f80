import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../domain/errors.ts';
import type { SharedRun } from '../../domain/shared-run.ts';
import { workerUrl } from '../../files/worker-url.ts';
import { isServerAddress } from '../address/server-address.ts';
import type { FromWorker, ToWorker, WorkerStart, WriteOutcome } from './messages.ts';
import { batchSize, createOutgoing, createUnderway, type Outgoing } from './outgoing.ts';
import type { Batch } from '../database/columns.ts';
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
  const delivery = createDelivery({ path, writer, notify }, url);
  const outgoing = createOutgoing(writer, afterMs, delivery.take);
  let closing: Promise<void> | undefined;

  /** At the end of a process that did not close the store. */
  const rescue = (): void => delivery.rescue(outgoing.take());
  process.once('exit', rescue);

  const flush = (): Promise<void> => {
    outgoing.send();
    return delivery.settled(outgoing.last());
  };
  const close = async (): Promise<void> => {
    await flush();
    await delivery.close();
    process.off('exit', rescue);
  };

  return {
    ...outgoing,
    show: (run) => delivery.tell({ type: 'show', run }),
    flush,
    async takeInSpools() {
      await flush();
      await delivery.takeInSpools();
    },
    close: () => (closing ??= close()),
    counts() {
      outgoing.settle();
      return { ...delivery.counts };
    },
  };
}

type Sender = { path: string; writer: string; notify: (message: string) => void };

/** Sees batches to where they are safe: by the worker into the database or the spool, or from here into a spool. */
function createDelivery(sender: Sender, url: URL) {
  const { path, writer, notify } = sender;
  const underway = createUnderway();
  const { counts } = underway;
  /** Who waits for the spools to be taken in, and for the end. */
  let takers: (() => void)[] = [];
  let resolveClosed: (() => void) | undefined;

  /** The worker keeps this process only as long as somebody waits for it. */
  const letEnd = (): void => {
    if (underway.isEmpty() && takers.length === 0) link.unref();
  };
  const settle = (number: number, outcome: WriteOutcome): void => {
    if (underway.settle(number, outcome)) letEnd();
  };
  const spoolHere = (batch: Batch): void => settle(batch.number, spoolFromHere(sender, batch));

  const finishTakingIn = (): void => {
    for (const resolve of takers) resolve();
    takers = [];
    letEnd();
  };
  const finishClosing = (): void => {
    link.forget();
    resolveClosed?.();
  };

  /** Whatever was underway may or may not be written; its number keeps it from counting twice. */
  const spoolUnderway = (): void => {
    link.release();
    for (const [number, { batch }] of underway.entries) {
      if (batch === undefined) settle(number, 'written');
      else spoolHere(batch);
    }
  };

  const link = createLink({
    start: (done) => new Worker(url, { workerData: { path, writer, done } satisfies WorkerStart }),
    receive: {
      done: ({ number, outcome }) => settle(number, outcome),
      drained({ records }) {
        counts.spooled -= records;
        counts.written += records;
      },
      refused({ records }) {
        counts.refused += records;
      },
      notice: ({ message }) => notify(message),
      'taken-in': finishTakingIn,
      closed: finishClosing,
    },
    onDone: underway.letGo,
    onDeath(error, isFirst) {
      if (isFirst && error !== undefined) notify(stopped(error));
      spoolUnderway();
      finishTakingIn();
      if (resolveClosed !== undefined) finishClosing();
    },
  });
  // At once, so that what waits in a spool and what is not yet summed up finds its writer.
  link.start();

  return {
    counts,
    settled: (through: number): Promise<void> => underway.settled(through),
    tell: link.tell,
    take: (batch: Batch): void => {
      underway.add(batch);
      if (!link.send(batch)) spoolHere(batch);
    },
    /** Keeps those and all that is underway, without any help of the worker. */
    rescue(batches: readonly Batch[]): void {
      for (const batch of batches) underway.add(batch);
      spoolUnderway();
    },
    takeInSpools: (): Promise<void> =>
      new Promise((resolve) => {
        takers.push(resolve);
        if (!link.ask({ type: 'take-in' })) finishTakingIn();
      }),
    close: (): Promise<void> =>
      new Promise((resolve) => {
        resolveClosed = resolve;
        if (!link.ask({ type: 'close' })) finishClosing();
      }),
  };
}

const stopped = (error: unknown): string =>
  `Telemetry's writer stopped (${messageOf(error)}), so records wait in a spool file: they are written at the next start.`;

/** Keeps a batch from this thread: the worker is gone, or far behind. */
function spoolFromHere({ path, writer, notify }: Sender, batch: Batch): WriteOutcome {
  try {
    openSpool({ path, writer, thread: 'caller' }).append(batch);
    return 'spooled';
  } catch (error) {
    notify(
      `Records are being lost, because the spool of ${path} cannot be written (${messageOf(error)}): free some space or name another file.`,
    );
    return 'lost';
  }
}

type MessageOf<Type extends FromWorker['type']> = Extract<FromWorker, { type: Type }>;
type Receive = { [Type in FromWorker['type']]: (message: MessageOf<Type>) => void };

function deliver<Type extends FromWorker['type']>(
  message: { [Each in Type]: MessageOf<Each> }[Type],
  receive: Receive,
): void {
  receive[message.type](message);
}

/** The worker thread, which is started again when it died, and what it was sent. */
function createLink({
  start,
  receive,
  onDone,
  onDeath,
}: {
  /** `done` counts the batches that the worker is done with. */
  start: (done: SharedArrayBuffer) => Worker;
  receive: Receive;
  onDone: (number: number) => void;
  onDeath: (error: unknown, isFirst: boolean) => void;
}) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  /** Numbers of what this worker was sent, and how many of them were let go of. */
  let sent: number[] = [];
  let released = 0;
  let worker: Worker | undefined;
  let restarts = 0;

  const begin = (): Worker => {
    Atomics.store(done, 0, 0);
    sent = [];
    released = 0;
    const started = start(done.buffer);
    started.on('message', (message: FromWorker) => deliver(message, receive));
    started.once('error', (error) => died(started, error));
    started.once('exit', () => died(started));
    return started;
  };

  const died = (dead: Worker, error?: unknown): void => {
    if (worker !== dead) return;
    worker = undefined;
    restarts += 1;
    onDeath(error, restarts === 1);
  };

  /** A caller that never yields reads no messages; the counter still tells what the worker has done. */
  const release = (): void => {
    const finished = Atomics.load(done, 0);
    for (; released < finished; released += 1) onDone(sent[released] ?? 0);
  };

  const tell = (message: ToWorker): void => worker?.postMessage(message, []);

  return {
    start(): void {
      worker = begin();
      worker.unref();
    },
    /** False where there is no worker, or it is far behind. */
    send(batch: Batch): boolean {
      if (worker === undefined && restarts <= mostRestarts) worker = begin();
      release();
      if (worker === undefined || (sent.length - released) * batchSize > mostUnderway) return false;
      tell({ type: 'batch', batch });
      worker.ref();
      sent.push(batch.number);
      return true;
    },
    tell,
    /** Waits for the answer; false where there is no worker to give it. */
    ask(message: ToWorker): boolean {
      worker?.ref();
      tell(message);
      return worker !== undefined;
    },
    release,
    unref: (): void => worker?.unref(),
    /** It has ended by itself. */
    forget(): void {
      worker = undefined;
    },
  };
}
