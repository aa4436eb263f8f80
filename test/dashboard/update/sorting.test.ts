import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchingItems } from '../../../source/dashboard/keys/palette.ts';
import { idsOf, visibleTasks } from '../../../source/dashboard/state/lists.ts';
import { sortWords } from '../../../source/dashboard/tables/column.ts';
import { lettered, sortColumnsOf } from '../../../source/dashboard/tables/table.ts';
import { mockInsight, someNow } from '../../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../../support/run-story.ts';
import { pastRun, runState } from '../../support/runs.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const statuses = ['success', 'failed', 'partial', 'success', 'interrupted'] as const;

function open(columns = 140) {
  const pastRuns = statuses.map((status, index) =>
    pastRun(`p-${index}`, {
      status,
      startedAt: someNow - 100_000 * (index + 1),
      spentUsd: [0.4, 2, 0.1, 3, 1][index] ?? 0,
      averageQuality: index === 1 ? null : 0.5 + index / 10,
    }),
  );
  return openSession({
    insight: mockInsight(),
    columns,
    rows: 40,
    runs: [runState(storyEnds(storyGoesOn(runStory())))],
    options: { runArchive: { list: () => pastRuns, read: () => expect.fail('not read') } },
  });
}

const headOf = async (session: ReturnType<typeof open>, word: string): Promise<string> =>
  (await screenOf(session.state())).find((line) => line.includes(word)) ?? '';

/** The keys to each list that is sorted. */
const lists = {
  rankings: [],
  routes: ['2'],
  candidates: ['2', 'enter'],
  runs: ['5'],
  tasks: ['5', 'enter'],
  events: ['enter'],
  leaders: ['right'],
  recommendations: ['4'],
  'route-tasks': ['2', 'enter', 'right'],
  spend: ['3'],
} as const;

