import { describe, expect, it } from 'vitest';
import { defined } from '../../../source/domain/defined.ts';
import type { DecisiveOutcome } from '../../../source/domain/outcome.ts';
import { selectedTask } from '../../../source/dashboard/state/lists.ts';
import {
  visibleCandidates,
  visibleRoutes,
  visibleRouteTasks,
} from '../../../source/dashboard/state/route-lists.ts';
import { topView } from '../../../source/dashboard/state/state.ts';
import { largeInsight, mockInsight } from '../../support/insight.ts';
import { explainReading } from '../../support/scenario.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const open = (columns = 120) => {
  const session = openSession({ insight: mockInsight(), columns, rows: 30 });
  session.press('2');
  return session;
};

describe('routes', () => {
  it('stand in the order of their money, and go where routing would go now', () => {
    const { state } = open();
    const spent = visibleRoutes(state()).map(({ spentUsd }) => spentUsd);
    expect(spent).toEqual(spent.toSorted((a, b) => b - a));
    const chosen = state().chosen;
    expect(Object.keys(chosen).length).toBeGreaterThan(0);
    for (const { taskType, model } of visibleRoutes(state())) expect(model).toBe(chosen[taskType]);
  });

  it('say what a what-if would move, and nothing else moves', () => {
    const { press, state } = open();
    const before = visibleRoutes(state());
    press('+', '+', '+');
    const after = visibleRoutes(state());
    expect(after.map(({ model }) => model)).toEqual(before.map(({ model }) => model));
    const changes = state().whatIf?.changes ?? [];
    expect(changes.length).toBeGreaterThan(0);
    for (const { taskType, after: to } of changes) {
      expect(after.find((route) => route.taskType === taskType)?.whatIf).toBe(to);
    }
  });

  it('follow what routing comes to know while they are shown', () => {
    let tell = (): void => {};
    let chosen = 'claude-opus';
    const known = explainReading(() => ({ status: 'ready', insight: mockInsight() }));
    const { press, state } = openSession({
      insight: mockInsight(),
      options: {
        explain(taskType) {
          const decision = known(taskType);
          return decision && { ...decision, greedyChoice: chosen };
        },
        onExplained(listener) {
          tell = listener;
        },
      },
    });
    press('2');
    expect(visibleRoutes(state())[0]?.model).toBe('claude-opus');
    chosen = 'gpt-4o';
    tell();
    expect(visibleRoutes(state())[0]?.model).toBe('gpt-4o');
  });

  it('do not claim to choose where none of the models is set up, and say what to ask', async () => {
    const known = explainReading(() => ({ status: 'ready', insight: mockInsight() }));
    const { press, state } = openSession({
      insight: mockInsight(),
      columns: 160,
      rows: 45,
      options: {
        explain(taskType) {
          const decision = known(taskType);
          const candidates = decision?.candidates.map((one) => ({ ...one, provider: '' }));
          return decision && { ...decision, candidates: candidates ?? [] };
        },
      },
    });
    press('2');
    const list = (await screenOf(state())).join('\n');
    expect(list).toContain('none of their models is set up here');
    expect(list).toContain('goes to: who did most of it');
    expect(list).not.toContain('what a run started now would choose');
    press('enter');
    expect((await screenOf(state())).join('\n')).toContain('orchestrator doctor');
  });

  it('say below the list what its columns mean, where there is room', async () => {
    const { state } = open();
    const text = (await screenOf(state())).join('\n');
    expect(text).toContain('goes to: what a run started now would choose');
    expect(text).toContain('$/task: all in, reviews too');
  });

  it('name a tolerance for the next model that a key reaches, and at which it does get the work', async () => {
    const insight = mockInsight();
    const explain = explainReading(() => ({ status: 'ready', insight }));
    let named = 0;
    for (const from of [0, 0.01, 0.02, 0.05]) {
      const asked = (type: string, tolerance?: number) => explain(type, tolerance ?? from);
      for (const index of Object.keys(insight.routes).keys()) {
        const { press, state } = openSession({ insight, options: { explain: asked } });
        press('2', ...Array.from({ length: index }, () => 'down'), 'enter');
        const text = (await screenOf(state())).slice(2, 8).join(' ');
        const said = /(\S+), which is cheaper, .* of (\S+) instead of (\S+):/.exec(text);
        if (said === null) continue;
        named += 1;
        const [, rival, tolerance, inForce] = said;
        expect(Number(tolerance)).toBeGreaterThan(Number(inForce));
        expect(
          explain(visibleCandidates(state())[0]?.taskType ?? '', Number(tolerance))?.chosen,
        ).toBe(rival);
      }
    }
    expect(named).toBeGreaterThan(0);
  });

  it('are not said to have cost what all of them did, where a filter hides some', async () => {
    const { press, state } = open();
    const titleOf = async () => (await screenOf(state())).find((line) => line.includes('ROUTES'));
    expect(await titleOf()).toMatch(/\$312\.40: /);
    press('/', 'r', 'e', 'a', 's', 'enter');
    expect(await titleOf()).toMatch(/1 of \d+ task types.*\$312\.40 in all: /);
  });

  it('are found by a filter, and their models by one of their own', () => {
    const { press, state } = open();
    press('/', 'r', 'e', 'a', 's', 'enter', 'enter');
    expect(visibleCandidates(state()).length).toBeGreaterThan(1);
    press('/', 'g', 'p', 't', 'enter');
    expect(visibleCandidates(state()).map(({ model }) => model)).toEqual(['gpt-4o']);
    press('escape', 'escape');
    expect(state()).toMatchObject({ viewStack: [], filter: 'reas' });
    expect(visibleRoutes(state()).map(({ taskType }) => taskType)).toEqual(['complex_reasoning']);
  });

  it('lead to one order of models, with a sentence for the first', async () => {
    const session = open(160);
    session.press('down', 'enter');
    const ranks = visibleCandidates(session.state()).map(({ candidate }) => candidate?.rank);
    expect(ranks).toEqual(ranks.map((_, index) => index + 1));
    const text = (await screenOf(session.state())).join('\n');
    expect(text).toContain('Routes › reasoning');
    expect(text).toContain('deepseek-reasoner gets it:');
  });

  it('say in which order models stand where nothing is routed, and it is that order', async () => {
    const insight = mockInsight();
    const session = openSession({ insight, options: { explain: () => undefined } });
    session.press('2', 'enter');
    const shares = visibleCandidates(session.state()).map(({ stats }) => stats?.share ?? 0);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect((await screenOf(session.state())).join('\n')).toContain('most work first');
    const routed = openSession({ insight });
    routed.press('2', 'enter');
    expect((await screenOf(routed.state())).join('\n')).toContain('in the order of routing');
  });

  it('show what was found of results beside what judges gave them, where anything was', async () => {
    const { state, press } = openSession({ insight: mockInsight(), columns: 80, rows: 24 });
    press('2', 'enter', 'right');
    const { lastTasks: { taskType, rows } = { taskType: '', rows: [] } } = state();
    const shown = async (found: readonly (DecisiveOutcome | undefined)[]): Promise<string> => {
      const tasks = rows.map((row, index) => ({ ...row, ...defined({ found: found[index] }) }));
      const told = { ...state(), lastTasks: { taskType, rows: tasks } };
      return (await screenOf(told)).join('\n');
    };
    expect(await shown([])).not.toContain('verdict');
    const screen = await shown([
      { source: 'person', value: 0, sampled: null },
      { source: 'test', value: 1, sampled: null },
    ]);
    expect(screen).toMatch(/verdict[^]*you: bad +\$[^]*test: passed +\$/);
  });

  it('list what was done of the type, newest first, and Enter opens the answer of one', async () => {
    const session = openSession({ insight: mockInsight(), columns: 120, rows: 40 });
    const { press, state } = session;
    press('2', 'enter');
    expect((await screenOf(state())).join('\n')).toMatch(
      /TASKS {2}the last 60 of 115 .*[^]*when▾ +task +run +model/,
    );
    const rows = visibleRouteTasks(state());
    const times = rows.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    press('right', 'down', 'down', 'enter');
    const { projectId, taskId } = rows[2] ?? {};
    const stack = state().viewStack;
    expect(stack.map(({ kind }) => kind)).toEqual(['route', 'run', 'task']);
    expect(stack[1]).toMatchObject({ projectId });
    expect(state().selections.tasks?.id).toBe(taskId);
    expect(selectedTask(state())).toBeUndefined();
    press('escape', 'escape');
    expect(state().selections['route-tasks']?.id).toBe(String(rows[2]?.id));
    press('left', 'enter');
    expect(topView(state())).toMatchObject({ kind: 'model' });
  });

  it('sort and filter their tasks by keys', () => {
    const { press, state } = openSession({ insight: mockInsight(), columns: 120, rows: 40 });
    press('2', 'enter', 'right', 'C');
    const costs = visibleRouteTasks(state()).map(({ costUsd }) => costUsd);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    press('/', 'r', 'u', 'n', '-', '4', '7', 'enter');
    const runs = new Set(visibleRouteTasks(state()).map(({ projectId }) => projectId));
    expect([...runs]).toEqual(['run-47']);
  });

  it('show models or tasks alone where there is no room for both', async () => {
    const session = openSession({ insight: mockInsight(), columns: 60, rows: 20 });
    session.press('2', 'enter');
    const shown = async () => (await screenOf(session.state())).join('\n');
    expect(await shown()).toMatch(/MODELS.*‹ \[models\] tasks ›/);
    session.press('right');
    expect(await shown()).toMatch(/TASKS.*‹ models \[tasks\] ›/);
  });

  it('reach every task type by keys, however many there are', () => {
    const { press, state } = openSession({ insight: largeInsight(), columns: 60, rows: 20 });
    press('2');
    const types = new Set(largeInsight().cells.map(({ taskType }) => taskType));
    const reached = Array.from({ length: types.size }, () => {
      press('enter');
      const view = topView(state());
      press('escape', 'down');
      return view?.kind === 'route' ? view.taskType : '';
    });
    expect(new Set(reached)).toEqual(types);
  });
});
