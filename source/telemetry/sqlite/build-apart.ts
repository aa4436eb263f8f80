import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../files/worker-url.ts';

export type BuildStart = {
  path: string;
  /** Unix seconds; what is younger is asked for first. */
  from: number;
};
/** The bytes are of sums that could not be kept beside the database. */
export type BuildMessage = { bytes: Uint8Array };

/** Sums of a long history on their way. */
export type Building = {
  /** Whether it is over, one way or the other. */
  isOver(): boolean;
  stop(): void;
};

/**
 * Sums up a database in a thread of its own and keeps the sums beside it; where that cannot be, `onBytes`
 * gets them. Does not keep the process from ending.
 */
export function buildApart(start: BuildStart, onBytes: (bytes: Buffer) => void): Building {
  let over = false;
  const worker = new Worker(workerUrl('sums-worker'), { workerData: start });
  worker.unref();
  worker.on('message', ({ bytes }: BuildMessage) => onBytes(Buffer.from(bytes)));
  // Whoever waited then reads the rows themselves.
  worker.once('error', () => (over = true));
  worker.once('exit', () => (over = true));
  return { isOver: () => over, stop: () => void worker.terminate() };
}
