import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answer, type SimulatorSettings } from './answer.ts';
import {
  completionBody,
  errorBody,
  readCompletionRequest,
  type CompletionRequest,
} from './completion.ts';
import { rngFor, hashOf, normal } from './rng.ts';
import type { SimulatedModel } from './fixtures.ts';
import type { Turns } from './turns.ts';

/** How long a client is asked to wait after a failure, in the simulator's quick time. */
const retryAfterMs = 15;

/** The story's state that the server needs at every request. */
export type SimulatorState = SimulatorSettings & {
  day: number;
  /** Factor on every model's latency; 0 answers at once. */
  pace: number;
  /** Whether servers fail and limit the rate now and then. */
  faulty: boolean;
  /** Decides when answers are given; absent: each after its own latency. */
  turns?: Turns;
};

/** Serves every provider of the simulator under a path of its own: `/NAME/v1/chat/completions`. */
export function createSimulatorServer(state: SimulatorState): {
  server: Server;
  forgetRepetitions: () => void;
} {
  const { seed, fixtures } = state;
  const asked = new Map<number, number>();

  const repetitionOf = ({ model, prompt }: CompletionRequest): number => {
    const key = hashOf(model, prompt.system, prompt.prompt);
    const repetition = asked.get(key) ?? 0;
    asked.set(key, repetition + 1);
    return repetition;
  };

  const reply = (provider: string, request: IncomingMessage, body: string): Reply => {
    const completion = readCompletionRequest(body);
    if (request.method !== 'POST' || completion === undefined) {
      return { status: 400, body: errorBody('Not a chat completion.', 'invalid_request_error') };
    }
    const model = fixtures.models.find(({ id }) => id === completion.model);
    if (model === undefined || model.provider !== provider) {
      return { status: 404, body: errorBody('No such model here.', 'model_not_found') };
    }
    const repetition = repetitionOf(completion);
    const { system, prompt } = completion.prompt;
    const random = rngFor(seed, 'service', state.day, model.id, repetition, system, prompt);
    const latencyMs = latencyOf(model, random);
    const key = hashOf(seed, 'order', model.id, repetition, system, prompt);
    const place = { latencyMs, key };
    const roll = state.faulty ? random() : 1;
    if (roll < model.failureRate) {
      return { status: 500, ...place, body: errorBody('Simulated failure.', 'server_error') };
    }
    if (roll < model.failureRate + model.rateLimitRate) {
      return {
        status: 429,
        ...place,
        latencyMs: 0,
        body: errorBody('Simulated rate limit.', 'rate_limit_exceeded'),
      };
    }
    const text = answer(state, { model, prompt: completion.prompt, repetition, day: state.day });
    const id = `sim-${key.toString(36)}`;
    return { status: 200, ...place, body: completionBody(completion, text, id) };
  };

  const server = createServer((request, response) => {
    void serve(request, response, {
      state,
      reply: (provider, body) => reply(provider, request, body),
    });
  });
  return { server, forgetRepetitions: () => asked.clear() };
}

type Reply = { status: number; body: string; latencyMs?: number; key?: number };

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { state, reply }: { state: SimulatorState; reply: (provider: string, body: string) => Reply },
): Promise<void> {
  const provider = /^\/([\w-]+)\/v1\/chat\/completions$/.exec(request.url ?? '')?.[1];
  let body: string;
  try {
    body = (await buffer(request)).toString('utf8');
  } catch {
    // The client left while it was still asking: there is nobody to answer.
    return;
  }
  const {
    status,
    body: answered,
    latencyMs = 0,
    key = 0,
  } = provider === undefined
    ? { status: 404, body: errorBody('No such address.', 'not_found') }
    : reply(provider, body);
  const send = (): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 429 || status === 500 ? { 'retry-after-ms': String(retryAfterMs) } : {}),
    });
    response.end(answered);
  };
  if (state.turns !== undefined && key !== 0) {
    response.once('close', state.turns.arrive({ latencyMs, key, answer: send }));
    return;
  }
  if (latencyMs * state.pace === 0) {
    send();
    return;
  }
  const timer = setTimeout(send, latencyMs * state.pace);
  response.once('close', () => clearTimeout(timer));
}

/** Log-normal around the model's median, as real latencies are. */
function latencyOf(model: SimulatedModel, random: () => number): number {
  return model.latencyMs * Math.exp(normal(random, 0, 0.35));
}
