import { afterEach, describe, expect, it } from 'vitest';
import {
  defaultModels,
  eventsOf,
  goodAnswer,
  run,
  task,
  type Run,
  type Script,
} from './support/run.ts';
import { startScriptedServer, type Reply, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const refusal = (status: number, message: string, more: object = {}): Reply => ({
  status,
  body: JSON.stringify({ error: { message, ...more } }),
});

const notices = (result: Run): string[] => eventsOf(result, 'notice').map(({ message }) => message);
const failuresOf = (result: Run, model: string): number =>
  result.outcome.snapshots
    .filter((snapshot) => snapshot.model === model)
    .reduce((sum, { profile }) => sum + profile.failureCount, 0);

const tasks = Array.from({ length: 6 }, (_, index) => task(`t${index}`));

describe('a failure that is not the model’s', () => {
  it.each<[string, Reply, string]>([
    [
      'a wrong key said with 400',
      refusal(400, 'API key not valid.', { status: 'INVALID_ARGUMENT' }),
      'first',
    ],
    [
      'no credit',
      refusal(429, 'You exceeded your current quota.', { code: 'insufficient_quota' }),
      'first',
    ],
    ['a used-up month', refusal(400, 'You have reached your specified API usage limits.'), 'first'],
    [
      'an address without an interface',
      { status: 404, body: '<html>nothing here</html>' },
      'first',
    ],
    ['a model that the key may not use', refusal(403, 'no access to model alpha'), 'alpha'],
    ['a refusal without a reason', refusal(403, 'Forbidden'), 'alpha'],
  ])(
    '%s leaves out what it affects with one notice, and is learned of nobody',
    async (_name, reply, out) => {
      await serve((asked) => (asked.model === 'alpha' ? reply : goodAnswer(asked)));
      const models = [...defaultModels, { id: 'delta', provider: 'second' }];
      const result = await run(server, { tasks, models });
      expect(result.outcome.status).toBe('success');
      expect(failuresOf(result, 'alpha')).toBe(0);
      expect(eventsOf(result, 'attempt-finished').every(({ failed }) => !failed)).toBe(true);
      expect(notices(result).filter((message) => message.includes('is left out'))).toEqual([
        expect.stringMatching(new RegExp(`^${out} is left out of this run: `)),
      ]);
      // What is left out is one model or its provider, and never anybody else.
      const used = new Set(server.asked.filter(({ nth }) => nth > 0).map(({ model }) => model));
      expect(used.has('gamma')).toBe(out === 'alpha');
    },
  );

  it('a web page of a firewall says nothing of key or model', async () => {
    let pages = 0;
    await serve((asked) => {
      pages += 1;
      return pages <= 2 ? { status: 403, body: '<!doctype html>Blocked' } : goodAnswer(asked);
    });
    const result = await run(server, { tasks });
    expect(result.outcome.status).toBe('success');
    expect(notices(result).join(' ')).not.toMatch(/left out|key/);
  });

  it('a server that is not up is no failure of its model', async () => {
    await serve((asked) => goodAnswer(asked));
    const gone = await startScriptedServer(() => ({ status: 500 }));
    await gone.close();
    const result = await run(gone, { tasks: [task('a')], timeLimitSeconds: 0.5 });
    expect(eventsOf(result, 'attempt-finished')).toEqual([]);
    expect(result.outcome.snapshots).toEqual([]);
  });
});

describe('a limit of one model', () => {
  it.each([
    ['named', 'Rate limit reached for `alpha`. Please try again in 20m.', {}],
    ['not named', 'Slow down', { 'retry-after': '1200' }],
  ])('that is %s leaves its provider’s others in use', async (_name, message, headers) => {
    await serve((asked) =>
      asked.model === 'alpha'
        ? { status: 429, body: JSON.stringify({ error: { message } }), headers: { ...headers } }
        : goodAnswer(asked),
    );
    const models = ['alpha', 'beta', 'gamma'].map((id) => ({ id, provider: 'first' }));
    const result = await run(server, { tasks, models, concurrency: 1 });
    expect(result.outcome.status).toBe('success');
    expect(server.asked.filter(({ model }) => model === 'alpha')).toHaveLength(1);
    expect(failuresOf(result, 'alpha')).toBe(0);
  });

  it('beyond the time limit of the run ends it at once', async () => {
    await serve(() => ({ status: 429, headers: { 'retry-after': '99999999' } }));
    const startedAt = performance.now();
    const result = await run(server, { tasks: [task('a')], timeLimitSeconds: 30 });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(server.asked.length).toBeLessThan(10);
    expect(result.outcome.status).toBe('failed');
  });
});

describe('a server that is still loading', () => {
  const loading = refusal(503, 'Loading model', { type: 'unavailable_error' });

  it('is waited for while planning and in a task', async () => {
    let asks = 0;
    await serve((asked) => {
      asks += 1;
      return asks <= 9 || (asked.role === 'generator' && asks <= 18) ? loading : goodAnswer(asked);
    });
    const result = await run(server, { project: 'Say hello' });
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.snapshots.every(({ profile }) => profile.failureCount === 0)).toBe(true);
  });

  it('is not waited for where another model can plan', async () => {
    await serve((asked) => (asked.model === 'beta' ? goodAnswer(asked) : loading));
    const result = await run(server, { project: 'Say hello', timeLimitSeconds: 5 });
    expect(notices(result).some((message) => message.includes('not usable'))).toBe(false);
    expect(server.asked.some(({ model, role }) => model === 'beta' && role === 'planner')).toBe(
      true,
    );
  });
});
