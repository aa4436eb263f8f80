import { describe, expect, it, onTestFinished } from 'vitest';
import { lookWhileWriting } from '../../../bench/support/looks.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import type { HistoryEngine } from '../../../source/telemetry/engine.ts';
import { insightOf } from '../../../source/telemetry/insight/insight.ts';
import { windowOf } from '../../../source/telemetry/insight/view.ts';
import { horizonStart } from '../../../source/telemetry/sums/time.ts';
import { warmStart } from '../../../source/telemetry/warm-start.ts';
import { bruteForce, bruteHistory } from '../brute-force.ts';
import { expectNearly } from '../nearly.ts';
import { profile, result } from '../support.ts';
import { engines, type Subject } from './engines.ts';

const day = 86_400;
const now = 1_760_000_000;

/** 6,000 tasks of ninety days, of runs that ended and runs that did not, with their calls. */
async function write(subject: Subject): Promise<void> {
  const random = seededRandom(5);
  let at = 0;
  const store = subject.store(() => at);
  for (let run = 0; run < 120; run += 1) {
    const project = `p${run}`;
    const start = now - 90 * day * random();
    for (let task = 0; task < 50; task += 1) {
      at = start + task * 60;
      const model = `m${Math.floor(random() * 4)}`;
      store.recordRoutingEvent(
        project,
        `t${task}`,
        result({ model, score: random(), costUsd: random() / 50, taskType: `type-${task % 3}` }),
      );
      if (run % 3 !== 0) continue;
      store.recordCall(project, {
        callId: `c${task}`,
        taskId: `t${task}`,
        taskType: `type-${task % 3}`,
        attempt: 1,
        role: task % 2 === 0 ? 'generator' : 'judge',
        provider: 'p',
        model,
        costUsd: random() / 100,
        costEstimated: false,
        latencyMs: 100,
        outcome: 'ok',
      });
    }
    if (run % 2 === 0) store.recordSnapshot(project, 'm1', 'type-0', profile());
  }
  await store.close();
}

