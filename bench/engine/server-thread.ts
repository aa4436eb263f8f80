import { workerData, type MessagePort } from 'node:worker_threads';
import { startBenchServer, type ServerOptions } from './server.ts';

/** The server on a thread of its own, so that its work is not counted as the engine's. */
const { options, port }: { options: ServerOptions; port: MessagePort } = workerData;
const server = await startBenchServer(options);
port.postMessage(server.baseUrl, []);
