import { afterEach, describe, expect, it } from 'vitest';
import { openPolicy } from '../../source/domain/policy.ts';
import { costOf, eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const many = (count: number) => Array.from({ length: count }, (_, index) => task(`t${index}`));

describe('the budget', () => {
  it('is never exceeded, at any concurrency, and the run says that it is used up', async () => {
    await serve((asked) => ({
      ...goodAnswer(asked),
      usage: { input: 200, output: asked.maxTokens },
    }));
    const budgetUsd = 0.05;
    let spent = 0;
    const result = await run(server, {
      tasks: many(40),
      concurrency: 20,
      budgetUsd,
      emit: (event) => {
        if (event.type === 'call-finished') spent += event.costUsd;
        expect(spent).toBeLessThanOrEqual(budgetUsd);
      },
    });
    expect(result.outcome.status).toBe('budget-exhausted');
    expect(result.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
    expect(result.outcome.spentUsd).toBeLessThanOrEqual(budgetUsd);
    expect(result.outcome.spentUsd).toBeGreaterThan(budgetUsd / 2);
    expect(result.outcome.resumable).toBe(true);
  });

  it('that is too small for the plan ends the run before a call', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, { budgetUsd: 0.000_001 });
    expect(server.asked).toEqual([]);
    expect(result.outcome).toMatchObject({ status: 'budget-exhausted', spentUsd: 0 });
  });

  it('is no riddle where the policy leaves no model for a task', async () => {
    await serve((asked) => goodAnswer(asked));
    const policy = { ...openPolicy, maxTaskCostUsd: 0.000_001 };
    const result = await run(server, { tasks: [task('a')], policy });
    expect(eventsOf(result, 'run-finished')[0]).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('costs more than may be spent'),
    });
  });

  it('that holds no full answer still gets a shorter one', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, {
      tasks: [task('a', { type: 'code_generation' })],
      budgetUsd: 0.0135,
    });
    const generation = server.asked.find(({ role }) => role === 'generator');
    expect(generation?.maxTokens).toBe(4096);
    expect(result.outcome.results).toHaveLength(1);
  });

  it('goes by what cached input costs', async () => {
    await serve((asked) => ({
      ...goodAnswer(asked),
      usage: { input: 1000, cached: 800, output: 10 },
    }));
    const result = await run(server, {
      tasks: [task('a')],
      models: ['alpha', 'beta'].map((id) => ({
        id,
        provider: id,
        price: { input: 1, output: 2, cachedInput: 0.1 },
      })),
    });
    const each = (200 * 1 + 800 * 0.1 + 10 * 2) / 1e6;
    expect(result.outcome.spentUsd).toBeCloseTo(each * server.asked.length, 9);
  });

  it('is split by phase and by model, and the parts add up', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server);
    const [end] = eventsOf(result, 'run-finished');
    const sum = (amounts: Record<string, number>): number =>
      Object.values(amounts).reduce((total, amount) => total + amount, 0);
    expect(sum(end?.spentByPhase ?? {})).toBeCloseTo(result.outcome.spentUsd, 9);
    expect(sum(end?.spentByModel ?? {})).toBeCloseTo(result.outcome.spentUsd, 9);
    expect(end?.spentByPhase.decomposition).toBeGreaterThan(0);
  });

  it('is estimated before the first task', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server);
    const [estimate] = eventsOf(result, 'run-estimated');
    const order = result.events.map(({ type }) => type);
    expect(order.indexOf('run-estimated')).toBeLessThan(order.indexOf('task-started'));
    expect(estimate?.lowUsd).toBeGreaterThan(0);
    expect(estimate?.lowUsd).toBeLessThanOrEqual(estimate?.expectedUsd ?? 0);
    expect(estimate?.expectedUsd).toBeLessThanOrEqual(estimate?.highUsd ?? 0);
    expect(estimate?.basis).toContain('no history');
  });

  it('share for critiques may run out without failing a task', async () => {
    await serve((asked) =>
      asked.role === 'critic'
        ? { text: 'Weak.', usage: { input: 200, output: 1000 } }
        : goodAnswer(asked),
    );
    const result = await run(server, { tasks: many(20), budgetUsd: 0.02, concurrency: 1 });
    expect(result.outcome.results.length).toBeGreaterThan(0);
    expect(result.outcome.spentUsd).toBeLessThanOrEqual(0.02);
    expect(eventsOf(result, 'notice').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('share of the budget for critiques'),
    );
  });
});

