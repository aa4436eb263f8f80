import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { maintainEveryMs, startServerWriting } from './postgres/writing.ts';
import type { ToWorker, WorkerStart } from './write/messages.ts';

const port = parentPort;
if (port !== null) {
  const start: WorkerStart = workerData;
  const writing = startServerWriting(start, (message) => {
    port.postMessage(message, []);
    if (message.type === 'closed') process.exit();
  });
  port.on('message', (message: ToWorker) => writing.receive(message));
  setInterval(() => writing.maintain(), maintainEveryMs).unref();
  writing.maintain();
}
