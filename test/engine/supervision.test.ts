import { afterEach, describe, expect, it } from 'vitest';
import { goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const provider = (id: string) => `of-${id}`;
const model = (id: string, price: number, taskTypes?: string[]) => ({
  id,
  provider: provider(id),
  price: { input: price, output: price },
  ...(taskTypes === undefined ? {} : { taskTypes }),
});
const tasks = Array.from({ length: 24 }, (_, index) => task(`t${index}`));
const asked = (role: string) => server.asked.filter((call) => call.role === role);

/** Everything costs the same, whoever does it. */
const alike: Script = (call) => ({ ...goodAnswer(call), usage: { input: 500, output: 500 } });

describe('supervision', () => {
  it('is asked for without end where there is no ceiling', async () => {
    await serve(alike);
    const models = ['alpha', 'beta', 'gamma'].map((id) => model(id, 1));
    await run(server, { tasks, models, concurrency: 1, supervision: { maxShare: 1 } });
    expect(asked('critic')).toHaveLength(24);
    expect(asked('judge').length).toBeGreaterThan(40);
  });

  it('gives up critiques nobody needs, and judgements of models that are known, at its ceiling', async () => {
    await serve(alike);
    const models = ['alpha', 'beta', 'gamma'].map((id) => model(id, 1));
    const { outcome } = await run(server, {
      tasks,
      models,
      concurrency: 1,
      supervision: { maxShare: 0.3 },
    });
    expect(asked('critic').length).toBeLessThan(4);
    expect(asked('judge').length).toBeLessThan(40);
    // What nobody judged is accepted as it is, and has no score.
    const unjudged = outcome.results.filter(({ score }) => score === undefined);
    expect(unjudged.length).toBeGreaterThan(0);
    expect(outcome.status).toBe('success');
  });

  it('still has an answer criticised that is about to be revised', async () => {
    await serve((call) => ({
      ...goodAnswer(call, { judge: 0.5 }),
      usage: { input: 500, output: 500 },
    }));
    const models = ['alpha', 'beta', 'gamma'].map((id) => model(id, 1));
    await run(server, { tasks, models, concurrency: 1, supervision: { maxShare: 0.1 } });
    expect(asked('reviser').length).toBeGreaterThan(0);
    for (const { prompt } of asked('reviser')) expect(prompt).toContain('<review>');
  });

  it('is the same whichever of several concurrent calls ends first', async () => {
    const judgesOf = async (concurrency: number): Promise<string[]> => {
      await serve(alike);
      const models = [
        model('author', 1, ['summarization']),
        model('cheap', 0.1, ['evaluation']),
        ...['alpha', 'beta'].map((id) => model(id, 2, ['evaluation'])),
      ];
      await run(server, { tasks, models, concurrency, supervision: { maxShare: 0.3 } });
      const found = asked('judge').map(
        (call) => `${/Do t\d+/.exec(call.prompt)?.[0]}: ${call.model}`,
      );
      if (concurrency === 1) await server.close();
      return found.toSorted();
    };
    const oneByOne = await judgesOf(1);
    expect(oneByOne.length).toBeGreaterThan(24);
    expect(await judgesOf(6)).toEqual(oneByOne);
  });

  it('has no ceiling in a run of a few tasks, each of which is judged', async () => {
    await serve(alike);
    const models = ['alpha', 'beta', 'gamma'].map((id) => model(id, 1));
    const few = tasks.slice(0, 6);
    const settings = { tasks: few, models, concurrency: 1, supervision: { maxShare: 0.1 } };
    const { outcome } = await run(server, settings);
    for (const { score } of outcome.results) expect(score).toBeDefined();
    expect(asked('critic')).toHaveLength(6);
  });

  it('has no ceiling where it costs nothing', async () => {
    await serve(alike);
    const models = ['alpha', 'beta', 'gamma'].map((id) => model(id, 0));
    const { outcome } = await run(server, {
      tasks,
      models,
      concurrency: 1,
      supervision: { maxShare: 0.3 },
    });
    expect(asked('critic')).toHaveLength(24);
    expect(asked('judge').length).toBeGreaterThan(36);
    for (const { score } of outcome.results) expect(score).toBeDefined();
  });

  it('revises what a check found wrong although nobody judges it', async () => {
    await serve((call) => ({
      ...goodAnswer(call),
      ...(call.role === 'generator' && call.section('task')?.includes('Do t9') === true
        ? { text: 'wrong' }
        : {}),
      usage: call.role === 'judge' ? { input: 900_000, output: 500 } : { input: 5, output: 5 },
    }));
    const models = [
      model('author', 0.01, ['summarization']),
      ...['alpha', 'beta'].map((id) => model(id, 2, ['evaluation'])),
    ];
    const checked = tasks.map((one) => ({
      ...one,
      validators: [{ type: 'regex' as const, pattern: '^(?!wrong)' }],
    }));
    const { outcome } = await run(server, {
      tasks: checked.slice(0, 16),
      models,
      concurrency: 1,
      supervision: { maxShare: 0.05 },
    });
    const unjudged = outcome.results.filter(({ score }) => score === undefined);
    expect(unjudged.length).toBeGreaterThan(3);
    for (const { deterministicPassed } of outcome.results) expect(deterministicPassed).toBe(true);
    expect(asked('reviser').some(({ section }) => section('task')?.includes('Do t9'))).toBe(true);
  });

  it('is for cheap judges once the ceiling is reached, and for strong ones now and then', async () => {
    await serve((call) => ({
      ...goodAnswer(call, { judge: 0.5 }),
      usage: { input: 500, output: 500 },
    }));
    const models = [
      model('cheap', 0.1, ['evaluation']),
      ...['alpha', 'beta', 'gamma'].map((id, index) => model(id, 1 + index / 10)),
    ];
    await run(server, { tasks, models, concurrency: 1, supervision: { maxShare: 0.1 } });
    const late = asked('judge').slice(-12);
    expect(late.filter((call) => call.model === 'cheap').length).toBeGreaterThan(2);
  });
});

describe('a judge', () => {
  it('that is uninformative is named and asked no more', async () => {
    let count = 0;
    await serve((call) => {
      if (call.role !== 'judge') return goodAnswer(call);
      count += 1;
      // The others see how good an answer is by its task; one says the same of everything.
      const quality = 0.8 + 0.02 * (Number(/Do t(\d+)/.exec(call.prompt)?.[1] ?? 0) % 10);
      const score = call.model === 'alpha' ? 0.9 + (count % 2) / 1000 : quality;
      return { text: JSON.stringify({ score }) };
    });
    const models = [
      model('alpha', 1.05, ['evaluation']),
      model('beta', 1),
      model('gamma', 1.1),
      model('delta', 1.2),
    ];
    const many = Array.from({ length: 90 }, (_, index) => task(`t${index}`));
    const { events } = await run(server, {
      tasks: many,
      models,
      concurrency: 1,
      supervision: { maxShare: 1 },
    });
    const notices = events.flatMap((event) => (event.type === 'notice' ? event.message : []));
    const named = notices.filter((message) => message.includes('say nothing about quality'));
    expect(named.map((message) => /of (\w+) say/.exec(message)?.[1])).toEqual(['alpha']);
    const last = asked('judge').slice(-30);
    expect(last.filter((call) => call.model === 'alpha')).toEqual([]);
  });

  it('is whom the user wants', async () => {
    await serve(alike);
    const models = ['alpha', 'beta', 'gamma'].map((id) => model(id, 1));
    await run(server, {
      tasks: tasks.slice(0, 6),
      models,
      supervision: { maxShare: 1 },
      roles: { planner: [], critic: ['beta'], judge: ['gamma'] },
    });
    // It may not judge itself.
    const byOthers = asked('judge').filter(
      (call) => call.model !== 'gamma' && !asked('generator').some((one) => one.model === 'gamma'),
    );
    expect(byOthers).toEqual([]);
    expect(asked('judge').some((call) => call.model === 'gamma')).toBe(true);
  });
});
