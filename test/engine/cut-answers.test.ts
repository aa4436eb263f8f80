import { afterEach, describe, expect, it } from 'vitest';
import { costOf, eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type Asked, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const writes = ({ role }: Asked): boolean => role === 'generator' || role === 'reviser';
const limitsOf = (role: string): number[] =>
  server.asked.filter((asked) => asked.role === role).map(({ maxTokens }) => maxTokens);
const half = { text: '## Part 1\nAll of it.\n\n## Part 2\nHalf of', finish: 'length' };

describe('an answer that is cut off at its limit', () => {
  it('is asked for with more room, and counts as one attempt', async () => {
    await serve((asked) =>
      asked.role === 'generator' && asked.maxTokens < 2000 ? half : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')] });
    expect(limitsOf('generator')).toEqual([1024, 2048]);
    expect(result.outcome.results[0]).toMatchObject({ iterations: 1, score: 0.95 });
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
    expect(result.outcome.snapshots[0]?.profile.callCount).toBe(1);
  });

  it('and has no end even so is marked for critic, judge and user, and is not accepted', async () => {
    await serve((asked) => (writes(asked) ? half : goodAnswer(asked)));
    const result = await run(server, { tasks: [task('a')] });
    expect(limitsOf('generator')).toEqual([1024, 2048, 4096]);
    // What is revised is known to be long.
    expect(limitsOf('reviser')).toEqual([4096]);
    const reviews = server.asked.filter(({ role }) => role === 'judge' || role === 'critic');
    expect(reviews.length).toBeGreaterThan(2);
    for (const { prompt } of reviews) expect(prompt).toContain('cut off at its length limit');
    expect(eventsOf(result, 'task-finished')[0]).toMatchObject({
      status: 'best-effort',
      output: half.text,
      error: 'the answer was cut off at its length limit',
    });
    expect(eventsOf(result, 'notice')[0]?.message).toMatch(
      /cut off at its limit of 1024 output tokens/,
    );
    expect(result.outcome.status).toBe('partial');
  });

  it('gives way to one that is complete, whatever their scores', async () => {
    let judged = 0;
    await serve((asked) => {
      if (asked.role === 'generator') return half;
      if (asked.role !== 'judge') return goodAnswer(asked);
      judged += 1;
      return goodAnswer(asked, { judge: judged <= 2 ? 0.97 : 0.85 });
    });
    const result = await run(server, { tasks: [task('a')] });
    expect(result.outcome.results[0]).toMatchObject({ score: 0.85, iterations: 2 });
    expect(eventsOf(result, 'task-finished')[0]).toMatchObject({
      status: 'accepted',
      output: 'Answer to: Do a',
    });
  });

  it('stays where the model takes no larger limit', async () => {
    await serve((asked) => {
      if (writes(asked) && asked.maxTokens > 1024) return { status: 400 };
      return writes(asked) ? half : goodAnswer(asked);
    });
    const result = await run(server, { tasks: [task('a')] });
    expect(eventsOf(result, 'task-finished')[0]?.output).toBe(half.text);
  });

  it('gets more room only as far as the budget holds it', async () => {
    await serve((asked) =>
      writes(asked)
        ? { ...half, usage: { input: 100, output: asked.maxTokens } }
        : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')], budgetUsd: 0.01 });
    expect(limitsOf('generator')[0]).toBe(1024);
    expect(Math.max(...limitsOf('generator'))).toBeLessThan(4096);
    expect(costOf(server)).toBeLessThanOrEqual(0.01);
    expect(result.outcome.spentUsd).toBeLessThanOrEqual(0.01);
  });

  it('is found again on resume with all its limits, and paid for once', async () => {
    const stop = new AbortController();
    await serve((asked) => {
      if (server.asked.length === 4) stop.abort();
      return asked.role === 'generator' && asked.maxTokens < 4000 ? half : goodAnswer(asked);
    });
    const first = await run(server, { tasks: [task('a')], signal: stop.signal });
    const second = await run(server, { tasks: [task('a')], resumeFrom: first.events });
    expect(second.outcome.status).toBe('success');
    expect(limitsOf('generator')).toEqual([1024, 2048, 4096]);
    expect(second.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
  });
});

describe('a model that takes no larger limit', () => {
  it('though it is known to reason is asked for no more than an answer', async () => {
    await serve((asked) => (asked.maxTokens > 4096 ? { status: 400 } : goodAnswer(asked)));
    const result = await run(server, {
      tasks: [task('a')],
      models: ['deepseek-reasoner', 'o3'].map((id) => ({ id, provider: id })),
    });
    expect(result.outcome.status).toBe('success');
    expect(limitsOf('generator')).toEqual([1024 + 4096, 1024]);
  });
});

describe('a model that reasons before it answers', () => {
  /** Answers once it has this many tokens more than the answer itself takes. */
  const reasons =
    (tokens: number, answers: Script = (asked) => goodAnswer(asked)): Script =>
    (asked) =>
      asked.maxTokens <= tokens
        ? { text: '', finish: 'length', usage: { input: 100, output: asked.maxTokens } }
        : answers(asked);

  it('can plan, answer, criticise and judge', async () => {
    await serve(reasons(1500));
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.results.map(({ score }) => score)).toEqual([0.95, 0.95]);
    expect(result.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
  });

  it('is known by then, and has room from the start', async () => {
    await serve(reasons(1500));
    await run(server, { tasks: [task('a'), task('b'), task('c')], concurrency: 1 });
    for (const model of new Set(server.asked.map((asked) => asked.model))) {
      const limits = server.asked.filter((asked) => asked.model === model);
      const [first, ...later] = limits.map(({ maxTokens }) => maxTokens);
      expect([512, 1024]).toContain(first);
      // Calls side by side may both have been the first.
      expect(later.slice(1).every((limit) => limit > 1500)).toBe(true);
    }
  });

  it('and needs more than there is is named with the reason', async () => {
    await serve((asked) =>
      writes(asked) && asked.model === 'alpha' ? { text: '', finish: 'length' } : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')] });
    const notices = eventsOf(result, 'notice').map(({ message }) => message);
    expect(notices.join('\n')).toMatch(/alpha used up its limit of \d+ output tokens by reasoning/);
    expect(eventsOf(result, 'attempt-finished')[0]?.error).toMatch(
      /reasoning used up the output limit/,
    );
    expect(result.outcome.results[0]).toMatchObject({ score: 0.95 });
    expect(result.outcome.results[0]?.model).not.toBe('alpha');
  });

  it('and does not get beyond it in its text has not answered', async () => {
    await serve((asked) =>
      writes(asked) && asked.model === 'alpha'
        ? { text: '<think>\nFirst I consider', finish: 'length' }
        : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')] });
    const [failed, good] = eventsOf(result, 'attempt-finished');
    expect(failed).toMatchObject({ model: 'alpha', failed: true });
    expect(good?.failed).toBe(false);
    expect(eventsOf(result, 'task-finished')[0]?.output).toBe('Answer to: Do a');
  });

  it('and stops by itself before it comes to an answer is not given more room', async () => {
    await serve((asked) =>
      writes(asked) && asked.model === 'alpha' ? { text: '<think>Hm.' } : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')] });
    expect(limitsOf('generator')).toEqual([1024, 1024]);
    expect(eventsOf(result, 'attempt-finished')[0]?.error).toMatch(/broke off in its reasoning/);
  });

  it('and plans nothing is not asked again for what it has no room for', async () => {
    await serve((asked) =>
      asked.role === 'planner' && asked.model === 'alpha'
        ? { text: '', finish: 'length' }
        : goodAnswer(asked),
    );
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
    expect(limitsOf('planner')).toEqual([4096, 16_384, 65_536, 4096]);
  });

  it('keeps within the budget', async () => {
    await serve(reasons(3000));
    const result = await run(server, { tasks: [task('a')], budgetUsd: 0.012 });
    expect(costOf(server)).toBeLessThanOrEqual(0.012);
    expect(result.outcome.spentUsd).toBeLessThanOrEqual(0.012);
  });
});

describe('a server that reads only a part of the prompt', () => {
  const long = 'All of this is part of the text, and it goes on. '.repeat(600);
  /** Counts 2,050 tokens of a long prompt, in these models. */
  const narrow =
    (...models: string[]): Script =>
    (asked) => {
      const tokens = Math.ceil((asked.prompt.length + asked.system.length) / 4);
      const cut = models.includes(asked.model) && tokens > 4096;
      const answer =
        asked.role === 'generator' && asked.section('task') === 'Do long'
          ? { text: long }
          : goodAnswer(asked);
      return {
        ...(cut ? { text: 'What shall I do with it?' } : answer),
        usage: { input: cut ? 2050 : tokens, output: 20 },
      };
    };
  const tasks = [task('long'), task('next', { dependsOn: ['long'] })];

  it('has not answered it: another model does', async () => {
    await serve(narrow('alpha'));
    const result = await run(server, { tasks });
    const next = eventsOf(result, 'task-finished').find((event) => event.result.taskId === 'next');
    expect(next).toMatchObject({ status: 'accepted' });
    expect(next?.output).not.toContain('What shall I do');
    expect(eventsOf(result, 'attempt-finished').every(({ failed }) => !failed)).toBe(true);
  });

  it('is the message where there is no other', async () => {
    await serve(narrow('alpha', 'beta', 'gamma'));
    const result = await run(server, { tasks });
    expect(JSON.stringify(result.outcome.results)).not.toContain('"next"');
    expect(
      eventsOf(result, 'notice')
        .map(({ message }) => message)
        .join('\n'),
    ).toMatch(/contextTokens/);
    expect(result.outcome.status).not.toBe('success');
  });
});
