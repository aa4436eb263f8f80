import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readPrompt, type PromptRole } from '../../../source/domain/prompts.ts';

/** One request to the server, as the engine meant it. */
export type Asked = {
  model: string;
  role: PromptRole | undefined;
  taskType: string | undefined;
  /** A section of the prompt: `task`, `answer`, `review` … */
  section: (name: string) => string | undefined;
  /** Both texts of the request as they were sent. */
  system: string;
  prompt: string;
  maxTokens: number;
  /** How often this model was asked before, faults included. */
  nth: number;
};

export type Answer = {
  text: string;
  usage?: { input: number; output: number; cached?: number } | 'none';
  finish?: string;
  delayMs?: number;
};

/** What the server does with a request. */
export type Reply =
  | Answer
  | { status: number; body?: string; headers?: Record<string, string> }
  | { fault: 'reset' | 'hang' | 'cut' | 'html' };

export type ScriptedServer = {
  baseUrl: string;
  /** Everything that was asked, in order. */
  asked: Asked[];
  /** Tokens of all usage that was reported, by model. */
  usage: Map<string, { input: number; output: number }>;
  close(): Promise<void>;
};

/** An OpenAI-compatible server whose every answer a test decides. */
export async function startScriptedServer(
  script: (asked: Asked) => Reply | Promise<Reply>,
): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const usage: ScriptedServer['usage'] = new Map();
  const counts = new Map<string, number>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const one = await readRequest(request, counts);
    asked.push(one);
    const reply = await script(one);
    if ('fault' in reply) {
      misbehave(reply.fault, response);
      return;
    }
    if ('status' in reply) {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body ?? JSON.stringify({ error: { message: 'scripted fault' } }));
      return;
    }
    const { delayMs = 0 } = reply;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(completion(one.model, reply, usage)));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: string | AddressInfo | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked,
    usage,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(request: IncomingMessage, counts: Map<string, number>): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body: {
    model: string;
    messages: { role: string; content: string }[];
    max_tokens?: number;
    max_completion_tokens?: number;
  } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const textOf = (role: string): string =>
    body.messages.find((message) => message.role === role)?.content ?? '';
  const prompt = readPrompt({ system: textOf('system'), prompt: textOf('user') });
  const nth = (counts.get(body.model) ?? 0) + 1;
  counts.set(body.model, nth);
  return {
    model: body.model,
    role: prompt?.role,
    taskType: prompt?.taskType,
    section: (name) => prompt?.section(name),
    system: textOf('system'),
    prompt: textOf('user'),
    maxTokens: body.max_tokens ?? body.max_completion_tokens ?? 0,
    nth,
  };
}

function completion(model: string, answer: Answer, totals: ScriptedServer['usage']): object {
  const { text, usage = { input: 100, output: 50 }, finish = 'stop' } = answer;
  if (usage !== 'none') {
    const before = totals.get(model) ?? { input: 0, output: 0 };
    totals.set(model, {
      input: before.input + usage.input,
      output: before.output + usage.output,
    });
  }
  return {
    id: 'scripted',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }],
    ...(usage === 'none'
      ? {}
      : {
          usage: {
            prompt_tokens: usage.input,
            completion_tokens: usage.output,
            total_tokens: usage.input + usage.output,
            prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
          },
        }),
  };
}

function misbehave(fault: 'reset' | 'hang' | 'cut' | 'html', response: ServerResponse): void {
  switch (fault) {
    case 'reset': {
      response.socket?.resetAndDestroy();
      return;
    }
    case 'hang': {
      return;
    }
    case 'cut': {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"id": "scripted", "choices": [{"mess');
      setImmediate(() => response.socket?.destroy());
      return;
    }
    case 'html': {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Please log in</body></html>');
    }
  }
}
