import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ModelCallError, type ModelRequest } from '../../source/domain/model-api.ts';
import { completion, connectLocal, respond, startServer, type TestServer } from './server.ts';

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
});

const secret = 'sk-test-0123456789abcdef';
const prompt = 'Tell me the launch code of the secret missile project';

async function failureOf(
  answer: (response: ServerResponse) => void,
  request: Partial<ModelRequest> = {},
  maxResponseBytes?: number,
): Promise<ModelCallError> {
  server = await startServer(answer);
  const { client } = await connectLocal(server.url, {
    provider: { apiKeyEnv: 'LOCAL_KEY' },
    environment: { LOCAL_KEY: secret },
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  });
  const failure: unknown = await client
    .generate({ model: 'm', prompt, maxOutputTokens: 10, ...request })
    .catch((error: unknown) => error);
  if (!(failure instanceof ModelCallError)) throw new Error('it did not fail as it should');
  return failure;
}

const errorBody = (message: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ error: { message, ...more } });

describe('an HTTP status', () => {
  it.each([
    [400, 'bad-request', false],
    [401, 'unauthorized', false],
    [402, 'out-of-credit', false],
    [403, 'unauthorized', false],
    [404, 'unknown-model', false],
    [408, 'timed-out', true],
    [413, 'bad-request', false],
    [429, 'rate-limited', true],
    [500, 'overloaded', true],
    [502, 'overloaded', true],
    [503, 'overloaded', true],
    [504, 'timed-out', true],
    [529, 'overloaded', true],
  ])('%i is %s', async (status, code, isRetryable) => {
    const failure = await failureOf((response) => respond(response, status, errorBody('no')));
    expect(failure).toMatchObject({ code, status, isRetryable });
  });

  it.each([
    [429, { code: 'insufficient_quota' }, 'out-of-credit'],
    [429, { code: '1113' }, 'out-of-credit'],
    [400, { type: 'rate_limit_error' }, 'rate-limited'],
    [400, { status: 'RESOURCE_EXHAUSTED' }, 'rate-limited'],
    [400, { code: 'model_not_found' }, 'unknown-model'],
    [200, { type: 'overloaded_error' }, 'overloaded'],
  ])("%i gives way to the provider's own word %j", async (status, words, code) => {
    const failure = await failureOf((response) =>
      respond(response, status, errorBody('no', words)),
    );
    expect(failure.code).toBe(code);
  });

  it('400 about credit is about credit', async () => {
    const failure = await failureOf((response) =>
      respond(response, 400, errorBody('Your credit balance is too low to access the API.')),
    );
    expect(failure.code).toBe('out-of-credit');
  });

  it('200 with an error in the form of MiniMax is that error', async () => {
    const body = { base_resp: { status_code: 1002, status_msg: 'rate limit' }, choices: null };
    const failure = await failureOf((response) => respond(response, 200, JSON.stringify(body)));
    expect(failure).toMatchObject({ code: 'rate-limited', mayHaveCost: false });
  });
});

describe('the time to wait', () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('in %j is %s ms', async (headers, wait) => {
    const failure = await failureOf((response) =>
      respond(response, 429, errorBody('slow down'), headers),
    );
    expect(failure.retryAfterMs).toBe(wait);
  });

  it('is read from the body where Google writes it', async () => {
    const details = [{ '@type': 'RetryInfo', retryDelay: '31.5s' }];
    const failure = await failureOf((response) =>
      respond(response, 429, JSON.stringify([{ error: { code: 429, message: 'no', details } }])),
    );
    expect(failure.retryAfterMs).toBe(31_500);
  });
});

describe('an unusable answer', () => {
  it.each([
    ['a web page', '<!doctype html><html><body>Sign in</body></html>', 'text/html'],
    ['cut JSON', completion('hello').slice(0, 60), 'application/json'],
    ['other JSON', '{"hello": "world"}', 'application/json'],
    ['no choices', completion('hello', { choices: [] }), 'application/json'],
    ['nothing', '', 'application/json'],
  ])('%s with status 200 is an invalid response that may have cost', async (_name, body, type) => {
    const failure = await failureOf((response) =>
      respond(response, 200, body, { 'content-type': type }),
    );
    expect(failure).toMatchObject({
      code: 'invalid-response',
      isRetryable: false,
      mayHaveCost: true,
    });
  });

  it.each([
    ['announced', { 'content-length': '2000000' }],
    ['unannounced', {}],
  ])('larger than the limit, %s, is not read', async (_name, headers) => {
    let written = 0;
    const failure = await failureOf(
      (response) => {
        response.writeHead(200, headers);
        const chunk = 'x'.repeat(50_000);
        const pump = (): void => {
          while (written < 2_000_000 && !response.destroyed) {
            written += chunk.length;
            if (!response.write(chunk)) {
              response.once('drain', pump);
              return;
            }
          }
          response.end();
        };
        pump();
      },
      {},
      100_000,
    );
    expect(failure).toMatchObject({ code: 'invalid-response', mayHaveCost: true });
  });
});

