import type { ReactNode } from 'react';
import { sliceAround } from '../layout/scroll.ts';
import { rankingColumns, type RankingColumn } from '../state/columns.ts';
import { visibleRankings } from '../state/lists.ts';
import type { AppState } from '../state/state.ts';
import { pad } from '../text/fit.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { plain, pointer, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { rankingsTable } from './rankings-table.ts';

/** Each column as its head says it, and what stands in it. */
const columnWords: Record<RankingColumn, [title: string, meaning: string]> = {
  spark: ['trend', 'value over the window, as a line'],
  value: ['value', 'quality per $, per 1,000 calls'],
  trend: ['change', 'of value, against the window before'],
  confidence: ['conf', 'HOT, WARM or COLD'],
  calls: ['calls', 'attempts'],
  live: ['now', 'attempts of runs in progress'],
  tasks: ['tasks', 'scored results of tasks'],
  cost: ['$/k', 'dollars per 1,000 calls'],
  success: ['success', 'attempts without an error'],
  latency: ['p95', 'latency that 95% of attempts stay below'],
  failures: ['failed', 'attempts that ended in an error'],
  quality: ['quality', 'mean score'],
  interval: ['± 95%', 'half the interval around the quality'],
};

/** Lines of the pane that must be there before the table is shown above the list. */
const heightWithTable = 8;

/** The columns of the rankings to choose from, below a line of the table as it becomes. */
export function ColumnChooser({ state, look, area }: PaneInput): ReactNode {
  const rows = visibleRankings(state, 'rankings');
  const height = innerHeight(area);
  const table = rankingsTable(state, look, rows, innerWidth(area));
  const [example] = rows;
  const above: PaneLine[] =
    height < heightWithTable || example === undefined
      ? []
      : [{ line: table.head }, { line: table.line(example, false) }, { line: [] }];
  const selected = state.chooserIndex ?? 0;
  const slice = sliceAround(rankingColumns.length, selected, height - above.length);
  const listed = rankingColumns.slice(slice.from, slice.to).map((name, index): PaneLine => {
    const isSelected = slice.from + index === selected;
    return { line: columnLine(name, state, table.placed, look, isSelected), isSelected };
  });
  return (
    <Pane
      title={[span('COLUMNS', 'title', true)]}
      note={[span('of the rankings', 'muted')]}
      area={area}
      look={look}
      isFocused
      more={slice}
      lines={[...above, ...listed]}
    />
  );
}

function columnLine(
  name: RankingColumn,
  { columns }: AppState,
  placed: readonly RankingColumn[],
  look: Look,
  isSelected: boolean,
): Line {
  const [title, meaning] = columnWords[name];
  const isChosen = columns.includes(name);
  const remark = isChosen && name !== 'live' && !placed.includes(name) ? 'no room   ' : '';
  return [
    pointer(isSelected, look),
    span(isChosen ? '[x] ' : '[ ] ', isChosen ? 'accent' : 'muted', isChosen),
    span(pad(plain(title, look), 9), isChosen ? undefined : 'muted'),
    gap(1),
    span(remark, 'warn'),
    span(plain(meaning, look), 'muted'),
  ];
}
