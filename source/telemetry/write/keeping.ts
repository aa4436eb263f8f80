import { messageOf, type TelemetryError } from '../../domain/errors.ts';
import { type Batch, sizeOf } from '../database/columns.ts';
import type { FromWorker, WriteOutcome } from './messages.ts';
import type { DrainOptions, Spool } from './spool.ts';

/** What a worker does with records that its history cannot take now, and says of them. Nothing here throws. */
export type Keeping = {
  /** Keeps a batch in the spool because of a failure. */
  keep(batch: Batch, cause: TelemetryError): WriteOutcome;
  /** Counts batches of this writer that left the spool for the history; each counts once. */
  countDrained(batches: readonly Batch[]): void;
  /** Hear of what is the matter with spools. */
  readonly hears: Pick<DrainOptions, 'onRefused' | 'onUntrusted'>;
};

export function createKeeping({
  place,
  remedy,
  writer,
  spool,
  send,
}: {
  /** The history as it is named to people, and what helps where nothing can be written. */
  place: string;
  remedy: string;
  writer: string;
  spool: Spool;
  send: (message: FromWorker) => void;
}): Keeping {
  const notified = new Set<string>();
  const drained = new Set<number>();

  /** One sentence per kind of trouble. */
  const notifyOnce = (kind: string, message: string): void => {
    if (notified.has(kind)) return;
    notified.add(kind);
    send({ type: 'notice', message });
  };

  return {
    keep(batch, cause) {
      try {
        spool.append(batch);
      } catch (error) {
        notifyOnce(
          'lost',
          `Records are being lost, because neither ${place} nor a spool file can be written (${messageOf(error)}): ${remedy}.`,
        );
        return 'lost';
      }
      notifyOnce(cause.code, `New records wait in a spool file and none is lost. ${cause.message}`);
      return 'spooled';
    },
    countDrained(batches) {
      let records = 0;
      for (const batch of batches) {
        if (batch.writer !== writer || drained.has(batch.number)) continue;
        drained.add(batch.number);
        records += sizeOf(batch);
      }
      if (records > 0) send({ type: 'drained', records });
    },
    hears: {
      onRefused(records, file) {
        send({ type: 'refused', records });
        notifyOnce(
          'refused',
          `Records of a spool file that cannot be true were refused and are kept in ${file}: look who wrote them, then delete it.`,
        );
      },
      onUntrusted: (message) => notifyOnce(message, message),
    },
  };
}
