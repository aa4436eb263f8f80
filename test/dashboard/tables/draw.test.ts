import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleCandidates } from '../../../source/dashboard/state/route-lists.ts';
import { candidates } from '../../../source/dashboard/tables/candidates.ts';
import { moneyDecimals } from '../../../source/dashboard/format/index.ts';
import { routeRows } from '../../../source/dashboard/tables/route-rows.ts';
import { routes } from '../../../source/dashboard/tables/routes.ts';
import { leaders } from '../../../source/dashboard/tables/by-task.ts';
import type { Columns } from '../../../source/dashboard/tables/column.ts';
import { costColumns, costFacts } from '../../../source/dashboard/tables/cost.ts';
import { drawTable } from '../../../source/dashboard/tables/table.ts';
import { rankings } from '../../../source/dashboard/tables/rankings.ts';
import { runTasks } from '../../../source/dashboard/tables/run-tasks.ts';
import { renderStyleOf, widthOfLine } from '../../../source/dashboard/theme/index.ts';
import { standingsOf } from '../../../source/domain/task-standing.ts';
import { hostileInsight, largeInsight, mockInsight, someNow } from '../../support/insight.ts';
import { runStory } from '../../support/run-story.ts';
import { runState } from '../../support/runs.ts';
import { openSession } from '../../support/session.tsx';

const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: false });

type Case = { minimum: number; draw: (width: number) => ReturnType<typeof measured> };

/** The table at that width: which columns are there, how wide each line is, what the cells say. */
function measured<Row, Facts>(
  columns: Columns<Row, Facts>,
  rows: readonly Row[],
  facts: Facts,
  width: number,
) {
  const table = drawTable(columns, { rows, facts, style, width });
  const decimals = (column?: Columns<Row, Facts>[string]): number =>
    moneyDecimals(rows.map((row) => column?.dollars?.(row, facts)));
  const lines = rows.map((row) => table.line(row, {}));
  return {
    placed: table.placed,
    widths: [table.head, ...lines].map(widthOfLine),
    // What may not be cut: the texts of columns without a rule for it.
    whole: rows.every((row, index) =>
      table.placed.every((name) => {
        const column = columns[name];
        if (column?.cut !== undefined || column?.fills === true) return true;
        const text = column?.cell?.(row, style, facts, 0, decimals(column)).text ?? '';
        return lines[index]?.some((piece) => piece.text.includes(text)) === true;
      }),
    ),
  };
}

const insights = [mockInsight(), largeInsight(), hostileInsight()];
const run = runState(runStory());
const tasks = [...run.tasks.values()].filter(({ startedAt }) => startedAt !== undefined);

const cases: Record<string, Case> = {
  rankings: {
    minimum: 38,
    draw: (width) => measured(rankings, insights[width % 3]?.rankings ?? [], { days: 30 }, width),
  },
  cost: {
    minimum: 38,
    draw(width) {
      const rows = insights[width % 3]?.rankings ?? [];
      return measured(costColumns, rows, costFacts(rows), width);
    },
  },
  routes: {
    minimum: 58,
    draw(width) {
      const insight = insights[width % 3] ?? mockInsight();
      return measured(routes, routeRows(insight.routes, insight), undefined, width);
    },
  },
  'models of a route': {
    minimum: 58,
    draw(width) {
      const insight = insights[width % 3] ?? mockInsight();
      const session = openSession({ insight });
      session.press('2', 'enter');
      return measured(candidates, visibleCandidates(session.state()), { isKnown: true }, width);
    },
  },
  leaders: {
    minimum: 38,
    draw: (width) =>
      measured(leaders, Object.values(insights[width % 3]?.leaders ?? {}), undefined, width),
  },
  'tasks of a run': {
    minimum: 58,
    draw: (width) =>
      measured(runTasks, tasks, { run, standings: standingsOf(run, someNow), now: someNow }, width),
  },
};

describe.each(Object.entries(cases))('%s, at every width', (_, { minimum, draw }) => {
  const widths = fc.integer({ min: minimum, max: 260 });

  it('fill their pane, each line as far as the others', () => {
    fc.assert(
      fc.property(widths, (width) => {
        const drawn = draw(width);
        expect(Math.max(...drawn.widths)).toBeLessThanOrEqual(width - 1);
        expect(new Set(drawn.widths).size).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('lose whole columns, never a digit', () => {
    fc.assert(
      fc.property(widths, (width) => {
        expect(draw(width).whole).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('show in less room no column that more room does not show', () => {
    for (let width = minimum + 3; width < 200; width += 1) {
      const more = draw(width).placed;
      // The same history, three columns narrower.
      const less = draw(width - 3).placed;
      expect(more).toEqual(expect.arrayContaining([...less]));
    }
  });
});