describe.each(engines)('the history in $name', ({ create }) => {
  const opened = (subject: Subject): HistoryEngine => {
    const engine = subject.engine();
    onTestFinished(() => engine.close());
    return engine;
  };

  it('hands up windows and days that are what the rows say', async () => {
    const subject = await create();
    await write(subject);
    for (let step = 0; step < 40; step += 1) await subject.sumUp();
    const rows = await subject.rows();
    const engine = opened(subject);
    for (const days of [1, 7, 30, 45]) {
      const insight = insightOf(await engine.view(windowOf(days, now)));
      const expected = bruteForce(rows, days, now);
      expectNearly(insight.summary, expected.summary);
      expectNearly(insight.spendByDay, expected.spendByDay);
      expectNearly(insight.spend.byRole, expected.spend.byRole);
      const calls = (list: readonly { model: string; calls: number }[]) =>
        Object.fromEntries(list.map(({ model, calls }) => [model, calls]));
      expect(calls(insight.rankings.map((row) => ({ ...row, calls: row.callCount })))).toEqual(
        calls(expected.models.filter(({ calls }) => calls > 0)),
      );
    }
    const { days, cells } = await engine.days({ from: horizonStart(now), to: now });
    const key = ({ model, taskType }: { model: string; taskType: string }) =>
      `${model} ${taskType}`;
    const plain = (history: ReturnType<typeof warmStart>) =>
      Object.fromEntries(history.map((cell) => [key(cell), cell.profile]));
    expectNearly(plain(warmStart(days, cells, now)), plain(bruteHistory(rows, now)));
  });

  it('tells what a run recorded, and the latest tasks of a model', async () => {
    const subject = await create();
    await write(subject);
    const engine = opened(subject);
    expect((await engine.taskIds('p1')).size).toBe(50);
    expect((await engine.taskIds('nobody')).size).toBe(0);
    expect([await engine.hasSnapshots('p0'), await engine.hasSnapshots('p1')]).toEqual([
      true,
      false,
    ]);
    await engine.view(windowOf(90, now));
    const latest = await engine.lastEvents({ model: 'm2', until: now, most: 20 });
    expect(latest).toHaveLength(20);
    expect(latest.map(({ recordedAt }) => recordedAt)).toEqual(
      latest.map(({ recordedAt }) => recordedAt).toSorted((a, b) => b - a),
    );
    const rows = await engine.lastEvents({ until: now, most: 6000 });
    const from = now - 30 * day;
    const ofType = rows.filter((row) => row.taskType === 'type-1' && row.recordedAt >= from);
    const asked = { taskType: 'type-1', from, until: now };
    expect(await engine.lastEvents({ ...asked, most: 6000 })).toEqual(ofType);
    expect(await engine.lastEvents({ ...asked, most: 7 })).toEqual(ofType.slice(0, 7));
    expect(await engine.lastEvents({ taskType: 'of nobody', until: now, most: 7 })).toEqual([]);
  });

  it('tells of one run what is recorded of it: tasks, attempts, roles and tokens', async () => {
    const subject = await create();
    let at = now;
    const store = subject.store(() => at);
    store.recordRoutingEvent('other', 't1', result({ model: 'x' }));
    const call = {
      taskId: 't1',
      taskType: 'summarization',
      attempt: 1,
      provider: 'p',
      costEstimated: false,
      latencyMs: 2000,
      outcome: 'ok',
    };
    const tokens = {
      inputTokens: 100,
      cachedInputTokens: 40,
      outputTokens: 30,
      reasoningTokens: 5,
    };
    store.recordCall('p', {
      ...call,
      ...tokens,
      callId: '1',
      role: 'generator',
      model: 'a',
      costUsd: 0.02,
    });
    store.recordCall('p', { ...call, callId: '2', role: 'critic', model: 'b', costUsd: 0.01 });
    store.recordCall('p', {
      ...call,
      callId: '3',
      role: 'judge',
      model: 'c',
      score: 0.8,
      costUsd: 0.01,
    });
    at += 5;
    const ended = {
      taskType: 'summarization',
      model: 'a',
      reviewer: 'b',
      score: 0.8,
      costUsd: 0.04,
    };
    store.recordRoutingEvent('p', 't1', result(ended));
    await store.close();
    const engine = opened(subject);
    const run = await engine.recordedRun('p');
    expect(run).toMatchObject({ startedAt: now - 2, lastEventAt: now + 5, spentUsd: 0.04 });
    expect([...(run?.tasks.keys() ?? [])]).toEqual(['t1']);
    expect(run?.tasks.get('t1')).toMatchObject({
      model: 'a',
      score: 0.8,
      costUsd: 0.04,
      attempts: [{ iteration: 1, model: 'a', reviewer: 'b', score: 0.8, costUsd: 0.02 }],
      usage: [
        {
          attempt: 1,
          role: 'generator',
          calls: 1,
          untold: 0,
          costUsd: 0.02,
          tokens: { input: 100, cached: 40, output: 30, reasoning: 5 },
        },
        { attempt: 1, role: 'critic', untold: 1, costUsd: 0.01 },
        { attempt: 1, role: 'judge', untold: 1, costUsd: 0.01 },
      ],
    });
    expect(await engine.recordedRun('nobody')).toBeUndefined();
  });

  it('tells with the latest tasks what was found of their results, until that is withdrawn', async () => {
    const subject = await create();
    let at = now - 100;
    const store = subject.store(() => at);
    for (const [project, task] of ['p/a', 'p/b', 'p/c', 'q/a'].map((name) => name.split('/'))) {
      store.recordRoutingEvent(project ?? '', task ?? '', result({ score: 0.9, model: 'm' }));
    }
    const found = [
      ['a', 'person', 0],
      ['b', 'person', 1],
      ['b', 'person', null],
      ['c', 'person', 0.4],
      ['c', 'test', 1],
    ] as const;
    for (const [task, source, value] of found) {
      at += 1;
      store.recordOutcome('p', task, { source, value });
    }
    await store.close();
    const engine = opened(subject);
    await engine.view(windowOf(90, now));
    const told = (await engine.lastEvents({ model: 'm', until: now, most: 9 })).map(
      ({ projectId, taskId, score, found: of }) => [`${projectId}/${taskId}`, score, of],
    );
    expect(new Map(told.map(([name, ...rest]) => [name, rest]))).toEqual(
      new Map([
        ['p/a', [0.9, { source: 'person', value: 0, sampled: null }]],
        ['p/b', [0.9, undefined]],
        ['p/c', [0.9, { source: 'person', value: 0.4, sampled: null }]],
        ['q/a', [0.9, undefined]],
      ]),
    );
  });

  it('tells how far judges agree with what was found of results that were picked', async () => {
    const subject = await create();
    const store = subject.store(() => now);
    for (const [task, score] of [0.3, 0.5, 0.7].entries()) {
      const taskId = `t${task}`;
      store.recordRoutingEvent('p', taskId, result({ score }));
      store.recordCall('p', {
        callId: `c${task}`,
        taskId,
        taskType: 'summarization',
        attempt: 1,
        role: 'judge',
        provider: 'p',
        model: 'j',
        subjectModel: 'm',
        score,
        costUsd: 0,
        costEstimated: false,
        latencyMs: 1,
        outcome: 'ok',
      });
      store.recordOutcome('p', taskId, { source: 'person', value: score - 0.1, sampled: 0.5 });
    }
    store.recordOutcome('p', 't0', { source: 'person', value: 1 });
    await store.close();
    const engine = opened(subject);
    expect(await engine.outcomes('p')).toHaveLength(4);
    expect(await engine.outcomes('q')).toEqual([]);
    const [agreement, ...others] = await engine.judgeAgreements();
    expect(others).toEqual([]);
    expect(agreement).toMatchObject({ judge: 'j', results: 2 });
    expect(agreement?.bias).toBeCloseTo(0.1, 10);
  });

  it('has a mark that changes with what is recorded, and only then', async () => {
    const subject = await create();
    const store = subject.store();
    onTestFinished(() => store.close());
    store.recordRoutingEvent('p', 't1', result());
    await store.flush();
    const engine = opened(subject);
    expect(await engine.isEmpty()).toBe(false);
    const mark = await engine.mark();
    expect(await engine.mark()).toBe(mark);
    store.recordRoutingEvent('p', 't2', result());
    await store.flush();
    expect(await engine.mark()).not.toBe(mark);
  });

  it('takes in what has an id once, from however many stores', async () => {
    const subject = await create();
    const stores = [subject.store(), subject.store()];
    for (const store of stores) {
      for (const id of ['a', 'b', 'a']) {
        store.recordRoutingEvent('p', id, { ...result(), id, tokens: { input: 3, output: 1 } });
      }
    }
    await Promise.all(stores.map((store) => store.close()));
    const engine = opened(subject);
    expect(await engine.taskIds('p')).toEqual(new Set(['a', 'b']));
    expect([...(await engine.calls('p')).keys()]).toHaveLength(2);
    const { rankings } = insightOf(await engine.view(windowOf(30, now + 365 * day)));
    expect(rankings.reduce((sum, { taskCount }) => sum + taskCount, 0)).toBeLessThanOrEqual(2);
  });

  it('rejects with a stable code where there is none', async () => {
    const engine = opened(await create({ isMade: false }));
    await expect(engine.view(windowOf(30, now))).rejects.toMatchObject({ code: 'missing' });
  });

  // As long as it takes: how many looks there are in a time is no matter of this test.
  it(
    'sums up what is there at every look, while four stores write',
    { timeout: 300_000 },
    async () => {
      const subject = await create();
      const { path, sumUp, countFrom } = subject;
      const open = () => subject.engine();
      const { looks, wrong } = await lookWhileWriting(path, { open, sumUp, countFrom }, 50);
      expect(wrong).toEqual([]);
      expect(looks).toBe(50);
    },
  );
});
