import type { Database as Connection } from 'better-sqlite3';
import { performance } from 'node:perf_hooks';
import type { Clock } from '../../domain/runtime.ts';
import { fileIdentity } from '../database/file.ts';
import { type Build, createBuild } from '../sqlite/build-rollups.ts';
import { openRollupsForWriting } from '../sqlite/rollups.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import { openDatabaseWriter, type DatabaseWriter } from './database-writer.ts';
import type { FromWorker, ToWorker, WorkerStart, WriteOutcome } from './messages.ts';
import { type Batch, sizeOf } from '../database/columns.ts';
import { openSpool, type Spool } from './spool.ts';
import type { TelemetryError } from '../../domain/errors.ts';
import { classify } from '../database/failure.ts';

/** How long an unwritable database is left alone before it is tried again, in milliseconds. */
const retryAfterMs = 1000;

/**
 * Brings batches to safety: into the database, else into the spool, and from the spool into the
 * database as soon as that can be written again. Nothing here throws.
 */
function createBatchSink({
  path,
  database,
  spool,
  keeping,
  elapsedMs,
}: {
  path: string;
  database: DatabaseWriter;
  spool: Spool;
  keeping: Keeping;
  /** A clock that never goes back, in milliseconds. */
  elapsedMs: () => number;
}) {
  /** Why the database was not writable when last tried, and until when it is left alone. */
  let trouble: { failure: TelemetryError; until: number } | undefined;

  /** Runs an action on the database unless it is being left alone. */
  const attempt = (action: () => void): TelemetryError | undefined => {
    if (trouble !== undefined && elapsedMs() < trouble.until) return trouble.failure;
    try {
      action();
      trouble = undefined;
      return undefined;
    } catch (error) {
      const failure = classify(error, path, 'writing');
      trouble = { failure, until: elapsedMs() + retryAfterMs };
      return failure;
    }
  };

  /** Takes what waits in the spool for so many milliseconds; whether there may be more. */
  const drain = (forMs: number): boolean => {
    let hasMore = false;
    const until = elapsedMs() + forMs;
    const isEnough = (): boolean => (hasMore = elapsedMs() >= until);
    attempt(() => {
      for (const batches of spool.waiting({ isEnough, ...keeping.hears })) {
        database.write(batches);
        keeping.countDrained(batches);
      }
    });
    return hasMore;
  };

  return {
    /** Batches that wait together are written together; of each, where it is now. */
    write(batches: readonly Batch[]): WriteOutcome[] {
      const failure = attempt(() => database.write(batches));
      return batches.map((batch) =>
        failure === undefined ? 'written' : keeping.keep(batch, failure),
      );
    },
    drain,
    /** Takes care of a database file that was moved away. */
    tend: () => void attempt(() => database.tend()),
    /** A last {@link drain}, then closes the database. */
    close(drainForMs: number): void {
      drain(drainForMs);
      database.close();
    },
  };
}

/** How often a spool is looked for, and rows that are not summed up yet, in milliseconds. */
const maintainEveryMs = 1000;
/** Summing up waits until no batch came for so long, in milliseconds, … */
const quietMs = 200;
/** … unless so many records came meanwhile. */
const mostUnsummed = 50_000;
/** How long what waits in a spool may keep new records waiting, in milliseconds. */
const drainingMs = 100;
/** How long whoever must know all that is recorded waits for spools to be taken in, in milliseconds. */
const takingInMs = 4000;
/** How long closing may go on summing up, on the first meeting with a long history, in milliseconds. */
const closingMs = 4000;

/** Records after which a step of summing up has its turn in a burst. */
const recordsPerStep = 4096;

/** What the worker thread does, apart from being one. */
type Writing = {
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
    now = () => Date.now() / 1000,
    busyTimeoutMs,
  }: { elapsedMs?: () => number; now?: Clock; busyTimeoutMs?: number } = {},
): Writing {
  const database = openDatabaseWriter(path, busyTimeoutMs === undefined ? {} : { busyTimeoutMs });
  const spool = openSpool({ path, writer, thread: 'worker' });
  const remedy = 'free some space or name another file';
  const keeping = createKeeping({ place: path, remedy, writer, spool, send });
  const sink = createBatchSink({ path, database, spool, keeping, elapsedMs });
  const doneCount = new Int32Array(done);
  let maintainAt = -Infinity;
  let unsummed = true;
  let hasSpool = true;
  let lastBatchAt = -Infinity;
  /** Records since summing up last had its turn. */
  let records = 0;
  let build: (Build & { connection: Connection }) | undefined;

  const buildOn = (connection: Connection): Build => {
    if (build?.connection === connection) return build;
    build?.close();
    build = { connection, ...createBuild(connection, () => openRollupsForWriting(path), now) };
    return build;
  };

  /** One step; whether there may be more. Its failure is not the records' failure: readers do without. */
  const sumUp = (): boolean => {
    try {
      if (fileIdentity(path) === undefined) return false;
      return database.maintain((connection) => buildOn(connection).step());
    } catch {
      return false;
    }
  };

  const keep = (batches: readonly Batch[]): void => {
    lastBatchAt = elapsedMs();
    for (const batch of batches) records += sizeOf(batch);
    const outcomes = sink.write(batches);
    for (const [index, { number }] of batches.entries()) {
      send({ type: 'done', number, outcome: outcomes[index] ?? 'lost' });
    }
    Atomics.add(doneCount, 0, batches.length);
  };

  const takeIn = (): void => {
    const until = elapsedMs() + takingInMs;
    while (sink.drain(drainingMs) && elapsedMs() < until);
  };

  return {
    receive(...messages) {
      const batches = messages.flatMap((message) =>
        message.type === 'batch' ? [message.batch] : [],
      );
      if (batches.length > 0) keep(batches);
      if (messages.some(({ type }) => type === 'take-in')) {
        takeIn();
        send({ type: 'taken-in' });
      }
      if (!messages.some(({ type }) => type === 'close')) return;
      const until = elapsedMs() + closingMs;
      while (elapsedMs() < until && sumUp());
      build?.close();
      sink.close(closingMs);
      send({ type: 'closed' });
    },
    idle() {
      if (elapsedMs() >= maintainAt) {
        maintainAt = elapsedMs() + maintainEveryMs;
        unsummed = true;
        sink.tend();
        hasSpool = true;
      }
      hasSpool &&= sink.drain(drainingMs);
      if (hasSpool) return true;
      // Records first: a burst is written at full speed.
      if (elapsedMs() - lastBatchAt < quietMs && records < mostUnsummed) return false;
      records = Math.max(0, records - recordsPerStep);
      unsummed &&= sumUp();
      return unsummed;
    },
  };
}
