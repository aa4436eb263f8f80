import process from 'node:process';
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import type { ToWorker, WorkerStart } from './write/messages.ts';
import { startWriting } from './write/writing.ts';

/** Batches written in one transaction, when the database is slower than they come; it stays a short one. */
const mostAtOnce = 8;

/** What came while the last transaction took its time. */
function waitingAt(port: MessagePort, most: number): ToWorker[] {
  const messages: ToWorker[] = [];
  while (messages.length < most) {
    const next: { message: ToWorker } | undefined = receiveMessageOnPort(port);
    if (next === undefined) break;
    messages.push(next.message);
  }
  return messages;
}

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
  port.on('message', (first: ToWorker) => {
    const messages = [first, ...waitingAt(port, mostAtOnce - 1)];
    writing.receive(...messages);
    if (messages.some(({ type }) => type === 'close')) process.exit();
    idleWhenQuiet();
  });
  setInterval(idleWhenQuiet, 1000).unref();
  idleWhenQuiet();
}
