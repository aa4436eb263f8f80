import { parentPort, workerData } from 'node:worker_threads';
import { TelemetryError } from '../domain/errors.ts';
import type { HistoryMessage, HistoryStart } from './read-history.ts';
import { openEngine } from './open-engine.ts';
import { openTelemetryStore } from './store.ts';

/** How long a read waits for a lock: nobody waits for it. */
const busyTimeoutMs = 5000;

/** What crosses to the other thread: errors lose their class on the way. */
async function messageFor({ path, run }: HistoryStart): Promise<HistoryMessage> {
  try {
    return run === undefined ? await historyOf(path) : await runOf(path, run);
  } catch (error) {
    if (!(error instanceof TelemetryError)) throw error;
    return { code: error.code, message: error.message };
  }
}

async function historyOf(path: string): Promise<HistoryMessage> {
  const store = openTelemetryStore({ path, readonly: true });
  try {
    return { found: await store.loadHistory() };
  } finally {
    await store.close();
  }
}

async function runOf(path: string, projectId: string): Promise<HistoryMessage> {
  const engine = await openEngine(path, { busyTimeoutMs });
  try {
    return { found: await engine.recordedRun(projectId) };
  } finally {
    await engine.close();
  }
}

if (parentPort !== null) {
  const start: HistoryStart = workerData;
  parentPort.postMessage(await messageFor(start), []);
}
