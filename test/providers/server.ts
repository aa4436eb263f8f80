import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  connectProviders,
  type ConnectedProviders,
  type ProviderSettings,
} from '../../source/providers/index.ts';

export type Received = { url: string; headers: IncomingMessage['headers']; body: string };

export type TestServer = {
  url: string;
  received: Received[];
  /** Connections accepted so far. */
  connections: () => number;
  close(): Promise<void>;
};

/** A real HTTP server on loopback that answers as it is told. */
export async function startServer(
  answer: (response: ServerResponse, request: Received) => void,
): Promise<TestServer> {
  const received: Received[] = [];
  let connections = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen = { url: request.url ?? '', headers: request.headers, body: await text(request) };
    received.push(seen);
    answer(response, seen);
  };
  const server = createServer((request, response) => void take(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What an OpenAI-compatible server answers. */
export function completion(content: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
    ...more,
  });
}

export function respond(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): void {
  response.writeHead(status, headers).end(body);
}

/** One model, `m`, of one OpenAI-compatible provider, `local`. */
export function connectLocal(
  url: string,
  options: {
    provider?: ProviderSettings;
    environment?: Record<string, string>;
    maxResponseBytes?: number;
  } = {},
): Promise<ConnectedProviders> {
  const { provider = {}, environment = {}, maxResponseBytes } = options;
  return connectProviders({
    settings: {
      providers: { local: { kind: 'openai-compatible', baseUrl: `${url}/v1`, ...provider } },
      models: [{ id: 'm', provider: 'local', price: { input: 1, output: 2 } }],
      catalogue: false,
    },
    environment,
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  });
}
