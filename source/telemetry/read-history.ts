import { Worker } from 'node:worker_threads';
import { TelemetryError, type TelemetryErrorCode } from '../domain/errors.ts';
import type { CellHistory } from '../domain/profile.ts';

export type HistoryStart = { path: string };
export type HistoryMessage =
  | { history: CellHistory[] }
  | { code: TelemetryErrorCode; message: string };

/**
 * The whole history of a database, as `TelemetryStore.loadHistory` reads it, but in a thread of its own:
 * a long history that is not summed up takes seconds, and a screen would stand still meanwhile. Does not
 * keep the process from ending. Rejects with what {@link TelemetryError} says of the database.
 */
export function readHistoryApart(path: string): Promise<CellHistory[]> {
  const workerData: HistoryStart = { path };
  const worker = new Worker(workerUrl(), { workerData });
  worker.unref();
  return new Promise<CellHistory[]>((resolve, reject) => {
    worker.once('message', (message: HistoryMessage) => {
      if ('history' in message) resolve(message.history);
      else reject(new TelemetryError(message.code, message.message));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread that read ${path} ended with ${code}`));
    });
  });
}

/** The bundled worker: beside this chunk, or from the sources in the build, as for the writing one. */
function workerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(
    isSource ? '../../dist/history-worker.js' : './history-worker.js',
    import.meta.url,
  );
}
