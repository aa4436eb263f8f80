import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker, WorkerStart } from './write/messages.ts';
import { startWriting } from './write/writing.ts';

const port = parentPort;
if (port !== null) {
  const start: WorkerStart = workerData;
  const writing = startWriting(start, (message) => port.postMessage(message, []));
  let idling: NodeJS.Immediate | undefined;
  const idleWhenQuiet = (): void => {
    idling ??= setImmediate(() => {
      idling = undefined;
      if (writing.idle()) idleWhenQuiet();
    });
  };
  port.on('message', (message: ToWorker) => {
    writing.receive(message);
    if (message.type === 'close') process.exit();
    idleWhenQuiet();
  });
  setInterval(idleWhenQuiet, 1000).unref();
  idleWhenQuiet();
}
