import { describe, expect, it } from 'vitest';
import { selectedTask } from '../../../source/dashboard/state/lists.ts';
import { openModelName, openTaskType, topView } from '../../../source/dashboard/state/state.ts';
import { mockInsight } from '../../support/insight.ts';
import { runStory } from '../../support/run-story.ts';
import { runState } from '../../support/runs.ts';
import { openSession, screenOf, type Session } from '../../support/session.tsx';

const sizes = [
  { columns: 60, rows: 20 },
  { columns: 120, rows: 40 },
  { columns: 200, rows: 60 },
];

const open = (size = sizes[1]): Session =>
  openSession({ insight: mockInsight(), runs: [runState(runStory())], ...size });

const kinds = ({ state }: Session) => state().viewStack.map(({ kind }) => kind);

/** From one thing to the next by its key, and the views on the way. */
const ways: Record<string, { keys: string[]; to: string[] }> = {
  'advice to its type and to a model': {
    keys: ['4', 'enter', 'enter', 'enter'],
    to: ['evidence', 'route', 'model'],
  },
  'a leader to its route': { keys: ['1', 'right', 'enter'], to: ['route'] },
  'an event to its task and its run': {
    keys: ['enter', 'enter', 'enter'],
    to: ['model', 'event', 'run', 'task'],
  },
  'a route to a task of a run': {
    keys: ['2', 'enter', 'right', 'enter'],
    to: ['route', 'run', 'task'],
  },
  'a model to one of its routes and on to another model': {
    keys: ['enter', 'w', 'enter', 'down', 'enter'],
    to: ['model', 'route', 'model'],
  },
  'a run to the model of a task': { keys: ['5', 'enter', 'g', 'w'], to: ['run', 'model'] },
  'a task to its model, its route and a task of another run': {
    keys: ['5', 'enter', 'g', 'enter', 'w', 'w', 'enter', 'right', 'enter'],
    to: ['run', 'task', 'model', 'route', 'run', 'task'],
  },
};

describe.each(sizes)('at %o', (size) => {
  it.each(Object.entries(ways))('leads from %s, and back the same way', async (_, { keys, to }) => {
    const session = open(size);
    session.press(...keys);
    expect(kinds(session)).toEqual(to);
    expect((await screenOf(session.state()))[1]).toMatch(/› /);
    for (let left = to.length; left > 0; left -= 1) {
      expect(kinds(session)).toEqual(to.slice(0, left));
      session.press('escape');
      // Out of the reasons of a model first.
      if (kinds(session).length === left) session.press('escape');
    }
    expect(session.state().viewStack).toEqual([]);
  });
});

describe('on the way back', () => {
  it('the model, the run and the task are shown that were left', () => {
    const session = open();
    const { press, state } = session;
    press('5', 'enter', 'g', 'enter');
    const task = selectedTask(state())?.id;
    press('w', 'w', 'enter', 'right', 'enter');
    expect(state().openRun).toBeUndefined();
    press('escape', 'escape', 'left', 'down', 'enter');
    const other = openModelName(state());
    expect(state().openModel?.detail.model).toBe(other);
    press('escape', 'escape', 'escape');
    expect(topView(state())).toMatchObject({ kind: 'model' });
    expect(state().openModel?.detail.model).toBe(openModelName(state()));
    expect(openModelName(state())).not.toBe(other);
    press('escape');
    expect(topView(state())?.kind).toBe('task');
    expect(selectedTask(state())?.id).toBe(task);
    expect(state().openRun?.projectId).toBe(runState(runStory()).projectId);
  });

  it('says of a model without calls in the window why it does not open', () => {
    const insight = mockInsight();
    const session = openSession({
      insight: { ...insight, rankings: insight.rankings.slice(1) },
      runs: [runState(runStory())],
    });
    session.press('2', 'enter');
    const { state, press } = session;
    const gone = insight.rankings[0]?.model ?? '';
    for (let step = 0; step < 9 && state().selections.candidates?.id !== gone; step += 1)
      press('j');
    press('enter');
    expect(openTaskType(state())).toBeDefined();
    expect([undefined, `${gone} did nothing in this window: ] takes a longer one.`]).toContain(
      state().message,
    );
  });
});

describe('a text that is longer than its room', () => {
  const shown = async ({ state }: Session) => (await screenOf(state())).join('\n');

  it('of a task is gone through by pages, marked at its ends, and another task starts at its top', async () => {
    const session = openSession({
      insight: mockInsight(),
      runs: [runState(runStory())],
      columns: 44,
      rows: 12,
    });
    session.press('5', 'enter', 'g', 'down', 'enter');
    expect(await shown(session)).toMatch(/ ↓ ╯/);
    session.press('end');
    expect(await shown(session)).toMatch(/↑ {2}╯/);
    expect(await shown(session)).toContain('others');
    session.press('pagedown', 'home');
    expect(session.state().scroll?.top).toBe(0);
    session.press('pagedown', 'right');
    expect(session.state().scroll?.top ?? 0).toBe(0);
  });

  it.each([
    ['evidence', ['4', 'enter']],
    ['event', ['enter', 'enter']],
  ])('of %s is gone through line by line, and not past its end', async (_, keys) => {
    const session = openSession({ insight: mockInsight(), columns: 40, rows: 10 });
    session.press(...keys);
    const most = session.state().scroll?.most ?? 0;
    expect(most).toBeGreaterThan(0);
    session.press(...Array.from({ length: most + 9 }, () => 'down'));
    expect(session.state().scroll).toEqual({ top: most, most });
    session.press('k');
    expect(session.state().scroll?.top).toBe(most - 1);
    session.store.dispatch({ type: 'resized', size: { columns: 120, rows: 50 } });
    expect(session.state().scroll).toBeUndefined();
  });

  it('of why a model is routed is reached block by block at every size', async () => {
    for (const size of [{ columns: 80, rows: 24 }, ...sizes]) {
      const session = open(size);
      session.press('enter', 'w');
      const cells = session.state().openModel?.detail.cells ?? [];
      expect(await shown(session)).toMatch(/WHY IT IS ROUTED/);
      session.press('end');
      expect(session.state().selections.why?.id).toBe(cells.at(-1)?.taskType);
      expect(await shown(session)).toMatch(/❯ ?\w+/);
    }
  });

  it('of the help is whole: what is cut is wrapped, and its last line shows the end', async () => {
    const session = open(sizes[0]);
    session.press('?');
    expect(await shown(session)).not.toContain('…│');
    session.press(...Array.from({ length: 60 }, () => 'down'));
    expect(await shown(session)).toMatch(/COLD <10/);
  });
});
