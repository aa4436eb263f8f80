import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { FromWorker } from '../../source/telemetry/write/messages.ts';
import { startWriting } from '../../source/telemetry/write/writing.ts';
import { batchOf, temporaryDirectory } from './support.ts';

/** What the worker thread does, in this thread, with a clock that only moves when told. */
export function openWriting(path = join(temporaryDirectory(), 'telemetry.db'), writer = '7') {
  // Where its spool falls back to is no folder of the user's.
  vi.stubEnv('ORCHESTRATOR_CACHE_DIR', temporaryDirectory());
  onTestFinished(() => void vi.unstubAllEnvs());
  const messages: FromWorker[] = [];
  let elapsed = 0;
  const writing = startWriting(
    { path, writer, done: new SharedArrayBuffer(4) },
    (message) => messages.push(message),
    { elapsedMs: () => elapsed, busyTimeoutMs: 20 },
  );
  let closed = false;
  const close = (): void => {
    if (!closed) writing.receive({ type: 'close' });
    closed = true;
  };
  onTestFinished(close);
  let number = 0;
  return {
    path,
    messages,
    close,
    notices: () =>
      messages.flatMap((message) => (message.type === 'notice' ? [message.message] : [])),
    /** Records one task; where its record went. */
    record: (taskId: string) => {
      number += 1;
      writing.receive({ type: 'batch', batch: batchOf(writer, number, [taskId]) });
      const last = messages.findLast((message) => message.type === 'done');
      return last?.outcome;
    },
    /** Lets time pass and the worker find it has nothing to do. */
    rest: () => {
      elapsed += 5000;
      for (let index = 0; index < 1000 && writing.idle(); index += 1);
    },
  };
}
