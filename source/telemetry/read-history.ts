import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { TelemetryError, type TelemetryErrorCode } from '../domain/errors.ts';
import type { CellHistory } from '../domain/profile.ts';
import type { RunState } from '../domain/run-state.ts';
import type { Clock } from '../domain/runtime.ts';
import { workerUrl } from '../files/worker-url.ts';
import { fingerprint } from './database/file.ts';
import { isServerAddress } from './address/server-address.ts';

/** `run`: what is recorded of that run is wanted, not the whole. */
export type HistoryStart = { path: string; run?: string };
export type HistoryMessage =
  | { found: CellHistory[] | RunState | undefined }
  | { code: TelemetryErrorCode; message: string };

/**
 * The whole history of a database, as `TelemetryStore.loadHistory` reads it, but in a thread of its own:
 * a long history that is not summed up takes seconds, and a screen would stand still meanwhile. Does not
 * keep the process from ending. Rejects with what {@link TelemetryError} says of the database.
 */
export const readHistoryApart = (path: string): Promise<CellHistory[]> => askApart({ path });

/** The same of what is recorded of one run, which no index finds in a local file; undefined where nothing is. */
export const readRunApart = (path: string, run: string): Promise<RunState | undefined> =>
  askApart({ path, run });

function askApart<Found>(workerData: HistoryStart): Promise<Found> {
  const { path } = workerData;
  const worker = new Worker(workerUrl('history-worker'), { workerData });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once(
      'message',
      (message: { found: Found } | Exclude<HistoryMessage, { found: unknown }>) => {
        if ('code' in message) reject(new TelemetryError(message.code, message.message));
        else resolve(message.found);
      },
    );
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread that read ${path} ended with ${code}`));
    });
  });
}

/** Without anything new its weights by age go on shifting, which shows after this many seconds at most. */
const keptSeconds = 600;
const serverSeconds = 30;

/**
 * {@link readHistoryApart} for someone who asks often: what was read stands until something is written.
 * Empty where there is no database yet.
 */
export function createHistoryReader(path: string, clock: Clock): () => Promise<CellHistory[]> {
  let kept: { mark: string; at: number; history: Promise<CellHistory[]> } | undefined;
  return () => {
    const isServer = isServerAddress(path);
    // A server is asked anew after some time, whatever was written meanwhile.
    const mark = isServer ? String(Math.floor(clock() / serverSeconds)) : fingerprint(path);
    if (kept?.mark === mark && clock() - kept.at < keptSeconds) return kept.history;
    const history = isServer || existsSync(path) ? readHistoryApart(path) : Promise.resolve([]);
    const reading = { mark, at: clock(), history };
    kept = reading;
    history.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return history;
  };
}
