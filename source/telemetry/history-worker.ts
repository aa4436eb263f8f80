import { parentPort, workerData } from 'node:worker_threads';
import { TelemetryError } from '../domain/errors.ts';
import type { HistoryMessage, HistoryStart } from './read-history.ts';
import { openTelemetryStore } from './store.ts';

/** What crosses to the other thread: errors lose their class on the way. */
async function messageFor({ path }: HistoryStart): Promise<HistoryMessage> {
  const store = openTelemetryStore({ path, readonly: true });
  try {
    return { history: await store.loadHistory() };
  } catch (error) {
    if (!(error instanceof TelemetryError)) throw error;
    return { code: error.code, message: error.message };
  } finally {
    await store.close();
  }
}

if (parentPort !== null) {
  const start: HistoryStart = workerData;
  parentPort.postMessage(await messageFor(start), []);
}
