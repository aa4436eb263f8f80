import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../domain/errors.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { operations } from './operations.ts';
import { isRetired } from './retire.ts';

async function answerTo({ operation, input }: ToWorker<never>): Promise<FromWorker> {
  try {
    const run: (input: never) => unknown = operations[operation];
    return { type: 'done', value: await run(input), retire: isRetired() };
  } catch (error) {
    return { type: 'failed', message: messageOf(error).slice(0, 500) };
  }
}

const port = parentPort;
if (port !== null) {
  const send = (message: FromWorker): void => port.postMessage(message, []);
  port.on('message', (message: ToWorker<never>) => {
    void answerTo(message).then(send);
  });
  send({ type: 'ready' });
}
