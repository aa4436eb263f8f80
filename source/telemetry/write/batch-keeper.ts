import { messageOf, type TelemetryError } from '../../domain/errors.ts';
import { classify } from '../database/failure.ts';
import type { DatabaseWriter } from './database-writer.ts';
import { type Batch, sizeOf } from './rows.ts';
import type { Spool } from './spool.ts';

/** Where the records of a batch are now. */
export type Fate = 'written' | 'spooled' | 'lost';

/** How long an unwritable database is left alone before it is tried again, in milliseconds. */
const retryAfterMs = 1000;

/**
 * Brings batches to safety: into the database, else into the spool, and from the spool into the
 * database as soon as that can be written again. Nothing here throws.
 */
export type BatchKeeper = {
  /** Batches that wait together are written together; of each, where it is now. */
  keep(batches: readonly Batch[]): Fate[];
  /** Tries to empty the spool if anything waits; how many records of this writer left it. */
  retry(): number;
  /** A last {@link retry}, then closes the database. */
  close(): number;
};

export function createBatchKeeper({
  path,
  writer,
  database,
  spool,
  notify,
  elapsedMs,
}: {
  path: string;
  /** Whose batches {@link BatchKeeper.retry} counts. */
  writer: string;
  database: DatabaseWriter;
  spool: Spool;
  /** Hears one sentence per kind of trouble, once. */
  notify: (message: string) => void;
  /** A clock that never goes back, in milliseconds. */
  elapsedMs: () => number;
}): BatchKeeper {
  const told = new Set<string>();
  const drained = new Set<number>();
  /** Why the database was not writable when last tried, and until when it is left alone. */
  let trouble: { failure: TelemetryError; until: number } | undefined;

  const tell = (kind: string, message: string): void => {
    if (told.has(kind)) return;
    told.add(kind);
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

  const keepInSpool = (batch: Batch, cause: TelemetryError): Fate => {
    try {
      spool.append(batch);
    } catch (error) {
      tell(
        'lost',
        `Records are being lost, because neither ${path} nor a spool file can be written (${messageOf(error)}): free some space or name another file.`,
      );
      return 'lost';
    }
    tell(cause.code, `New records wait in a spool file and none is lost. ${cause.message}`);
    return 'spooled';
  };

  const retry = (): number => {
    let records = 0;
    attempt(() => {
      if (!spool.waiting()) return;
      spool.drain((batch) => {
        database.write([batch]);
        if (batch.writer !== writer || drained.has(batch.number)) return;
        drained.add(batch.number);
        records += sizeOf(batch);
      });
    });
    return records;
  };

  return {
    keep(batches) {
      const failure = attempt(() => database.write(batches));
      return batches.map((batch) =>
        failure === undefined ? 'written' : keepInSpool(batch, failure),
      );
    },
    retry,
    close() {
      const records = retry();
      database.close();
      return records;
    },
  };
}
