import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { connectProviders, startSimulator } from '../source/providers/index.ts';
import { generatePrompt } from '../source/domain/prompts.ts';

type Figures = Record<string, number>;

const median = (values: readonly number[]): number => quantile(values, 0.5);

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const answer = JSON.stringify({
  id: '1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'x'.repeat(4000) }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 100, completion_tokens: 1000, total_tokens: 1100 },
});

/** What a call through the client costs beside bare `fetch` of the same bodies, in turns. */
async function callOverhead(calls: number): Promise<Figures> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  const { client } = await connectProviders({
    settings: {
      providers: { local: { kind: 'openai-compatible', baseUrl } },
      models: [{ id: 'm', provider: 'local', price: { input: 1, output: 1 } }],
      catalogue: false,
    },
    environment: {},
  });
  const request = {
    model: 'm',
    ...generatePrompt({ type: 'summarization', instructions: 'y'.repeat(2000), criteria: 'z' }),
    maxOutputTokens: 1024,
  };
  const body = JSON.stringify({
    model: 'm',
    max_tokens: 1024,
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.prompt },
    ],
  });
  const bare = async (): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', body });
    return JSON.parse(await response.text());
  };
  const through: number[] = [];
  const without: number[] = [];
  for (let call = 0; call < calls + 50; call += 1) {
    const one = await timed(bare);
    const other = await timed(() => client.generate(request));
    // The first ones pay for compiling.
    if (call >= 50) {
      without.push(one);
      through.push(other);
    }
  }
  server.closeAllConnections();
  server.close();
  return {
    bareFetchP50Ms: median(without),
    clientP50Ms: median(through),
    addedP50Ms: median(through) - median(without),
    addedP99Ms: quantile(through, 0.99) - quantile(without, 0.99),
  };
}

async function priceFigures(): Promise<Figures> {
  const environment = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', DEEPSEEK_API_KEY: 'k' };
  const settings = { providers: {}, models: [], catalogue: true };
  const start = performance.now();
  const { offers } = await connectProviders({ settings, environment });
  const connectMs = performance.now() - start;
  const usage = { inputTokens: 1000, cachedInputTokens: 100, outputTokens: 500 };
  const rounds = 2000;
  const from = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    for (const { costUsd } of offers) costUsd(usage);
  }
  const priceUs = ((performance.now() - from) / (rounds * offers.length)) * 1000;
  return { connectWithPriceListMs: connectMs, priceOfOneCallUs: priceUs };
}

async function simulatorFigures(calls: number): Promise<Figures> {
  const simulator = await startSimulator({ seed: 1, pace: 0 });
  const { client } = await connectProviders({ settings: simulator.settings, environment: {} });
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) {
      next += 1;
      const task = { type: 'summarization', instructions: `Text ${next}`, criteria: 'short' };
      await client
        .generate({ model: 'meridian-flash', ...generatePrompt(task), maxOutputTokens: 500 })
        .catch(() => undefined);
    }
  };
  const elapsed = await timed(() => Promise.all(Array.from({ length: 8 }, worker)));
  await simulator.close();
  return { labCallsPerSecond: (calls / elapsed) * 1000 };
}

/** Figures of the edge to the models: what it adds to a call, what prices and the simulator cost. */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const calls = Number(args[0] ?? 1000);
  const figures = {
    ...(await callOverhead(calls)),
    ...(await priceFigures()),
    ...(await simulatorFigures(calls)),
  };
  if (json) {
    console.log(JSON.stringify(figures));
    return;
  }
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(24)}${value.toFixed(3).padStart(12)}`);
  }
}
