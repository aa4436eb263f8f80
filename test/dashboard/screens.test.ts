import { describe, expect, it } from 'vitest';
import { hostileInsight, largeInsight, mockInsight, oneModelInsight } from '../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../support/run-story.ts';
import { runEvents, runState } from '../support/runs.ts';
import { openSession, screenOf, type SessionOptions } from '../support/session.tsx';

const snapshot = (name: string): string => `screens/${name}.txt`;

async function drawn(
  [columns, rows]: readonly [number, number],
  keys: readonly string[],
  options: SessionOptions = {},
): Promise<string> {
  const session = openSession({ insight: mockInsight(), columns, rows, ...options });
  session.press(...keys);
  const lines = await screenOf(session.state());
  return `${lines.join('\n')}\n`;
}

/** One narrow and one wide: what other sizes do is tested by panes and in sizes.test.ts. */
const sizes = [
  [80, 24],
  [200, 60],
] as const;

const views: Record<string, string[]> = {
  overview: [],
  routes: ['2', 'down', '+', '+', '+'],
  route: ['2', 'down', 'enter'],
  cost: ['3'],
  'cost-by-project': ['3', 'right', 'right'],
  judges: ['3', 'J'],
  recommendations: ['4', 'down'],
  runs: ['5'],
  model: ['down', 'enter'],
  event: ['down', 'enter', 'enter'],
  evidence: ['4', 'enter'],
  learning: ['L'],
  columns: ['c', 'j', 'j', 'j', 'j', 'j', 'j', ' ', 'j', 'j', ' ', 'j', ' '],
  help: ['?'],
  palette: [':', 'f', 'l'],
};

describe.each(sizes)('at %d×%d', (columns, rows) => {
  it.each(Object.entries(views))('%s looks as recorded', async (name, keys) => {
    const text = await drawn([columns, rows], keys, {
      runs: [runState(runEvents()), runState(runEvents('p-8a01', 'Summarise the minutes'))],
    });
    await expect(text).toMatchFileSnapshot(snapshot(`${name}-${columns}x${rows}`));
  });
});

describe('the view of a run', () => {
  const running = runStory();
  const stories = {
    'in-progress': running,
    over: storyEnds(storyGoesOn(running)),
    dead: runStory().map((event) => ({ ...event, at: event.at - 400 })),
  };
  describe.each(sizes)('at %d×%d', (columns, rows) => {
    it.each(Object.entries(stories))('%s looks as recorded', async (name, events) => {
      const text = await drawn([columns, rows], ['5', 'enter'], { runs: [runState(events)] });
      await expect(text).toMatchFileSnapshot(snapshot(`run-${name}-${columns}x${rows}`));
    });
    it('shows one of its tasks as recorded', async () => {
      const keys = ['5', 'enter', 'g', 'down', 'enter'];
      const text = await drawn([columns, rows], keys, { runs: [runState(running)] });
      await expect(text).toMatchFileSnapshot(snapshot(`task-${columns}x${rows}`));
    });
  });
});

describe('data of every kind', () => {
  it.each([
    ['one-model', oneModelInsight()],
    ['many-models', largeInsight()],
    ['hostile-names', hostileInsight()],
  ])('%s looks as recorded', async (name, insight) => {
    const text = await drawn([120, 30], [], { insight });
    await expect(text).toMatchFileSnapshot(snapshot(name));
  });

  it('keeps numbers in their columns beside wide and hostile names', async () => {
    const text = await drawn([80, 24], [], { insight: hostileInsight() });
    const rows = text.split('\n').filter((line) => /^│. [●○]/.test(line));
    const ends = rows.map((line) => line.trimEnd().endsWith('│'));
    expect(rows.length).toBeGreaterThan(3);
    expect(ends).not.toContain(false);
  });
});

describe('states', () => {
  it.each([
    ['loading', { status: 'missing' }],
    ['missing', { status: 'missing' }],
    ['locked', { status: 'locked' }],
    ['not-a-database', { status: 'not-a-database', message: 'file is not a database' }],
    ['failed', { status: 'failed', message: 'disk I/O error' }],
  ] as const)('%s says what is the matter', async (name, reading) => {
    const session = openSession({ reading, columns: 80, rows: 24 });
    const state = session.state();
    const shown = name === 'loading' ? { ...state, data: { status: 'loading' as const } } : state;
    const lines = await screenOf(shown);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(snapshot(`state-${name}`));
  });

  it('keeps the last good data, with its age, when the database is locked', async () => {
    const session = openSession({ insight: mockInsight(), columns: 120, rows: 30 });
    session.now.seconds += 180;
    session.read({ status: 'locked' });
    const text = (await screenOf(session.state())).join('\n');
    expect(text).toContain('telemetry.db is locked by another program; trying again.');
    expect(text).toContain('data is 3 minutes old');
    expect(text).toContain('deepseek-chat');
    session.read({ status: 'ready', insight: mockInsight() });
    expect((await screenOf(session.state())).join('\n')).not.toContain('locked');
  });

  it('tells of a newer schema and shows what it knows', async () => {
    const session = openSession({
      reading: { status: 'ready', insight: mockInsight(), newerSchema: 9 },
    });
    const text = (await screenOf(session.state())).join('\n');
    expect(text).toContain('newer version');
    expect(text).toContain('deepseek-chat');
  });
});

describe('ASCII', () => {
  it('is all that is drawn where the terminal knows no more', async () => {
    const inRuns = [
      ['5', 'enter'],
      ['5', 'enter', 'k', 'enter'],
    ];
    for (const keys of [...Object.values(views), ...inRuns]) {
      const session = openSession({
        insight: mockInsight(),
        runs: [runState(storyEnds(runStory())), runState(runEvents())],
        columns: 120,
        rows: 40,
      });
      session.press(...keys);
      const lines = await screenOf(session.state(), { ascii: true });
      expect(lines.join('\n')).toMatch(/^[ -~\n]*$/);
    }
  });

  it('looks as recorded', async () => {
    const session = openSession({ insight: mockInsight(), columns: 120, rows: 30 });
    const lines = await screenOf(session.state(), { ascii: true });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(snapshot('ascii'));
  });
});
