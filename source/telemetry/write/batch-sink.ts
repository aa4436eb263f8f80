import type { TelemetryError } from '../../domain/errors.ts';
import type { Batch } from '../database/columns.ts';
import { classify } from '../database/failure.ts';
import type { DatabaseWriter } from './database-writer.ts';
import type { Keeping } from './keeping.ts';
import type { WriteOutcome } from './messages.ts';
import type { Spool } from './spool.ts';

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
}): BatchSink {
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

  const take = (batches: readonly Batch[]): void => {
    database.write(batches);
    keeping.countDrained(batches);
  };

  const drain = (forMs: number): boolean => {
    let hasMore = false;
    const until = elapsedMs() + forMs;
    attempt(() => {
      hasMore = spool.drain({ take, isEnough: () => elapsedMs() >= until, ...keeping.hears });
    });
    return hasMore;
  };

  return {
    write(batches) {
      const failure = attempt(() => database.write(batches));
      return batches.map((batch) =>
        failure === undefined ? 'written' : keeping.keep(batch, failure),
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
