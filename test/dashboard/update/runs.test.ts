import { describe, expect, it, vi } from 'vitest';
import { selectedTask, visibleRuns } from '../../../source/dashboard/state/lists.ts';
import { openTexts } from '../../../source/dashboard/state/task-texts.ts';
import { topView } from '../../../source/dashboard/state/state.ts';
import { OrchestratorError } from '../../../source/domain/errors.ts';
import type { DashboardOptions } from '../../../source/dashboard/options.ts';
import { mockInsight, someNow } from '../../support/insight.ts';
import { pastRun, runEvents, runReport, runState } from '../../support/runs.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const past = runState([
  ...runEvents('p-91be', 'Port the parser'),
  {
    type: 'run-finished',
    projectId: 'p-91be',
    at: someNow - 80_000,
    status: 'partial',
    spentUsd: 1.9,
    results: [],
    spentByPhase: { decomposition: 0, generation: 1.9, review: 0, evaluation: 0 },
    spentByModel: {},
    resumable: false,
  },
]);

type Outcome = Parameters<NonNullable<DashboardOptions['recordOutcome']>>[0];

function open() {
  const recorded: Outcome[] = [];
  const session = openSession({
    insight: mockInsight(),
    columns: 100,
    rows: 30,
    runs: [runState(runEvents('p-7f3a'))],
    options: {
      runArchive: {
        list: () => [
          pastRun('p-91be', { status: 'partial', averageQuality: 0.83, spentUsd: 1.9 }),
          pastRun('p-2c11', { startedAt: someNow - 200_000 }),
          pastRun('p-7f3a', { status: 'running' }),
        ],
        read(projectId) {
          if (projectId !== 'p-91be')
            throw new Error(`The journal of ${projectId} cannot be read.`);
          return { state: past, report: runReport(past) };
        },
      },
      recordOutcome: async (outcome) => {
        recorded.push(outcome);
      },
      outcomesOf: async () =>
        recorded.map(({ taskId, value }) => ({
          taskId,
          value,
          source: 'person',
          note: null,
          at: someNow,
        })),
    },
  });
  session.press('5');
  return { ...session, recorded };
}

const text = async (session: ReturnType<typeof open>): Promise<string> =>
  (await screenOf(session.state())).join('\n');
const toTask = ['down', 'enter', 'g', 'enter'];

describe('a verdict', () => {
  it('stands on the task and in the list of its run, and no more once it is taken back', async () => {
    const session = open();
    session.press(...toTask, 'b', 'b');
    await vi.waitFor(() => expect(session.state().message).toContain('u takes it back'));
    expect(await text(session)).toContain('you: bad; it counts with 0.00');
    session.press('escape');
    expect(await text(session)).toMatch(/verdict.*\n.*you: bad/s);
    session.press('enter', 'u');
    await vi.waitFor(() => expect(session.state().message).toContain('Taken back'));
    expect(await text(session)).not.toContain('you: bad');
  });
});

