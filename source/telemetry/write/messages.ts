import type { SharedRun } from '../../domain/shared-run.ts';
import type { Batch } from '../database/columns.ts';

/** Where the records of a batch are now. */
export type WriteOutcome = 'written' | 'spooled' | 'lost';

/** What the worker is started with. */
export type WorkerStart = {
  path: string;
  writer: string;
  /** How many batches are done, readable without waiting for a message. */
  done: SharedArrayBuffer;
};

export type ToWorker =
  | { type: 'batch'; batch: Batch }
  /** Shows others how a run stands: no record, and lost where that cannot be done now. */
  | { type: 'show'; run: SharedRun }
  /** Takes in what waits in spools, as far as that is possible now, and says `taken-in`. */
  | { type: 'take-in' }
  | { type: 'close' };

export type FromWorker =
  | { type: 'done'; number: number; outcome: WriteOutcome }
  /** Records of this store that left the spool for the database. */
  | { type: 'drained'; records: number }
  /** Records of a spool, of whoever wrote it, that could not be true. */
  | { type: 'refused'; records: number }
  | { type: 'notice'; message: string }
  | { type: 'taken-in' }
  /** Everything is safe, and the database is closed. */
  | { type: 'closed' };
