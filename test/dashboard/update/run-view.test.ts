import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hintsFor } from '../../../source/dashboard/keys/lookup.ts';
import { idsOf, selectedId, selectedTask } from '../../../source/dashboard/state/lists.ts';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { mockInsight, someNow } from '../../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../../support/run-story.ts';
import { runEvents, runState } from '../../support/runs.ts';
import { openSession, screenOf, type SessionOptions } from '../../support/session.tsx';

const story = runStory();

const openRun = (options: SessionOptions = {}) => {
  const session = openSession({
    insight: mockInsight(),
    runs: [runState(story), runState(runEvents())],
    columns: 80,
    rows: 24,
    ...options,
  });
  session.press('5', 'enter');
  const tell = (...runs: RunEvent[][]) =>
    session.store.dispatch({ type: 'runs', runs: runs.map(runState), at: session.now.seconds });
  const text = async () => (await screenOf(session.state())).join('\n');
  return { ...session, tell, text };
};

describe('opening a run', () => {
  it('goes down by Enter and up by Esc, over a task of it', () => {
    const { press, state } = openRun();
    expect(state().viewStack).toMatchObject([{ kind: 'run', projectId: 'p-5c21' }]);
    press('enter');
    expect(state().viewStack.map(({ kind }) => kind)).toEqual(['run', 'task']);
    press('enter');
    expect(state().viewStack.map(({ kind }) => kind)).toEqual(['run', 'task', 'texts']);
    press('escape', 'escape');
    expect(state().viewStack.map(({ kind }) => kind)).toEqual(['run']);
    press('escape');
    expect(state()).toMatchObject({ viewStack: [], tab: 'runs' });
    expect(state().openRun).toBeUndefined();
    expect(state().selections.tasks).toBeUndefined();
  });

  it('needs no telemetry', async () => {
    const { text } = openRun({ reading: { status: 'missing' } });
    expect(await text()).toContain('Live › A rate limiter for an HTTP API');
  });

  it('waits for a run that has said nothing yet', async () => {
    const { store, text } = openRun();
    store.dispatch({ type: 'key', key: 'escape' });
    const viewStack = [{ kind: 'run' as const, projectId: 'p-new', filterAbove: '' }];
    const lines = await screenOf({ ...store.get(), viewStack });
    expect(lines.join('\n')).toContain('Waiting for the first words of p-new');
    expect(await text()).toContain('RUNS');
  });

  it('offers in the footer what works there', () => {
    const { press, state } = openRun();
    const hints = () => hintsFor(state()).map(({ hint }) => hint);
    expect(hints()).toEqual([
      'select',
      'open',
      'back',
      'model',
      'sort',
      'only failed',
      'filter',
      'pause',
      'copy',
      'go to',
      'help',
      'quit',
    ]);
    press('enter');
    expect(hints()).toContain('good bad');
    expect(hints()).toContain('task');
  });
});

describe('the selection among tasks', () => {
  it('goes with the work until it is moved, and then stays on its task', () => {
    const { press, state, tell } = openRun();
    expect(selectedId(state(), 'tasks')).toBe('tests');
    tell(storyGoesOn(story));
    expect(selectedId(state(), 'tasks')).toBe('review');
    press('up');
    expect(selectedId(state(), 'tasks')).toBe('guide');
    tell(storyEnds(storyGoesOn(story)));
    expect(selectedId(state(), 'tasks')).toBe('guide');
  });

  it('stays on the task that was opened', () => {
    const { press, state, tell } = openRun();
    press('enter');
    tell(storyGoesOn(story));
    expect(selectedTask(state())?.id).toBe('tests');
    press('right', 'h', 'h');
    expect(selectedTask(state())?.id).toBe('limiter');
  });

  it.each([
    [['g'], 'algorithm'],
    [['G'], 'review'],
    [['pageup'], 'algorithm'],
    [['j', 'k', 'l'], 'figures'],
  ])('%s moves it', (keys, expected) => {
    const { press, state } = openRun();
    press(...keys);
    expect(selectedId(state(), 'tasks')).toBe(expected);
  });
});

describe('a task that is open', () => {
  it.each([[' '], ['pagedown'], ['pageup'], ['G'], ['home'], ['ctrl-f']])(
    'is not left by %j, which moves in its text alone',
    (key) => {
      const { press, state } = openRun();
      press('enter');
      const id = selectedTask(state())?.id;
      press(key, key);
      expect(selectedTask(state())?.id).toBe(id);
    },
  );

  it('leads to the next and the last one by single steps', () => {
    const { press, state } = openRun();
    press('g', 'enter');
    const ids = idsOf(state(), 'tasks');
    const seen = ['right', 'down', 'left'].map((key) => {
      press(key);
      return selectedTask(state())?.id;
    });
    expect(seen).toEqual([ids[1], ids[2], ids[1]]);
  });
});

