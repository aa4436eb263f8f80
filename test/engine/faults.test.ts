import { afterEach, describe, expect, it } from 'vitest';
import { openPolicy } from '../../source/domain/policy.ts';
import { costOf, eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type Reply, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const isAttempt = (role: string | undefined): boolean => role === 'generator' || role === 'reviser';

/** The first generator that is asked misbehaves for ever; the others are fine. */
const firstGeneratorIs = (reply: Reply): { script: Script; culprit: () => string | undefined } => {
  let culprit: string | undefined;
  return {
    culprit: () => culprit,
    script: (asked) => {
      if (!isAttempt(asked.role)) return goodAnswer(asked);
      culprit ??= asked.model;
      return asked.model === culprit ? reply : goodAnswer(asked);
    },
  };
};

describe('a model that fails', () => {
  it.each<[string, Reply, string]>([
    ['500', { status: 500 }, 'overloaded'],
    ['503', { status: 503 }, 'overloaded'],
    ['a reset connection', { fault: 'reset' }, 'network'],
    ['a cut answer', { fault: 'cut' }, ''],
    ['HTML with status 200', { fault: 'html' }, 'invalid-response'],
    ['a hang', { fault: 'hang' }, 'timed-out'],
    ['an empty answer', { text: '  \n' }, 'the answer is empty'],
    ['a refusal', { text: 'No.', finish: 'content_filter' }, 'the model refused'],
    [
      'a request that is too long for it',
      { status: 400, body: '{"error":{"code":"context_length_exceeded","message":"too long"}}' },
      'bad-request',
    ],
    ['a pause', { text: 'Half of', finish: 'pause_turn' }, 'its server broke the answer off'],
  ])('with %s is left for another, and its profile knows', async (_, reply, error) => {
    const { script, culprit } = firstGeneratorIs(reply);
    await serve(script);
    const result = await run(server, {
      tasks: [task('a')],
      tuning: { callTimeoutMs: error === 'timed-out' ? 80 : 2000, triesPerCall: 2 },
    });
    expect(result.outcome.status).toBe('success');
    const attempts = eventsOf(result, 'attempt-finished');
    expect(attempts.map(({ failed }) => failed)).toEqual([true, false]);
    expect(attempts[0]?.model).toBe(culprit());
    expect(attempts[0]?.error).toContain(error);
    expect(attempts[1]?.model).not.toBe(culprit());
    const failures = result.outcome.snapshots.find(({ model }) => model === culprit());
    expect(failures?.profile.failureCount).toBe(1);
    expect(result.outcome.results[0]).toMatchObject({ iterations: 2, score: 0.95 });
  });

  it('that refuses for a reason nobody knows is left for another, and nothing is learned', async () => {
    const { script, culprit } = firstGeneratorIs({ status: 400, body: '{"error":"Oh no"}' });
    await serve(script);
    const result = await run(server, { tasks: [task('a')] });
    expect(result.outcome.status).toBe('success');
    expect(eventsOf(result, 'attempt-finished').map(({ failed }) => failed)).toEqual([false]);
    expect(result.outcome.snapshots.map(({ model }) => model)).not.toContain(culprit());
  });

  it('whose key is refused ends the run with what to check', async () => {
    await serve(() => ({ status: 401, body: '{"error":{}}' }));
    const result = await run(server, { tasks: [task('a'), task('b')] });
    const [end] = eventsOf(result, 'run-finished');
    expect(end?.status).toBe('failed');
    expect(end?.message).toMatch(
      /^Of 2 tasks, 0 accepted, 0 short of the mark, 2 not finished: .*refused the key/u,
    );
  });

  it('for a moment is asked again, and has not failed', async () => {
    let faults = 0;
    await serve((asked) => {
      if (asked.role === 'generator' && faults < 2) {
        faults += 1;
        return { status: 503 };
      }
      return goodAnswer(asked);
    });
    const result = await run(server, { tasks: [task('a')] });
    expect(eventsOf(result, 'attempt-finished').map(({ failed }) => failed)).toEqual([false]);
    expect(result.outcome.status).toBe('success');
  });

  it('three times in a row rests, and the others go on without it', async () => {
    const { script, culprit } = firstGeneratorIs({ status: 500 });
    await serve(script);
    const tasks = Array.from({ length: 6 }, (_, index) => task(`t${index}`));
    const result = await run(server, { tasks, tuning: { breakerCooldownMs: 60_000 } });
    expect(result.outcome.status).toBe('success');
    const asked = server.asked.filter(({ model, role }) => model === culprit() && isAttempt(role));
    // Three that opened the breaker, and those that were in flight beside them.
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(eventsOf(result, 'notice').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('3 times in a row'),
    );
  });

  it('and is the only one left is tried again after its rest', async () => {
    let faults = 0;
    await serve((asked) => {
      if (isAttempt(asked.role) && faults < 3) {
        faults += 1;
        return { status: 500 };
      }
      return goodAnswer(asked);
    });
    const result = await run(server, {
      tasks: [task('a')],
      policy: { allow: [], block: ['beta'] },
      models: [
        { id: 'alpha', provider: 'first', taskTypes: ['summarization'] },
        { id: 'gamma', provider: 'first', taskTypes: ['evaluation'] },
      ],
    });
    expect(result.outcome.status).toBe('success');
    expect(eventsOf(result, 'attempt-finished').map(({ failed }) => failed)).toEqual([true, false]);
  });

  it('with a wrong key takes its provider out of the run, with one notice', async () => {
    await serve((asked) =>
      asked.model === 'beta' ? goodAnswer(asked) : { status: 401, body: '{"error":{}}' },
    );
    const result = await run(server, {
      tasks: [task('a', { type: 'data_extraction' })],
      models: [
        { id: 'alpha', provider: 'first' },
        { id: 'gamma', provider: 'first' },
        { id: 'beta', provider: 'second' },
      ],
    });
    const notices = eventsOf(result, 'notice').filter(({ message }) =>
      message.startsWith('first is left out'),
    );
    expect(notices).toHaveLength(1);
    expect(result.outcome.snapshots.every(({ model }) => model === 'beta')).toBe(true);
  });

  it('does not exist is left out without its provider', async () => {
    await serve((asked) => (asked.model === 'alpha' ? { status: 404 } : goodAnswer(asked)));
    const result = await run(server, { tasks: [task('a')] });
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.results[0]?.model).not.toBe('alpha');
    expect(server.asked.some(({ model }) => model === 'gamma')).toBe(true);
  });
});

