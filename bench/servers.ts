import { createServer, validateHeaderValue, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import fc from 'fast-check';
import { daySeconds } from '../source/domain/durations.ts';
import { ModelCallError } from '../source/domain/model-api.ts';
import { connectProviders } from '../source/providers/index.ts';
import { exchanges, prompt, secret, type Exchange } from './servers/exchanges.ts';

/** Longer than this is frozen. */
const timeoutMs = 10_000;

type Figures = { exchanges: number; faults: number; slowestMs: number; outcomes: string };

/**
 * Asks a server on loopback that answers at random, through every interface, and counts crashes,
 * freezes, leaks and the wrong blame: `npm run bench servers -- 5000 1` (exchanges, seed).
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const [numRuns = 3000, seed = 1] = args.map(Number);
  const server = await startServer();
  const figures = { exchanges: numRuns, faults: 0, slowestMs: 0 };
  const outcomes = new Map<string, number>();
  for (const exchange of fc.sample(exchanges, { numRuns, seed })) {
    server.answer = exchange;
    const start = performance.now();
    const { outcome, fault } = await outcomeOf(server.url, exchange);
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - start));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (fault === undefined) continue;
    figures.faults += 1;
    if (figures.faults <= 3) console.error(fault, JSON.stringify(exchange).slice(0, 500));
  }
  server.close();
  const summary: Figures = {
    ...figures,
    outcomes: [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', '),
  };
  if (json) console.log(JSON.stringify(summary));
  else console.table([summary]);
  if (figures.faults > 0) process.exitCode = 1;
}

async function outcomeOf(
  baseUrl: string,
  { kind, status, how }: Exchange,
): Promise<{ outcome: string; fault?: string }> {
  const { client } = await connectProviders({
    settings: {
      catalogue: false,
      providers: { it: { kind, baseUrl, apiKeyEnv: 'IT_KEY' } },
      models: [{ id: 'some-model', provider: 'it', price: { input: 1, output: 1 } }],
    },
    environment: { IT_KEY: secret },
    maxResponseBytes: 200_000,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    await client.generate({ model: 'some-model', prompt, maxOutputTokens: 50, json: true, signal });
    return status < 300 ? { outcome: 'ok' } : { outcome: 'ok', fault: `an answer with ${status}` };
  } catch (error) {
    if (!(error instanceof ModelCallError)) return { outcome: 'crash', fault: String(error) };
    const outcome = `${error.code}/${error.blame}`;
    const isWhole = how === 'whole' || how === 'pieces';
    if (signal.aborted) return { outcome, fault: 'frozen' };
    if (leaks(error)) return { outcome, fault: `leak: ${error.message}` };
    if (status === 401 && isWhole && error.blame === 'model') {
      return { outcome, fault: 'a refused key is blamed on the model' };
    }
    const { retryAfterMs = 0 } = error;
    const isWait = retryAfterMs >= 0 && retryAfterMs <= 366 * daySeconds * 1000;
    return isWait ? { outcome } : { outcome, fault: `waits ${retryAfterMs} ms` };
  }
}

function leaks({ message, cause }: ModelCallError): boolean {
  const bytes = Buffer.from(secret);
  const readings = [
    secret,
    secret.slice(3, 13),
    secret.slice(-10),
    encodeURIComponent(secret),
    bytes.toString('base64').slice(0, 24),
    bytes.toString('hex').slice(0, 20),
    prompt.slice(9, 30),
  ];
  return (
    cause !== undefined ||
    message.length > 1000 ||
    /\p{Cc}/u.test(message) ||
    readings.some((reading) => message.includes(reading))
  );
}

async function startServer() {
  const state: { answer?: Exchange } = {};
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (state.answer !== undefined) respond(response, state.answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

function respond(response: ServerResponse, { status, body, retryAfter, location, how }: Exchange) {
  if (how === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, {
    'content-type': body.startsWith('data:') ? 'text/event-stream' : 'application/json',
    ...(isHeader(retryAfter) ? { 'retry-after': retryAfter } : {}),
    ...(status >= 300 && status < 400 ? { location } : {}),
  });
  if (how === 'cut') response.write(body.slice(0, 5), () => response.socket?.destroy());
  else if (how === 'pieces') {
    const half = Math.floor(body.length / 2);
    response.write(body.slice(0, half), () => response.end(body.slice(half)));
  } else response.end(body);
}

function isHeader(value: string): boolean {
  try {
    validateHeaderValue('retry-after', value);
    return true;
  } catch {
    return false;
  }
}
