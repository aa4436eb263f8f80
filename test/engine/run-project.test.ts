import { afterEach, describe, expect, it } from 'vitest';
import { costOf, eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

describe('a run', () => {
  it('plans a project, works through it in order, and counts its cost to the cent', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server);
    expect(result.outcome.status).toBe('success');
    expect(result.outcome.results.map(({ taskId }) => taskId)).toEqual(['outline', 'text']);
    expect(result.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
    expect(result.events[0]?.type).toBe('run-started');
    expect(result.events.at(-1)?.type).toBe('run-finished');
  });

  it('has another provider criticise, and never lets a model judge itself', async () => {
    await serve((asked) => goodAnswer(asked));
    const result = await run(server, { tasks: [task('a')] });
    const [only] = result.outcome.results;
    const roles = Object.fromEntries(server.asked.map(({ role, model }) => [role ?? '', model]));
    expect(roles['generator']).toBe(only?.model);
    expect(roles['judge']).not.toBe(roles['generator']);
    expect(only?.reviewer).toBe(roles['critic']);
    expect([only?.model === 'beta', only?.reviewer === 'beta']).toContain(true);
    expect(server.asked.filter(({ role }) => role === 'judge')).toHaveLength(2);
  });

  it('with one model says before the first call that nobody can judge it, and how to change that', async () => {
    await serve((asked) => goodAnswer(asked));
    const lone = [{ id: 'alpha', provider: 'first' }];
    const result = await run(server, { models: lone, tasks: [task('a')] });
    const kinds = result.events.map(({ type }) => type);
    expect(kinds.indexOf('notice')).toBeLessThan(kinds.indexOf('call-finished'));
    const remedy = /^alpha is the only model .*: add a second model/u;
    expect(eventsOf(result, 'notice')[0]?.message).toMatch(remedy);
    expect(eventsOf(result, 'run-finished')[0]).toMatchObject({
      status: 'partial',
      message: expect.stringMatching(remedy),
    });
  });

  it('with a judge has nothing to say of that', async () => {
    await serve((asked) => goodAnswer(asked));
    expect(eventsOf(await run(server, { tasks: [task('a')] }), 'notice')).toEqual([]);
  });

  it('gives a task the outputs that it depends on', async () => {
    await serve((asked) => goodAnswer(asked));
    await run(server, { tasks: [task('a'), task('b', { dependsOn: ['a'] })] });
    const second = server.asked.find(
      ({ role, section }) => role === 'generator' && section('task') === 'Do b',
    );
    expect(second?.section('prior_work')).toBe('[a]\nAnswer to: Do a');
  });

  it('revises by the critique until the score is good enough, and keeps the best attempt', async () => {
    let judged = 0;
    await serve((asked) => {
      if (asked.role !== 'judge') return goodAnswer(asked);
      judged += 1;
      return goodAnswer(asked, { judge: judged <= 2 ? 0.5 : 0.9 });
    });
    const result = await run(server, { tasks: [task('a')] });
    const revision = server.asked.find(({ role }) => role === 'reviser');
    expect(revision?.section('review')).toBe('The ending is weak.');
    expect(result.outcome.results[0]).toMatchObject({ score: 0.9, iterations: 2 });
    expect(result.outcome.status).toBe('success');
  });

  it('keeps the better of two attempts, not the last', async () => {
    let judged = 0;
    await serve((asked) => {
      if (asked.role === 'reviser') return { text: 'worse' };
      if (asked.role !== 'judge') return goodAnswer(asked);
      judged += 1;
      return goodAnswer(asked, { judge: judged <= 2 ? 0.7 : 0.3 });
    });
    const result = await run(server, { tasks: [task('a')] });
    expect(result.outcome.results[0]).toMatchObject({ score: 0.7, iterations: 2 });
    expect(eventsOf(result, 'task-finished')[0]?.output).toBe('Answer to: Do a');
    expect(result.outcome.status).toBe('partial');
  });

  it('leaves one snapshot per model and task type that it saw', async () => {
    await serve((asked) => goodAnswer(asked));
    const { outcome } = await run(server, { tasks: [task('a'), task('b')] });
    expect(outcome.snapshots.map(({ profile }) => profile.callCount)).toEqual([2]);
    expect(outcome.snapshots[0]?.profile.qualityScore).toBeCloseTo(0.95);
  });
});
