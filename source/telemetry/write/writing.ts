import type { Database as Connection } from 'better-sqlite3';
import { performance } from 'node:perf_hooks';
import { fileIdentity } from '../database/file.ts';
import { hasSummaries } from '../database/schema.ts';
import { storedGrid } from '../summary/grid.ts';
import { createSummariser, type Summariser } from '../summary/summarise.ts';
import { createBatchKeeper } from './batch-keeper.ts';
import { openDatabaseWriter } from './database-writer.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { type Batch, sizeOf } from './rows.ts';
import { openSpool } from './spool.ts';

/** How often a spool is looked for, and rows that are not summed up yet, in milliseconds. */
const tidyEveryMs = 1000;
/** Summing up waits until no batch came for so long, in milliseconds, … */
const quietMs = 200;
/** … unless so many records came meanwhile. */
const mostUnsummed = 50_000;
/** How long closing may go on summing up, on the first meeting with a long history, in milliseconds. */
const closingMs = 4000;

/** What the worker thread does, apart from being one. */
export type Writing = {
  /** Takes all messages that wait, in their order. */
  receive(...messages: ToWorker[]): void;
  /** Work for when no message waits; whether there is more of it. */
  idle(): boolean;
};

export function startWriting(
  { path, writer, done }: WorkerStart,
  send: (message: FromWorker) => void,
  {
    elapsedMs = () => performance.now(),
    busyTimeoutMs,
  }: { elapsedMs?: () => number; busyTimeoutMs?: number } = {},
): Writing {
  const database = openDatabaseWriter(path, busyTimeoutMs === undefined ? {} : { busyTimeoutMs });
  const keeper = createBatchKeeper({
    path,
    writer,
    database,
    spool: openSpool({ path, writer, thread: 'worker' }),
    notify: (message) => send({ type: 'notice', message }),
    elapsedMs,
  });
  const doneCount = new Int32Array(done);
  let tidyAt = -Infinity;
  let unsummed = true;
  let lastBatchAt = -Infinity;
  /** Records since summing up last had its turn. */
  let records = 0;

  const drain = (records: number): void => {
    if (records > 0) send({ type: 'drained', records });
  };

  /** One block; whether there may be more. Its failure is not the records' failure: readers do without. */
  const sumUp = (): boolean => {
    try {
      if (fileIdentity(path) === undefined) return false;
      return database.maintain((connection) => summariserOf(connection)?.step() ?? false);
    } catch {
      return false;
    }
  };

  const keep = (batches: readonly Batch[]): void => {
    lastBatchAt = elapsedMs();
    for (const batch of batches) records += sizeOf(batch);
    const fates = keeper.keep(batches);
    for (const [index, { number }] of batches.entries()) {
      send({ type: 'done', number, fate: fates[index] ?? 'lost' });
    }
    Atomics.add(doneCount, 0, batches.length);
  };

  return {
    receive(...messages) {
      const batches = messages.flatMap((message) =>
        message.type === 'batch' ? [message.batch] : [],
      );
      if (batches.length > 0) keep(batches);
      if (batches.length === messages.length) return;
      const until = elapsedMs() + closingMs;
      while (elapsedMs() < until && sumUp());
      drain(keeper.close());
      send({ type: 'closed' });
    },
    idle() {
      if (elapsedMs() >= tidyAt) {
        tidyAt = elapsedMs() + tidyEveryMs;
        unsummed = true;
        drain(keeper.retry());
      }
      // Records first: a burst is written at full speed.
      if (elapsedMs() - lastBatchAt < quietMs && records < mostUnsummed) return false;
      records = Math.max(0, records - storedGrid.blockSize);
      unsummed &&= sumUp();
      return unsummed;
    },
  };
}

/** Undefined of a database whose summaries are of another layout: it is read without. */
const summarisers = new WeakMap<Connection, Summariser | undefined>();

function summariserOf(connection: Connection): Summariser | undefined {
  if (!summarisers.has(connection)) {
    const summariser = hasSummaries(connection) ? createSummariser(connection) : undefined;
    summarisers.set(connection, summariser);
  }
  return summarisers.get(connection);
}