describe('the time limit', () => {
  it('stops new work, aborts what runs, and keeps what is done', async () => {
    await serve((asked) =>
      asked.section('task') === 'Do slow' && asked.role === 'generator'
        ? { fault: 'hang' }
        : goodAnswer(asked),
    );
    const result = await run(server, {
      tasks: [task('quick'), task('slow'), task('never', { dependsOn: ['slow'] })],
      timeLimitSeconds: 0.6,
      tuning: { callTimeoutMs: 60_000 },
    });
    expect(result.outcome).toMatchObject({ status: 'timeout', resumable: true });
    expect(result.outcome.results.map(({ taskId }) => taskId)).toEqual(['quick']);
    const aborted = eventsOf(result, 'call-finished').find(({ outcome }) => outcome === 'aborted');
    expect(aborted).toMatchObject({ estimated: true });
    expect(result.outcome.snapshots.every(({ profile }) => profile.failureCount === 0)).toBe(true);
  });

  it('ends a command that checks an output, too', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, {
      tasks: [task('a', { validators: [{ command: 'sleep 600' }] })],
      timeLimitSeconds: 0.5,
    });
    expect(result.outcome).toMatchObject({ status: 'timeout', resumable: true, results: [] });
  });

  it('of a task leaves it for later', async () => {
    await serve((asked) => (asked.role === 'generator' ? { fault: 'hang' } : goodAnswer(asked)));
    const result = await run(server, {
      tasks: [task('a')],
      tuning: { taskTimeoutMs: 100, callTimeoutMs: 60_000 },
    });
    expect(result.outcome).toMatchObject({ status: 'failed', resumable: true, results: [] });
  });
});

describe('a run', () => {
  it('gives a sign of life while it waits', async () => {
    await serve((asked) => ({ ...goodAnswer(asked), delayMs: 60 }));
    const result = await run(server, { tasks: [task('a')], tuning: { heartbeatMs: 10 } });
    const beats = eventsOf(result, 'heartbeat');
    expect(beats.length).toBeGreaterThan(2);
    expect(beats.at(-1)?.spentUsd).toBeGreaterThan(0);
  });

  it('says nothing after its end', async () => {
    await serve((asked) => ({ ...goodAnswer(asked), delayMs: 20 }));
    const result = await run(server, { tasks: many(3), tuning: { heartbeatMs: 5 } });
    expect(result.events.map(({ type }) => type).indexOf('run-finished')).toBe(
      result.events.length - 1,
    );
  });

  it('charges a client that rejects with an error of its own what was reserved', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, {
      tasks: [task('a')],
      client: { generate: () => Promise.reject(new Error('a fault of the client')) },
    });
    expect(result.outcome.status).toBe('failed');
    expect(eventsOf(result, 'call-finished')[0]).toMatchObject({
      outcome: 'invalid-response',
      estimated: true,
    });
  });

  it('leaves a client behind that does not heed its signal', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, {
      tasks: [task('a')],
      timeLimitSeconds: 0.05,
      client: { generate: () => new Promise(() => {}) },
    });
    expect(result.outcome).toMatchObject({ status: 'timeout', resumable: true });
  });
});

describe('a stop', () => {
  it('lets calls in flight end, starts no other, and leaves a run that can be continued', async () => {
    const stop = new AbortController();
    await serve((asked) => {
      if (asked.role === 'generator') stop.abort();
      return { ...goodAnswer(asked), delayMs: 50 };
    });
    const result = await run(server, { tasks: many(5), concurrency: 1, signal: stop.signal });
    expect(server.asked.map(({ role }) => role)).toEqual(['generator']);
    expect(result.outcome).toMatchObject({ status: 'partial', resumable: true, results: [] });
    expect(eventsOf(result, 'call-finished')[0]).toMatchObject({
      estimated: false,
      answer: { text: 'Answer to: Do t0' },
    });
  });

  it('before the start runs nothing', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, { signal: AbortSignal.abort() });
    expect(server.asked).toEqual([]);
    expect(result.outcome).toMatchObject({ status: 'partial', resumable: true, spentUsd: 0 });
  });
});

describe('the policy', () => {
  it('marks an attempt that was too slow', async () => {
    await serve((asked) => ({
      ...goodAnswer(asked),
      delayMs: asked.role === 'generator' ? 30 : 0,
    }));
    const result = await run(server, {
      tasks: [task('a')],
      policy: { allow: [], block: [], maxLatencyMs: 20 },
    });
    expect(eventsOf(result, 'attempt-finished')[0]?.policyViolation).toBe(true);
    expect(result.outcome.snapshots[0]?.profile.trustFactor).toBeLessThan(1);
  });

  it('keeps blocked models out of every role', async () => {
    await serve((asked) => goodAnswer(asked));
    await run(server, { policy: { allow: [], block: ['alpha'] } });
    expect(server.asked.some(({ model }) => model === 'alpha')).toBe(false);
  });

  it('stops improving a task that has become too dear', async () => {
    await serve((asked) => ({
      ...goodAnswer(asked, { judge: 0.3 }),
      usage: { input: 100, output: 500 },
    }));
    const result = await run(server, {
      tasks: [task('a')],
      policy: { allow: [], block: [], maxTaskCostUsd: 0.003 },
    });
    expect(result.outcome.results[0]?.iterations).toBe(1);
    expect(eventsOf(result, 'attempt-finished')[0]?.policyViolation).toBe(true);
  });
});