describe('the list of runs', () => {
  it('does not say that none was made where the history has some', async () => {
    const session = openSession({
      insight: mockInsight(),
      options: {
        runArchive: {
          list: () => [],
          read() {
            throw new Error('There is none.');
          },
        },
      },
    });
    session.press('5');
    const shown = (await screenOf(session.state())).join('\n');
    expect(shown).toContain('only the numbers are known here');
    expect(shown).not.toContain('No run has been made');
  });

  it('has those in progress on top, each once, and those that are over below', async () => {
    const session = open();
    expect(
      visibleRuns(session.state()).map(({ projectId, status }) => [projectId, status]),
    ).toEqual([
      ['p-7f3a', 'running'],
      ['p-91be', 'partial'],
      ['p-2c11', 'success'],
    ]);
    const shown = await text(session);
    expect(shown).toMatch(/p-91be +What p-91be was for +partial +6 +0\.83 +\$1\.90/);
    expect(shown).toMatch(/p-7f3a .*running .*about .*9\/14/);
    // Of the selected one in progress, its tasks.
    expect(shown).toContain('revising');
  });

  it('begins in a run that is over at the first task that fell short', () => {
    const { press, state } = open();
    press('5', 'f', 'enter');
    expect(topView(state())).toMatchObject({ kind: 'run', projectId: 'p-91be' });
    // Its fifth task is a best effort, its eighth failed.
    expect(selectedTask(state())?.id).toBe('t05');
    press('down');
    expect(selectedTask(state())?.id).toBe('t06');
  });

  it('opens the newest of those that failed, one that came in since the list was opened too', () => {
    const failed = (id: string, age: number) =>
      pastRun(id, { status: 'failed', startedAt: someNow - age });
    const listed = [failed('p-old', 900), pastRun('p-fine', { startedAt: someNow - 600 })];
    const session = openSession({
      insight: mockInsight(),
      options: { runArchive: { list: () => [...listed], read: () => expect.fail('not read') } },
    });
    session.press('5');
    listed.push(failed('p-new', 300));
    session.press('f', 'r', 'enter');
    expect(topView(session.state())).toMatchObject({ kind: 'run', projectId: 'p-new' });
    // What was opened stays selected, whatever comes in above it.
    listed.push(failed('p-newest', 100));
    session.press('escape', 'r', 'enter');
    expect(topView(session.state())).toMatchObject({ kind: 'run', projectId: 'p-new' });
  });

  it('sorts by any column, filters by state and model, and finds what is filtered', () => {
    const session = open();
    session.press('s', 's', 's', 's');
    expect(session.state().sorts.runs).toEqual({ column: 'quality', descending: true });
    expect(visibleRuns(session.state())[0]?.projectId).toBe('p-2c11');
    session.press('/', 'p', 'a', 'r', 't', 'i', 'a', 'l', 'enter');
    expect(visibleRuns(session.state()).map(({ projectId }) => projectId)).toEqual(['p-91be']);
  });

  it('waits for no words of a run of which the history has only numbers', async () => {
    const session = openSession({
      insight: mockInsight(),
      options: {
        runArchive: {
          list: () => [],
          read() {
            throw new OrchestratorError('no-journal', 'There is no run to continue.');
          },
        },
      },
    });
    session.press('enter', 'enter', 'enter');
    expect(topView(session.state())?.kind).toBe('task');
    expect(session.state().message).toMatch(/^No journal of \S+ is kept here\.$/);
    const shown = (await screenOf(session.state())).join('\n');
    expect(shown).toMatch(/No journal is kept here of \S+: only its numbers\./);
    expect(shown).not.toContain('Waiting');
  });

  it('says in one sentence what cannot be opened', () => {
    const session = open();
    session.press('down', 'down', 'enter');
    expect(session.state().message).toBe('The journal of p-2c11 cannot be read.');
  });
});

