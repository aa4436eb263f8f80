import { describe, expect, it } from 'vitest';
import { chosenColumns } from '../../../source/dashboard/panes/rankings.tsx';
import {
  hasNumbers,
  rankingNames,
  type RankingColumn,
} from '../../../source/dashboard/state/columns.ts';
import { drawTable } from '../../../source/dashboard/tables/table.ts';
import { renderStyleOf, type Line } from '../../../source/dashboard/theme/index.ts';
import { largeInsight, mockInsight } from '../../support/insight.ts';
import { runEvents, runState } from '../../support/runs.ts';
import { openSession } from '../../support/session.tsx';

const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: false });

function tableOf(
  columns: readonly RankingColumn[],
  width: number,
  insight = mockInsight(),
  runs = [runState(runEvents())],
) {
  const state = { ...openSession({ insight, runs }).state(), columns };
  const { rankings: rows } = insight;
  return drawTable(chosenColumns(state, rows), { rows, facts: state, style, width });
}

const textOf = (line: Line): string => line.map(({ text }) => text).join('');

describe('the rankings in chosen columns', () => {
  it('shows what was chosen and the model, and nothing else', () => {
    const { head, line } = tableOf(['tasks', 'success', 'latency', 'failures'], 80);
    const [row] = mockInsight().rankings.slice(1);
    if (row === undefined) throw new Error('The mock has seven.');
    expect(textOf(head).trim().split(/ +/)).toEqual(['model', 'tasks', 'success', 'p95', 'failed']);
    expect(textOf(line(row, {})).trim().split(/ {2,}/)).toEqual([
      '●',
      'deepseek-chat',
      '156',
      '98.1%',
      '4.2 s',
      '6',
    ]);
  });

  it('gives up what is shown by default before what somebody chose to see', () => {
    const { placed } = tableOf(rankingNames, 73);
    expect(placed).toEqual(
      expect.arrayContaining(['value', 'quality', 'success', 'latency', 'failures']),
    );
    expect(placed).not.toContain('spark');
  });

  it('places any single column of numbers on the smallest screen', () => {
    for (const name of rankingNames.filter((column) => hasNumbers([column]))) {
      expect(tableOf([name], 38, largeInsight()).placed.slice(2)).toEqual([name]);
    }
  });

  it('leaves the column of runs in progress out while there are none', () => {
    expect(tableOf(['live', 'value'], 80).placed.slice(2)).toEqual(['live', 'value']);
    expect(tableOf(['live', 'value'], 80, largeInsight()).placed.slice(2)).toEqual(['value']);
    // Attempts of a run that was killed are counted as well, but they are not made now.
    expect(tableOf(['live', 'value'], 80, mockInsight(), []).placed.slice(2)).toEqual(['value']);
  });

  it('is never wider than its pane, whatever is chosen', () => {
    const insight = largeInsight();
    for (let width = 38; width < 160; width += 7) {
      const { head } = tableOf(rankingNames, width, insight);
      expect(textOf(head).length).toBeLessThanOrEqual(width);
    }
  });
});