describe('a rate limit', () => {
  it('is waited for, lowers the concurrency, and is no failure of the model', async () => {
    let limited = 0;
    await serve((asked) => {
      if (asked.role === 'generator' && limited < 4) {
        limited += 1;
        return { status: 429, headers: { 'retry-after-ms': '5' } };
      }
      return goodAnswer(asked);
    });
    const tasks = Array.from({ length: 8 }, (_, index) => task(`t${index}`));
    const result = await run(server, { tasks, concurrency: 8 });
    expect(result.outcome.status).toBe('success');
    expect(eventsOf(result, 'attempt-finished').some(({ failed }) => failed)).toBe(false);
    expect(eventsOf(result, 'notice').map(({ message }) => message)).toContainEqual(
      expect.stringContaining('limits the rate: at most'),
    );
  });

  it('that asks for too much patience sends the task to another provider', async () => {
    const { script, culprit } = firstGeneratorIs({
      status: 429,
      headers: { 'retry-after-ms': '700' },
    });
    await serve(script);
    const result = await run(server, { tasks: [task('a')] });
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.results[0]?.model).not.toBe(culprit());
    expect(result.outcome.snapshots.map(({ model }) => model)).not.toContain(culprit());
  });

  it('everywhere leaves the tasks for later rather than blaming the models', async () => {
    await serve((asked) =>
      isAttempt(asked.role)
        ? { status: 429, headers: { 'retry-after-ms': '1' } }
        : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')], tuning: { triesWhenRateLimited: 2 } });
    expect(result.outcome).toMatchObject({ status: 'failed', resumable: true, results: [] });
    expect(result.outcome.snapshots).toEqual([]);
  });
});

describe('a judge', () => {
  const judgedBy = async (text: (nth: number) => string) => {
    let judged = 0;
    await serve((asked) => {
      if (asked.role !== 'judge') return goodAnswer(asked);
      judged += 1;
      return { text: text(judged) };
    });
    return run(server, { tasks: [task('a')] });
  };

  it('may wrap its answer in fences and prose', async () => {
    const result = await judgedBy(
      () => 'Let me see {first}.\n```json\n{"score": 0.9, "note": "good"}\n```\nThat is all.',
    );
    expect(result.outcome.results[0]?.score).toBe(0.9);
  });

  it.each([
    'Nine out of ten',
    '{"score": "0.9"}',
    '{"score": 1.5}',
    '{"score": null}',
    '{}',
    '[1]',
  ])('that answers %j has failed, and the attempt has no score', async (text) => {
    const result = await judgedBy(() => text);
    expect(result.outcome.status).toBe('partial');
    expect(eventsOf(result, 'attempt-finished')[0]).not.toHaveProperty('score');
    expect(eventsOf(result, 'task-finished')[0]).toMatchObject({ status: 'best-effort' });
    expect(result.outcome.snapshots[0]?.profile).toMatchObject({ callCount: 1, failureCount: 0 });
  });

  it('that fails is replaced by another', async () => {
    await serve((asked) =>
      asked.role === 'judge' && asked.nth === 1 ? { text: '?' } : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')] });
    expect(result.outcome.results[0]?.score).toBe(0.95);
  });

  it('gives the mean of two judgements', async () => {
    const result = await judgedBy((nth) => `{"score": ${nth % 2 === 0 ? 0.8 : 1}}`);
    expect(result.outcome.results[0]?.score).toBeCloseTo(0.9);
  });

  it('is never the only model there is: its work stays without a score', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, {
      tasks: [task('a')],
      models: [{ id: 'alpha', provider: 'first' }],
    });
    expect(server.asked.map(({ role }) => role)).toEqual(['generator']);
    expect(result.outcome.status).toBe('partial');
    expect(eventsOf(result, 'task-finished')[0]?.output).toBe('Answer to: Do a');
  });
});