describe('the letter of a column', () => {
  it.each(Object.entries(lists))(
    'sorts %s by it, reverses it when pressed again, and shows that in the title',
    async (list, keys) => {
      const session = open(200);
      session.press(...keys);
      const columns = sortColumnsOf(list);
      for (const [index, { letter, name, ascending }] of columns.entries()) {
        session.press(columns[index === 0 ? 1 : 0]?.letter ?? '', letter);
        const direction = () => session.state().sorts[list as keyof typeof lists];
        expect(direction()).toEqual({ column: name, descending: ascending !== true });
        session.press(letter);
        expect(direction()).toEqual({ column: name, descending: ascending === true });
        const screen = (await screenOf(session.state())).join('\n');
        expect(screen).toContain(ascending === true ? '▾' : '▴');
      }
    },
  );

  it('sorts advice, which stands in the order of its money until then, and keeps what lacks data last', () => {
    const { press, state } = open();
    press('4');
    const own = idsOf(state(), 'recommendations');
    expect(own.at(-1)).toContain('needs-data');
    for (const letter of ['F', 'F', 'Y', 'Y', 'M', 'K', 'V']) {
      press(letter);
      expect(idsOf(state(), 'recommendations').toSorted()).toEqual(own.toSorted());
      expect(idsOf(state(), 'recommendations').at(-1)).toBe(own.at(-1));
    }
    press('K', 's');
    expect(idsOf(state(), 'recommendations')).toEqual(own);
  });

  it('is remembered of every list', () => {
    const { press, store } = open();
    press('right', 'Q', '4', 'M');
    expect(store.get().sorts).toEqual({
      leaders: { column: 'quality', descending: true },
      recommendations: { column: 'model', descending: false },
    });
  });

  it('is one for each column of a list', () => {
    for (const list of Object.keys(lists)) {
      const letters = sortColumnsOf(list).map(({ letter }) => letter);
      expect(new Set(letters).size).toBe(letters.length);
    }
  });

  it('says which there are where it is of no column', () => {
    const { press, state } = open();
    press('5', 'Y');
    expect(state().message).toMatch(/^Nothing here is sorted by Y: T started, .*C spent/);
  });

  it('sorts the tasks of a run, which stand in the order of the plan until then and after the last column', () => {
    const { press, state } = open();
    press('5', 'enter');
    const plan = idsOf(state(), 'tasks');
    press('C');
    const costs = visibleTasks(state()).map(({ costUsd }) => costUsd);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    press('T', 's');
    expect(state().sorts.tasks).toBeUndefined();
    expect(idsOf(state(), 'tasks')).toEqual(plan);
  });

  it('puts what has no number last, whichever way it is sorted', () => {
    const { press, state } = open();
    press('5', 'Q');
    expect(idsOf(state(), 'runs').at(-1)).toBe('p-1');
    press('Q');
    expect(idsOf(state(), 'runs').at(-1)).toBe('p-1');
  });

  it('stands in the title of its column, which is shown while the list is sorted by it', async () => {
    for (const columns of [60, 80, 120, 200]) {
      const session = open(columns);
      const screen = async () => (await screenOf(session.state())).join('\n');
      session.press('P');
      expect(await screen()).toMatch(/MODEL RANKINGS .*\n.* P95▴/);
      session.press('right', 'C');
      expect(await screen()).toMatch(/TASK-TYPE LEADERS .*\n.* C:\$\/k▴/);
    }
  });

  it('is written where it works: in the titles of the list that has the keys', async () => {
    const session = open(120);
    const head = async () => (await screenOf(session.state()))[3] ?? '';
    expect(await head()).toMatch(/Model .*Value▾ .*Quality .*task type▴ +leader +quality/);
    session.press('right');
    expect(await head()).toMatch(/model .*value▾ .*quality .*task tYpe▴ +M:leader +Quality/);
  });

  it('is the only capital of a title', () => {
    const titles = Object.keys(lists).flatMap((list) =>
      sortColumnsOf(list).map(({ title, letter }) => lettered(title, letter)),
    );
    for (const title of titles) expect(title.match(/[A-Z]/g)).toHaveLength(1);
  });

  it('is in the palette by what it does', () => {
    const { press, state } = open();
    press('5', ':', 's', 'o', 'r', 't', ' ', 'c', 'o', 's', 't');
    expect(matchingItems(state())[0]).toMatchObject({ label: 'sort by cost (spent)', key: 'C' });
    press('enter');
    expect(state().sorts.runs).toEqual({ column: 'spent', descending: true });
  });

  it('is in the documentation', () => {
    const page = readFileSync(new URL('../../../docs/dashboard.md', import.meta.url), 'utf8');
    for (const letter of Object.keys(sortWords)) expect(page).toMatch(`\`${letter}\` `);
  });
});

describe('headings', () => {
  it('of a route say that its order is that of routing only while it is', async () => {
    const session = open();
    session.press('2', 'enter');
    expect(await headOf(session, 'MODELS')).toContain('in the order of routing');
    session.press('C');
    expect(await headOf(session, 'MODELS')).not.toContain('in the order of routing');
  });

  it.each([
    ['5', 'RUNS', 'p-0', '1 of 6'],
    ['2', 'ROUTES', 'reason', '1 of 6'],
    ['4', 'RECOMMENDATIONS', 'declining', '1 of 3'],
  ])('on tab %s count what a filter leaves of all', async (tab, title, text, count) => {
    const session = open();
    session.press(tab, '/', ...text.split(''), 'enter');
    expect(await headOf(session, `${title} `)).toContain(count);
  });
});

describe('only what failed', () => {
  it('are the runs that did not succeed, and Esc shows all again', async () => {
    const session = open();
    session.press('5', 'f');
    expect(idsOf(session.state(), 'runs')).toEqual(['p-5c21', 'p-1', 'p-2', 'p-4']);
    expect(await headOf(session, 'RUNS ')).toContain('4 of 6  only failed');
    session.press('escape');
    expect(idsOf(session.state(), 'runs')).toHaveLength(6);
  });

  it('are the tasks that fell short or have no result, in the open run alone', async () => {
    const session = open();
    session.press('5', 'enter', 'f');
    const standings = visibleTasks(session.state()).map(({ status }) => status);
    expect(standings).not.toContain('accepted');
    expect(await headOf(session, 'TASKS ')).toContain('only failed');
    session.press('escape', 'escape', 'enter');
    expect(session.state().onlyFailed).toEqual({});
  });
});
