import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import type { CellStats, Insight, ModelRanking, Route } from '../../source/domain/insight.ts';
import { idsOf, selectedId, visibleRuns } from '../../source/dashboard/state/lists.ts';
import { topView, type ListName } from '../../source/dashboard/state/state.ts';
import { mockInsight } from '../support/insight.ts';
import { pastRun } from '../support/runs.ts';
import { frameOf, openSession } from '../support/session.tsx';
import { someNow } from '../support/insight.ts';

const models = Array.from({ length: 50 }, (_, index) => `vendor/model-${index}`);
const taskTypes = Array.from({ length: 30 }, (_, index) => `kind_${index}`);
const pastRuns = Array.from({ length: 2000 }, (_, index) =>
  pastRun(`p-${index}`, { startedAt: someNow - 1000 * (index + 1) }),
);

/** 50 models that do 30 task types. */
function wide(): Insight {
  const mock = mockInsight();
  const [ranking] = mock.rankings;
  const [cell] = mock.cells;
  const [route] = mock.routes;
  if (ranking === undefined || cell === undefined || route === undefined) {
    throw new Error('The mock has some.');
  }
  const cells = taskTypes.flatMap((taskType) =>
    models.map((model): CellStats => ({ ...cell, model, taskType })),
  );
  return {
    ...mock,
    cells,
    rankings: models.map((model): ModelRanking => ({ ...ranking, model })),
    leaders: Object.fromEntries(
      taskTypes.map((taskType, index) => [
        taskType,
        { ...cell, taskType, model: models[index] ?? '' },
      ]),
    ),
    routes: taskTypes.map((taskType): Route => ({ ...route, taskType, model: models[0] ?? '' })),
  };
}

const insight = wide();
const size = fc.record({
  columns: fc.integer({ min: 60, max: 240 }),
  rows: fc.integer({ min: 20, max: 70 }),
});

const open = (given: { columns: number; rows: number }) =>
  openSession({
    insight,
    ...given,
    options: { runArchive: { list: () => pastRuns, read: () => expect.fail('not opened') } },
  });

const screen = (session: ReturnType<typeof open>): string =>
  stripVTControlCharacters(frameOf(session.state()));

/** Every list, the keys to it, and the rows that it must lead to. */
const lists: [ListName, string[], readonly string[]][] = [
  ['rankings', [], models],
  ['leaders', ['right'], taskTypes],
  ['cost', ['right', 'right'], models],
  ['routes', ['2'], taskTypes],
  ['candidates', ['2', 'enter'], models],
  ['runs', ['5'], pastRuns.map(({ projectId }) => projectId)],
];

describe('at any size from 60×20', () => {
  it.each(lists)('every row of the %s is reached by keys and shown', (list, keys, wanted) => {
    fc.assert(
      fc.property(size, fc.nat(wanted.length - 1), fc.boolean(), (given, index, fromEnd) => {
        const session = open(given);
        session.press(...keys);
        session.press(fromEnd ? 'end' : 'home');
        const steps = fromEnd ? wanted.length - 1 - index : index;
        const pages = Math.floor(steps / Math.max(1, given.rows - 8));
        session.press(
          ...Array.from({ length: pages }, () => (fromEnd ? 'pageup' : 'pagedown')),
          ...Array.from({ length: steps - pages * (given.rows - 8) }, () => (fromEnd ? 'k' : 'j')),
        );
        const ids = idsOf(session.state(), list);
        expect(ids).toContain(selectedId(session.state(), list));
        const lines = screen(session).split('\n');
        // Shown, and marked by more than a colour.
        expect(lines.some((line) => line.includes('❯'))).toBe(true);
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  it.each(lists)('no row of the %s is left out on the way through', (list, keys, wanted) => {
    const session = open({ columns: 60, rows: 20 });
    session.press(...keys, 'home');
    const seen = new Set<string>();
    for (let step = idsOf(session.state(), list).length; step > 0; step -= 1) {
      seen.add(selectedId(session.state(), list) ?? '');
      session.press('j');
    }
    expect(wanted.filter((id) => !seen.has(id))).toEqual([]);
  });

  it('leaders and cost are reached by the keys that the footer names', () => {
    for (const [columns, rows] of [
      [60, 20],
      [80, 24],
    ] as const) {
      const session = open({ columns, rows });
      const footer = () => screen(session).split('\n').at(-1) ?? '';
      expect(footer()).toContain('←→ pane');
      expect(footer()).toContain('⏎ open');
      expect(footer()).toContain('? help');
      session.press('right');
      expect(screen(session)).toContain('TASK-TYPE LEADERS');
      session.press('right');
      expect(screen(session)).toContain('COST');
    }
  });

  it('every model, task type and run is found by its name from anywhere', () => {
    fc.assert(
      fc.property(
        size,
        fc.constantFrom(
          ...models,
          ...taskTypes,
          ...pastRuns.slice(0, 200).map((run) => run.project),
        ),
        fc.constantFrom('1', '2', '3', '4', '5'),
        (given, name, tab) => {
          const session = openSession({
            insight,
            ...given,
            options: {
              runArchive: {
                list: () => pastRuns,
                read: () => {
                  throw new Error('gone');
                },
              },
            },
          });
          session.press('5', tab, ':', ...name.replaceAll('_', ' ').split(''), 'enter');
          expect(topView(session.state())).toBeDefined();
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it('2,000 runs are all in the list', () => {
    const session = open({ columns: 60, rows: 20 });
    session.press('5');
    expect(visibleRuns(session.state())).toHaveLength(2000);
  });
});