describe('a run that is over', () => {
  it('opens with its tasks, and a task with what was written', async () => {
    const session = open();
    session.press('down', 'enter');
    expect(await text(session)).toMatch(/Runs › Port the parser[^]*~ partial[^]*TASKS {2}14/);
    session.press('g', 'enter', 'enter');
    const shown = await text(session);
    expect(shown).toContain('Result file: /runs/p-91be/task-t01.result.md');
    expect(shown).toContain('First words of t01.');
    expect(shown).toContain('    return 1');
    expect(shown).toContain('Failed checks');
    expect(shown).toContain('line 3: Expected a semicolon');
    expect(shown).toContain('Critique by gpt-4o');
    expect(shown).toContain('Judgement by claude-sonnet: 0.71');
    expect(shown).toContain('Again: It did not pass its checks');
    session.press('escape', 'escape', 'escape');
    expect(session.state()).toMatchObject({ tab: 'runs', viewStack: [] });
    expect(session.state().openReport).toBeUndefined();
  });

  it('scrolls to its ends and no further', async () => {
    const session = open();
    session.press(...toTask, 'enter', 'up');
    expect(openTexts(session.state())?.view.top).toBe(0);
    session.press('end', 'down', 'pagedown');
    const texts = openTexts(session.state());
    expect(texts?.view.top).toBe((texts?.rows.length ?? 0) - (texts?.height ?? 0));
    expect(await text(session)).toContain('100%');
    session.press('home');
    expect(openTexts(session.state())?.view.top).toBe(0);
  });

  it('shows what is typed to be searched for, and which place of how many is reached', async () => {
    const session = open();
    session.press(...toTask, 'enter', '/', ...Array.from('line'));
    expect((await screenOf(session.state())).at(-1)).toContain('/ line_');
    session.press('enter', 'n');
    const [, at, all] = /(\d+) of (\d+) {2}\d+%/.exec(await text(session)) ?? [];
    const { rows = [], view } = openTexts(session.state()) ?? {};
    const places = rows.flatMap((row, index) => (row.text.includes('line') ? [index] : []));
    expect(Number(all)).toBe(places.length);
    expect(places[Number(at) - 1]).toBe(view?.match);
  });

  it('is copied whole, and where there is nothing to copy that is said', () => {
    const none = open();
    none.press('L', 'y');
    expect(none.state().message).toBe('Nothing is selected here that could be copied.');
    const session = open();
    session.press(...toTask, 'enter', 'y');
    expect(session.state().message).toContain('what was written');
  });

  it('finds what is searched for, and goes round', async () => {
    const session = open();
    session.press(...toTask, 'enter', '/', ...Array.from('line 7'), 'enter');
    expect(await text(session)).toContain('line 7 of the answer');
    const first = openTexts(session.state())?.view.match;
    session.press('n');
    expect(openTexts(session.state())?.view.match).toBeGreaterThan(first ?? 0);
    session.press('N');
    expect(openTexts(session.state())?.view.match).toBe(first);
    session.press('/', ...Array.from('nowhere'), 'enter');
    expect(session.state().message).toContain('Nothing here has “nowhere” in it.');
  });

  it('opens its file by o', () => {
    const session = open();
    session.press(...toTask, 'o');
    expect(session.asked).toContain('show /runs/p-91be/task-t01.result.md');
  });
});

describe('a verdict', () => {
  it('is recorded when its key comes twice, and taken back by u', async () => {
    const session = open();
    session.press(...toTask, 'b');
    expect(session.state().message).toContain('Press b once more to record that t01 is bad');
    expect(session.recorded).toEqual([]);
    session.press('b');
    await expect.poll(() => session.state().message).toContain('Recorded: t01 is bad;');
    session.press('u');
    await expect.poll(() => session.state().message).toContain('Taken back: t01.');
    const ofTask = { projectId: 'p-91be', taskId: 't01' };
    expect(session.recorded).toEqual([
      { ...ofTask, value: 0 },
      { ...ofTask, value: null },
    ]);
    session.press('u');
    expect(session.recorded).toHaveLength(2);
  });

  it('is asked for where the result was picked at random, and recorded with the probability', async () => {
    const session = open();
    session.press(...toTask);
    expect(await text(session)).not.toContain('Was this result good?');
    session.store.dispatch({ type: 'limits', limits: { askShare: 1 } });
    expect(await text(session)).toContain('Was this result good?');
    session.press('g', 'g');
    await expect.poll(() => session.recorded).toHaveLength(1);
    expect(session.recorded).toEqual([
      { projectId: 'p-91be', taskId: 't01', value: 1, sampled: 1 },
    ]);
    expect(await text(session)).not.toContain('Was this result good?');
  });

  it('is not recorded by two different keys, nor of another task', () => {
    const session = open();
    session.press(...toTask, 'g', 'b', 'g', 'right', 'g');
    expect(session.recorded).toEqual([]);
    session.press('left', 'b', 'escape', 'enter', 'b');
    expect(session.recorded).toEqual([]);
  });
});

describe('an event of a model', () => {
  it('leads to its task in its run', () => {
    const session = open();
    session.press('1', 'down', 'enter', 'enter', 'enter');
    expect(session.state().viewStack.map(({ kind }) => kind)).toEqual([
      'model',
      'event',
      'run',
      'task',
    ]);
    session.press('escape', 'escape');
    expect(topView(session.state())?.kind).toBe('event');
  });
});