describe('a connection', () => {
  it('that is refused cost nothing and may be tried again', async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const { client } = await connectLocal(gone.url);
    await expect(
      client.generate({ model: 'm', prompt, maxOutputTokens: 10 }),
    ).rejects.toMatchObject({ code: 'network', mayHaveCost: false, isRetryable: true });
  });

  it('that is reset may have cost', async () => {
    const failure = await failureOf((response) => response.socket?.resetAndDestroy());
    expect(failure).toMatchObject({ code: 'network', mayHaveCost: true, isRetryable: true });
  });

  it('that ends inside the body may have cost', async () => {
    const failure = await failureOf((response) => {
      response.writeHead(200, { 'content-length': '5000' });
      response.write('{"choices": [', () => response.socket?.destroy());
    });
    expect(failure).toMatchObject({ code: 'network', mayHaveCost: true });
  });

  it('that hangs ends when the caller gives up', async () => {
    const stop = new AbortController();
    const failure = await failureOf(() => stop.abort(), { signal: stop.signal });
    expect(failure).toMatchObject({ code: 'aborted', mayHaveCost: true, isRetryable: false });
  });

  it('that hangs inside the body ends when the caller gives up', async () => {
    const stop = new AbortController();
    const failure = await failureOf(
      (response) => {
        response.writeHead(200);
        response.write('{', () => stop.abort());
      },
      { signal: stop.signal },
    );
    expect(failure.code).toBe('aborted');
  });

  it('that hangs ends at its time limit', async () => {
    const failure = await failureOf(() => undefined, { signal: AbortSignal.timeout(30) });
    expect(failure).toMatchObject({ code: 'timed-out', mayHaveCost: true, isRetryable: true });
  });

  it('is not opened for a call that was stopped before', async () => {
    const failure = await failureOf((response) => respond(response, 200, completion('late')), {
      signal: AbortSignal.abort(),
    });
    expect(failure).toMatchObject({ code: 'aborted', mayHaveCost: false });
    expect(server?.received).toEqual([]);
  });
});

describe('the message of a failure', () => {
  it('names the provider, the status, its words and the remedy', async () => {
    const failure = await failureOf((response) =>
      respond(response, 401, errorBody('Bad key.\nSee the docs.')),
    );
    expect(failure.message).toBe(
      'local refused the key for m (401, "Bad key. See the docs."): check LOCAL_KEY.',
    );
  });

  it('never holds the key, nor does what caused it', async () => {
    const failure = await failureOf((response) =>
      respond(
        response,
        401,
        errorBody(`Incorrect API key provided: ${secret}, or sk-proj-ab***yz12`),
      ),
    );
    expect(failure.message).toContain('[redacted]');
    expect(`${failure.message}${JSON.stringify(failure.cause)}${failure.stack}`).not.toMatch(/sk-/);
  });

  it('never repeats the prompt', async () => {
    const failure = await failureOf((response) =>
      respond(response, 400, errorBody(`Cannot serve "${prompt.slice(5, 40)}"`)),
    );
    expect(failure.message).not.toContain('launch code');
  });

  it('is short, however long the page', async () => {
    const failure = await failureOf((response) =>
      respond(response, 400, errorBody('sorry '.repeat(50_000))),
    );
    expect(failure.message.length).toBeLessThan(300);
  });
});

it('reuses connections for calls that follow one another', async () => {
  server = await startServer((response) => respond(response, 200, completion('ok')));
  const { client } = await connectLocal(server.url);
  for (let call = 0; call < 5; call += 1) {
    await client.generate({ model: 'm', prompt, maxOutputTokens: 10 });
  }
  expect(server.received).toHaveLength(5);
  expect(server.connections()).toBeLessThan(3);
});