describe('the filter of a run', () => {
  it('begins at the first task that it leaves', () => {
    const { press, state } = openRun();
    press('G', '/', 'l', 'i', 'm', 'enter');
    expect(selectedTask(state())?.id).toBe('limiter');
  });

  it('is for its tasks, and gives the one above back', () => {
    const { press, state } = openSession({
      insight: mockInsight(),
      runs: [runState(story), runState(runEvents())],
    });
    press('5', '/', 'h', 't', 't', 'p', 'enter', 'enter');
    expect(state()).toMatchObject({
      filter: '',
      viewStack: [{ kind: 'run', projectId: 'p-5c21' }],
    });
    press('/', 'c', 'o', 'd', 'e', '_', 'g', 'enter', 'G');
    expect(selectedId(state(), 'tasks')).toBe('tests');
    expect(state().viewStack).toHaveLength(1);
    press('escape');
    expect(state()).toMatchObject({ filter: '', viewStack: [{ kind: 'run' }] });
    press('escape');
    expect(state()).toMatchObject({ filter: 'http', viewStack: [] });
    press('enter', '/', 'x', 'enter', '1');
    expect(state()).toMatchObject({ filter: 'http', viewStack: [], tab: 'overview' });
  });

  it('says so when nothing matches', async () => {
    const { press, text } = openRun();
    press('/', '?', '?', 'enter');
    expect(await text()).toContain('nothing matches the filter');
    expect(await text()).toContain('TASKS  0 of 6');
    press('enter', 'y');
    expect(await text()).toContain('TASKS  0 of 6');
  });
});

describe('what becomes of an open run', () => {
  it('shows a task as it finishes', async () => {
    const { tell, text } = openRun();
    expect(await text()).toContain('3/6 tasks');
    tell(storyGoesOn(story));
    expect(await text()).toContain('4/6 tasks');
    expect(await text()).toMatch(/✓ tests .* accepted +0\.90/);
  });

  it('stays, with its end, when it is no longer among the runs in progress', async () => {
    const { tell, text, state } = openRun();
    tell(storyEnds(story));
    tell();
    expect(state().runs).toEqual([]);
    expect(await text()).toContain('~ partial');
    expect(await text()).toContain('1 of 6 tasks failed, and 1 needs it.');
    expect(await text()).toContain('Resume with: orchestrator run --resume p-5c21');
  });

  it('tells when its process has died, and what that interrupted', async () => {
    const { store, text } = openRun();
    store.dispatch({ type: 'runs', runs: [], at: someNow + 200 });
    expect(await text()).toContain('! no sign of life');
    expect(await text()).toContain('stale for 3 minutes');
    expect(await text()).toMatch(/! tests .* interrupted/);
    store.dispatch({ type: 'time', at: someNow + 7200 });
    expect(await text()).toContain('stale for 2 hours');
  });
});

describe('taking a run along', () => {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
  });

  it('copies the selected task as a line', () => {
    const { press, asked } = openRun();
    press('g', 'y');
    const copied = /52;c;([\w+/=]*)/.exec(asked.at(-1) ?? '')?.[1] ?? '';
    expect(Buffer.from(copied, 'base64').toString()).toBe(
      'algorithm  reasoning  deepseek-reasoner  accepted  0.92  1 attempt  $0.0042',
    );
  });

  it('saves the run with the tasks shown, without prompts', () => {
    const directory = mkdtempSync(join(tmpdir(), 'run-view-'));
    directories.push(directory);
    const saved = () =>
      readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
    const { press } = openRun({ options: { exportDirectory: directory } });
    press('/', 'g', 'u', 'i', 'd', 'enter', 'e');
    expect(JSON.parse(saved()[0] ?? '')).toMatchObject({
      view: 'run',
      run: {
        projectId: 'p-5c21',
        spentByModel: { 'gpt-4o': 0.0042 },
        tasks: [{ id: 'guide', standing: 'skipped' }],
      },
    });
    press('enter', 'e');
    expect(saved()).toHaveLength(2);
    expect(saved().join('\n')).not.toContain('Weigh accuracy');
  });
});