describe('an answer', () => {
  it('that was cut at its limit is revised with that in mind', async () => {
    let judged = 0;
    await serve((asked) => {
      if (asked.role === 'generator') return { text: 'half of', finish: 'length' };
      if (asked.role !== 'judge') return goodAnswer(asked);
      judged += 1;
      return goodAnswer(asked, { judge: judged <= 2 ? 0.4 : 0.9 });
    });
    await run(server, { tasks: [task('a')] });
    const revision = server.asked.find(({ role }) => role === 'reviser');
    expect(revision?.section('problems')).toContain('cut off at its length limit');
  });

  it('is used without the thoughts that a local model writes in front of it', async () => {
    await serve((asked) => {
      const { text } = goodAnswer(asked);
      return { text: `<think>\nPerhaps {"score": 0.1}?\n</think>\n\n${text}` };
    });
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
    expect(eventsOf(result, 'task-finished')[0]?.output).toMatch(/^Answer to/);
    expect(result.outcome.results[0]?.score).toBe(0.95);
  });

  it('without usage is charged its reservation and marked', async () => {
    await serve((asked) => ({ ...goodAnswer(asked), usage: 'none' }));
    const result = await run(server, { tasks: [task('a')] });
    const calls = eventsOf(result, 'call-finished');
    expect(calls.every(({ estimated }) => estimated)).toBe(true);
    expect(calls.every(({ costUsd }) => costUsd > 0)).toBe(true);
    const total = calls.reduce((sum, { costUsd }) => sum + costUsd, 0);
    expect(result.outcome.spentUsd).toBeCloseTo(total, 9);
  });

  it('of 10 MB is left, and another model takes over', async () => {
    const { script } = firstGeneratorIs({ text: 'x'.repeat(10_000_000) });
    await serve(script);
    const result = await run(server, { tasks: [task('a')], tuning: { callTimeoutMs: 20_000 } });
    expect(result.outcome.results[0]?.score).toBe(0.95);
  });

  it('beyond its limit is charged in full, with one warning, and reserved for from then on', async () => {
    await serve((asked) =>
      asked.role === 'generator'
        ? { text: 'x'.repeat(100_000), usage: { input: 100, output: 25_000 } }
        : goodAnswer(asked),
    );
    const policy = { ...openPolicy, allow: ['alpha', 'beta'] };
    const tasks = Array.from({ length: 5 }, (_, index) => task(`t${index}`));
    const result = await run(server, { tasks, concurrency: 1, policy });
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
    const told = eventsOf(result, 'notice').filter(
      ({ message }) => message.startsWith('alpha') && message.includes('beyond its limit'),
    );
    expect(told).toHaveLength(1);
    const [first, second] = eventsOf(result, 'call-started').filter(
      ({ role, model }) => role === 'generator' && model === 'alpha',
    );
    expect(first?.reservedUsd).toBeLessThan(0.01);
    expect(second?.reservedUsd).toBeGreaterThan(25_000 * 2e-6);
  });

  it('beyond its limit near the end of the budget costs no more than that one call', async () => {
    await serve((asked) => ({
      ...goodAnswer(asked),
      usage: { input: 12_000, output: 100 },
    }));
    const budgetUsd = 0.05;
    const tasks = Array.from({ length: 20 }, (_, index) => task(`t${index}`));
    const result = await run(server, { tasks, budgetUsd, concurrency: 1 });
    expect(result.outcome).toMatchObject({ status: 'budget-exhausted', resumable: true });
    expect(result.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
    expect(result.outcome.spentUsd).toBeLessThanOrEqual(budgetUsd);
  });
});
