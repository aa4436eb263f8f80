import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readPrompt } from '../../source/domain/prompts.ts';
import { seededRandom, type Random } from '../../source/domain/runtime.ts';

export type ServerOptions = {
  latencyMs: number;
  /** Size of a generated answer. */
  outputBytes: number;
  /** Seed of the faults; absent: none. */
  chaos?: number;
};

export type BenchServer = {
  baseUrl: string;
  /** Requests so far, by what they asked for. */
  asked: Map<string, number>;
  /** Receives every request as it arrives. */
  onRequest: (total: number) => void;
  close: () => Promise<void>;
};

/** An OpenAI-compatible server that plays well-behaved models, or with a seed, badly behaved ones. */
export async function startBenchServer(options: ServerOptions): Promise<BenchServer> {
  const random = seededRandom(options.chaos ?? 0);
  const asked = new Map<string, number>();
  let total = 0;
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const self: BenchServer = {
    baseUrl: '',
    asked,
    onRequest: () => {},
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = readBody(Buffer.concat(chunks).toString('utf8'));
    const prompt = readPrompt(body);
    const key = `${prompt?.role} ${prompt?.section('task') ?? ''}`;
    asked.set(key, (asked.get(key) ?? 0) + 1);
    total += 1;
    self.onRequest(total);
    if (options.latencyMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    }
    if (options.chaos !== undefined && misbehave(random, response)) return;
    const text = textFor(prompt?.role ?? '', options, random);
    const outputTokens = Math.min(body.maxTokens, Math.ceil(text.length / 4));
    const usage =
      options.chaos !== undefined && random() < 0.05
        ? {}
        : {
            usage: {
              prompt_tokens: Math.ceil((body.prompt.length + body.system.length) / 4),
              completion_tokens: outputTokens,
              total_tokens: 0,
            },
          };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: '1',
        object: 'chat.completion',
        created: 1,
        model: body.model,
        choices: [
          { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' },
        ],
        ...usage,
      }),
    );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  self.baseUrl = `http://127.0.0.1:${port}/v1`;
  return self;
}

function readBody(text: string): {
  model: string;
  system: string;
  prompt: string;
  maxTokens: number;
} {
  const body: {
    model: string;
    max_tokens?: number;
    messages: { role: string; content: string }[];
  } = JSON.parse(text);
  const textOf = (role: string): string =>
    body.messages.find((message) => message.role === role)?.content ?? '';
  return {
    model: body.model,
    system: textOf('system'),
    prompt: textOf('user'),
    maxTokens: body.max_tokens ?? 1024,
  };
}

function textFor(role: string, { outputBytes, chaos }: ServerOptions, random: Random): string {
  const odd = chaos !== undefined && random() < 0.1;
  if (role === 'planner') {
    const tasks = ['a', 'b', 'c', 'd'].map((id, index) => ({
      id,
      type: 'summarization',
      prompt: `Do ${id}`,
      dependsOn: index === 0 ? [] : [['a', 'b', 'c'][Math.floor(random() * index)]],
    }));
    return odd ? '{"tasks": [{"id": 5}]}' : JSON.stringify({ tasks });
  }
  if (role === 'judge') {
    if (odd) return random() < 0.5 ? 'Very good!' : '{"score": 7}';
    const score = chaos === undefined ? 0.95 : 0.5 + random() / 2;
    return random() < 0.5
      ? `{"score": ${score}}`
      : `Well:\n\`\`\`json\n{"score": ${score}}\n\`\`\``;
  }
  if (role === 'critic') return 'The ending is weak.';
  return odd ? '' : 'word '.repeat(Math.ceil(outputBytes / 5));
}

/** Answers with one of the faults of real servers; false when it behaves this time. */
function misbehave(random: Random, response: ServerResponse): boolean {
  const chance = random();
  if (chance > 0.3) return false;
  const kind = Math.floor(random() * 8);
  const headers = { 'content-type': 'application/json' };
  const faults = [
    () => response.writeHead(429, { ...headers, 'retry-after-ms': '3' }).end('{}'),
    () => response.writeHead(500, headers).end('{}'),
    () => response.writeHead(503, headers).end('{}'),
    () => response.socket?.resetAndDestroy(),
    () => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
    () => {
      response.writeHead(200, { ...headers, 'content-length': '900' }).write('{"choices": [');
      setImmediate(() => response.socket?.destroy());
    },
    () => response.writeHead(400, headers).end('{"error": {"message": "no"}}'),
    // Never answers: the caller's time limit ends it.
    () => {},
  ];
  faults[kind]?.();
  return true;
}