describe('a plan', () => {
  const plans = async (answers: readonly string[]) => {
    let planned = 0;
    await serve((asked) => {
      if (asked.role !== 'planner') return goodAnswer(asked);
      planned += 1;
      return { text: answers[planned - 1] ?? '' };
    });
    return run(server);
  };
  const good = JSON.stringify({
    tasks: [{ id: 'a', type: 'summarization', prompt: 'Do a', dependsOn: [] }],
  });

  it.each([
    ['no JSON', 'I would rather not.'],
    ['an unknown type', good.replace('summarization', 'cooking')],
    ['a missing dependency', good.replace('[]', '["b"]')],
    ['a circle', good.replace('[]', '["a"]')],
    ['a duplicate id', good.replace(']}]}', ']},{"id":"a","type":"evaluation","prompt":"x"}]}')],
    ['no tasks', '{"tasks": []}'],
    ['a wrong field', good.replace('"Do a"', '5')],
  ])('with %s is asked for again with what is wrong', async (_, bad) => {
    const result = await plans([bad, `Here it is:\n\`\`\`json\n${good}\n\`\`\``]);
    expect(result.outcome.status).toBe('success');
    const [, second] = server.asked.filter(({ role }) => role === 'planner');
    expect(second?.section('problems')).toMatch(/^- .+/);
    expect(second?.section('answer')).toBe(bad);
  });

  it('that none can make, asked twice each, ends the run with the reason', async () => {
    const result = await plans([]);
    expect(result.outcome).toMatchObject({ status: 'failed', results: [] });
    expect(result.outcome.message).toContain('could not be split into tasks');
    const counts = Object.groupBy(server.asked, ({ model }) => model);
    expect(Object.values(counts).map((calls) => calls?.length)).toEqual([2, 2, 2]);
  });

  it('that one model cannot make is asked of another', async () => {
    await serve((asked) =>
      asked.role === 'planner' && asked.model === server.asked[0]?.model
        ? { text: 'I would do this in steps.' }
        : goodAnswer(asked),
    );
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
    const planners = server.asked.filter(({ role }) => role === 'planner');
    expect(new Set(planners.map(({ model }) => model)).size).toBe(2);
  });

  it('of a model that refuses is asked of another at once', async () => {
    await serve((asked) =>
      asked.role === 'planner' && asked.model === server.asked[0]?.model
        ? { text: 'No.', finish: 'content_filter' }
        : goodAnswer(asked),
    );
    await run(server);
    expect(server.asked.filter(({ role }) => role === 'planner')).toHaveLength(2);
  });

  it('waits for a server that is still loading its model', async () => {
    let refused = 0;
    await serve((asked) => {
      refused += 1;
      return refused <= 12 ? { status: 503 } : goodAnswer(asked);
    });
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
  });

  it('that was cut off is asked for with more room', async () => {
    await serve((asked) =>
      asked.role === 'planner' && asked.maxTokens < 8000
        ? { text: good.slice(0, 30), finish: 'length' }
        : goodAnswer(asked),
    );
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
    const limits = server.asked.filter(({ role }) => role === 'planner');
    expect(limits.map(({ maxTokens }) => maxTokens)).toEqual([4096, 8192]);
  });

  it('names no program to run', async () => {
    const withCommand = good.replace(
      '"dependsOn"',
      '"validators": [{"command": "touch /tmp/x"}], "dependsOn"',
    );
    const result = await plans([withCommand]);
    expect(eventsOf(result, 'run-planned')[0]?.tasks[0]?.validators).toEqual([]);
  });

  it('is made by another model where the first cannot be reached', async () => {
    await serve((asked) =>
      asked.role === 'planner' && asked.model === 'alpha' ? { status: 500 } : goodAnswer(asked),
    );
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
  });

  it('of the user that makes no sense is refused before anything is spent', async () => {
    await serve((asked) => goodAnswer(asked));
    await expect(run(server, { tasks: [task('a', { dependsOn: ['a'] })] })).rejects.toMatchObject({
      code: 'bad-tasks',
    });
  });

  it('whose JSON Schema no answer can fit is refused as well, and no model blamed', async () => {
    await serve((asked) => goodAnswer(asked));
    for (const schema of [{ $ref: '#' }, { $ref: 'http://127.0.0.1:1/x' }, { type: 'number?' }]) {
      const validators = [{ 'json-schema': schema }];
      await expect(run(server, { tasks: [task('a', { validators })] })).rejects.toThrow(
        /The JSON Schema of task a cannot be used: .+: correct them in the project file\.$/,
      );
    }
    expect(server.asked).toEqual([]);
  });
});

describe('a task that failed', () => {
  it('keeps those that need it from running, and no others', async () => {
    await serve((asked) =>
      asked.section('task') === 'Do bad' && asked.role === 'generator'
        ? { text: '' }
        : goodAnswer(asked),
    );
    const result = await run(server, {
      tasks: [task('bad'), task('needs', { dependsOn: ['bad'] }), task('free')],
    });
    expect(result.outcome.status).toBe('partial');
    expect(result.outcome.results.map(({ taskId }) => taskId).toSorted()).toEqual(['bad', 'free']);
    expect(result.outcome.results.find(({ taskId }) => taskId === 'bad')?.score).toBe(0);
  });
});
