import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../source/domain/run-event.ts';
import { modelsInUsd, phasesInUsd } from '../../source/domain/run-money.ts';
import { emptyRunState } from '../../source/domain/run-state.ts';
import { eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const idsOf = (events: readonly RunEvent[], type: 'call-started' | 'call-finished'): string[] =>
  events.flatMap((event) => (event.type === type ? event.callId : []));

describe('a call', () => {
  it('is emitted before its request is sent, while planning too', async () => {
    let started = 0;
    const ahead: boolean[] = [];
    await serve((asked) => {
      ahead.push(started >= server.asked.length);
      return goodAnswer(asked);
    });
    await run(server, {
      emit: (event) => {
        if (event.type === 'call-started') started += 1;
      },
    });
    expect(server.asked[0]?.role).toBe('planner');
    expect(ahead).toHaveLength(server.asked.length);
    expect(ahead).not.toContain(false);
  });

  it('says what it is for, and whose answer it judges', async () => {
    await serve((asked) => goodAnswer(asked, { judge: 0.93 }));
    const result = await run(server, { tasks: [task('a')], concurrency: 1 });
    const calls = eventsOf(result, 'call-finished');
    expect(calls.map(({ role }) => role)).toEqual(['generator', 'critic', 'judge', 'judge']);
    const [generator, critic, judge] = calls;
    expect(generator).toMatchObject({
      callId: '1',
      taskId: 'a',
      taskType: 'summarization',
      attempt: 1,
      outcome: 'ok',
      usage: { inputTokens: 100, outputTokens: 50 },
    });
    expect(generator).not.toHaveProperty('subjectModel');
    expect(critic).toMatchObject({ subjectModel: generator?.model });
    expect(critic).not.toHaveProperty('score');
    expect(judge).toMatchObject({ subjectModel: generator?.model, score: 0.93 });
    const planned = eventsOf(await run(server), 'call-started')[0];
    expect(planned).toMatchObject({ callId: '1', role: 'planner' });
    expect(planned).not.toHaveProperty('taskId');
  });

  it('of a judge whose answer is no judgement has no score', async () => {
    await serve((asked) =>
      asked.role === 'judge' && asked.model === server.asked.find((a) => a.role === 'judge')?.model
        ? { text: 'Rather good, I think.' }
        : goodAnswer(asked),
    );
    const result = await run(server, { tasks: [task('a')] });
    const judged = eventsOf(result, 'call-finished').filter(({ role }) => role === 'judge');
    expect(judged.some((call) => call.outcome === 'ok' && call.score === undefined)).toBe(true);
    expect(judged.some((call) => call.score === 0.95)).toBe(true);
  });

  it('has a number of its own through all parts of a run, tries included', async () => {
    const stop = new AbortController();
    await serve((asked) => {
      if (server.asked.length === 6) stop.abort();
      return server.asked.length % 4 === 0 ? { status: 503 } : goodAnswer(asked);
    });
    const tasks = [task('a'), task('b'), task('c')];
    const first = await run(server, { tasks, signal: stop.signal });
    const second = await run(server, { tasks, resumeFrom: first.events });
    const started = idsOf([...first.events, ...second.events], 'call-started');
    const finished = idsOf([...first.events, ...second.events], 'call-finished');
    expect(new Set(started).size).toBe(started.length);
    expect(finished.toSorted()).toEqual(started.toSorted());
    expect(started).toHaveLength(server.asked.length);
  });

  it('is not sent where its start cannot be kept: the run ends, and goes on later', async () => {
    await serve((asked) => goodAnswer(asked));
    const tasks = [task('a'), task('b')];
    const kept: RunEvent[] = [];
    let full = false;
    const first = await run(server, {
      tasks,
      concurrency: 1,
      emit: (event) => {
        if (full) return false;
        kept.push(event);
        full = server.asked.length >= 2;
        return true;
      },
    });
    const sent = server.asked.length;
    expect(sent).toBe(2);
    expect(first.outcome).toMatchObject({ resumable: true });
    expect(first.outcome.status).not.toBe('success');
    expect(first.outcome.message).toMatch(/journal .* cannot be written.*--resume/);
    const second = await run(server, { tasks, resumeFrom: kept });
    expect(second.outcome.status).toBe('success');
    expect(idsOf(kept, 'call-started')).toHaveLength(sent);
  });

  it('that has no end is charged what was reserved for it, once', async () => {
    await serve((asked) => goodAnswer(asked));
    const tasks = [task('a')];
    const first = await run(server, { tasks });
    const sent = first.events.findIndex(({ type }) => type === 'call-started');
    const killed = first.events.slice(0, sent + 1);
    const [started] = eventsOf(first, 'call-started');
    const second = await run(server, { tasks, resumeFrom: killed });
    const [lost] = eventsOf(second, 'call-finished');
    expect(lost).toMatchObject({
      callId: '1',
      outcome: 'interrupted',
      estimated: true,
      costUsd: started?.reservedUsd,
    });
    const third = await run(server, { tasks, resumeFrom: [...killed, ...second.events] });
    expect(third.outcome.spentUsd).toBeCloseTo(second.outcome.spentUsd, 12);
    expect(idsOf(third.events, 'call-finished')).toEqual([]);
    // What was set aside is not the price of an attempt.
    const [attempt] = eventsOf(second, 'attempt-finished');
    expect(attempt?.costUsd).toBeCloseTo((100 + 2 * 50) / 1e6, 12);
  });

  it('that broke off is charged as it may be billed, and is no price of its model', async () => {
    let broken = 0;
    await serve((asked) => {
      if (asked.role !== 'generator' || asked.model !== 'alpha') return goodAnswer(asked);
      broken += 1;
      return { fault: 'reset' };
    });
    const result = await run(server, {
      tasks: [task('a'), task('b')],
      concurrency: 1,
      models: [
        { id: 'alpha', provider: 'first', taskTypes: ['summarization'] },
        { id: 'beta', provider: 'second' },
      ],
    });
    expect(broken).toBeGreaterThan(0);
    const lost = eventsOf(result, 'call-finished').filter(({ outcome }) => outcome === 'network');
    const reserved = eventsOf(result, 'call-started').find(({ model }) => model === 'alpha');
    expect(lost).toHaveLength(broken);
    for (const call of lost) {
      expect(call).toMatchObject({
        model: 'alpha',
        estimated: true,
        costUsd: reserved?.reservedUsd,
      });
    }
    const attempt = eventsOf(result, 'attempt-finished').find(({ failed }) => failed);
    expect(attempt).toMatchObject({ model: 'alpha', costUsd: 0 });
    expect(attempt?.possibleCostUsd).toBeGreaterThan(0);
    const sums = eventsOf(result, 'call-finished').reduce((sum, { costUsd }) => sum + costUsd, 0);
    expect(result.outcome.spentUsd).toBeCloseTo(sums, 12);
    const kept = result.outcome.snapshots.find(({ model }) => model === 'alpha');
    // The list price of a usual call, since no cost is known.
    expect(kept?.profile.avgCostUsd).toBeCloseTo((1000 + 2 * 500) / 1e6, 12);
  });
});

it('keeps one account: the state that is passed in is what the run spends from', async () => {
  await serve((asked) => goodAnswer(asked));
  const tasks = [task('a'), task('b'), task('c')];
  const state = emptyRunState('p-test');
  const first = await run(server, { tasks, state });
  expect(state.spentUsd).toBe(first.outcome.spentUsd);
  expect(state.finished?.status).toBe('success');
  const [end] = eventsOf(first, 'run-finished');
  expect(end?.spentByModel).toEqual(modelsInUsd(state.money));
  expect(end?.spentByPhase).toEqual(phasesInUsd(state.money));
  const perTask = [...state.money.byTask.values()].reduce((sum, cost) => sum + cost, 0);
  expect(perTask).toBe(state.money.spent);
  expect(state.openCalls.size).toBe(0);
});
