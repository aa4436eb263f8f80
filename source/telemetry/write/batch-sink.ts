import { messageOf, type TelemetryError } from '../../domain/errors.ts';
import { classify } from '../database/failure.ts';
import type { DatabaseWriter } from './database-writer.ts';
import { type Batch, sizeOf } from '../database/columns.ts';
import type { Spool } from './spool.ts';

/** Where the records of a batch are now. */
export type WriteOutcome = 'written' | 'spooled' | 'lost';

/** How long an unwritable database is left alone before it is tried again, in milliseconds. */
const retryAfterMs = 1000;

/**
 * Brings batches to safety: into the database, else into the spool, and from the spool into the
 * database as soon as that can be written again. Nothing here throws.
 */
export type BatchSink = {
  /** Batches that wait together are written together; of each, where it is now. */
  write(batches: readonly Batch[]): WriteOutcome[];
  /** Takes what waits in the spool for so many milliseconds; whether there may be more. */
  drain(forMs: number): boolean;
  /** Takes care of a database file that was moved away. */
  tend(): void;
  /** A last {@link drain}, then closes the database. */
  close(drainForMs: number): void;
};

export function createBatchSink({
  path,
  writer,
  database,
  spool,
  notify,
  onDrained,
  onRefused,
  elapsedMs,
}: {
  path: string;
  /** Whose batches {@link BatchSink.drain} counts. */
  writer: string;
  database: DatabaseWriter;
  spool: Spool;
  /** Hears one sentence per kind of trouble, once. */
  notify: (message: string) => void;
  /** Hears how many records of this writer left the spool for the database. */
  onDrained: (records: number) => void;
  /** Hears how many records of a spool could not be true. */
  onRefused: (records: number) => void;
  /** A clock that never goes back, in milliseconds. */
  elapsedMs: () => number;
}): BatchSink {
  const notified = new Set<string>();
  const drained = new Set<number>();
  /** Why the database was not writable when last tried, and until when it is left alone. */
  let trouble: { failure: TelemetryError; until: number } | undefined;

  const notifyOnce = (kind: string, message: string): void => {
    if (notified.has(kind)) return;
    notified.add(kind);
    notify(message);
  };

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

  const keepInSpool = (batch: Batch, cause: TelemetryError): WriteOutcome => {
    try {
      spool.append(batch);
    } catch (error) {
      notifyOnce(
        'lost',
        `Records are being lost, because neither ${path} nor a spool file can be written (${messageOf(error)}): free some space or name another file.`,
      );
      return 'lost';
    }
    notifyOnce(cause.code, `New records wait in a spool file and none is lost. ${cause.message}`);
    return 'spooled';
  };

  const take = (batches: readonly Batch[]): void => {
    database.write(batches);
    let records = 0;
    for (const batch of batches) {
      if (batch.writer !== writer || drained.has(batch.number)) continue;
      drained.add(batch.number);
      records += sizeOf(batch);
    }
    if (records > 0) onDrained(records);
  };

  const drain = (forMs: number): boolean => {
    let hasMore = false;
    const until = elapsedMs() + forMs;
    attempt(() => {
      hasMore = spool.drain({
        take,
        isEnough: () => elapsedMs() >= until,
        onRefused(records, file) {
          onRefused(records);
          notifyOnce(
            'refused',
            `Records of a spool file that cannot be true were refused and are kept in ${file}: look who wrote them, then delete it.`,
          );
        },
        onUntrusted: (message) => notifyOnce(message, message),
      });
    });
    return hasMore;
  };

  return {
    write(batches) {
      const failure = attempt(() => database.write(batches));
      return batches.map((batch) =>
        failure === undefined ? 'written' : keepInSpool(batch, failure),
      );
    },
    drain,
    tend: () => void attempt(() => database.tend()),
    close(drainForMs) {
      drain(drainForMs);
      database.close();
    },
  };
}
