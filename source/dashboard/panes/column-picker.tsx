import type { ReactNode } from 'react';
import { sliceAround } from '../layout/table.ts';
import { choiceOf, rankingNames, type RankingColumn } from '../state/columns.ts';
import { visibleRankings } from '../state/lists.ts';
import type { AppState } from '../state/state.ts';
import { pad } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { drawTable, pointer, sortOf } from '../tables/table.ts';
import { rankingColumns } from '../tables/rankings.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { chosenColumns, lackingIn } from './rankings.tsx';

/** Lines of the pane that must be there before the table is shown above the list. */
const heightWithTable = 8;

/** The columns of the rankings to choose from, below a line of the table as it becomes. */
export function ColumnPicker({ state, style, area }: PaneInput): ReactNode {
  const rows = visibleRankings(state, 'rankings');
  const height = innerHeight(area);
  const columns = chosenColumns(state, rows);
  const table = drawTable(columns, {
    rows,
    facts: { days: state.days },
    style,
    width: innerWidth(area),
    sort: sortOf('rankings', state.sorts),
  });
  const [example] = rows;
  const above: PaneLine[] =
    height < heightWithTable || example === undefined
      ? []
      : [{ line: table.head }, { line: table.line(example, {}, lackingIn(example)) }, { line: [] }];
  const selected = state.pickerIndex ?? 0;
  const slice = sliceAround(rankingNames.length, selected, height - above.length);
  const listed = rankingNames.slice(slice.from, slice.to).map((name, index): PaneLine => {
    const isSelected = slice.from + index === selected;
    return { line: columnLine(name, state, table.placed, style, isSelected), isSelected };
  });
  return (
    <Pane
      title={[styled('COLUMNS', 'title', true)]}
      note={[styled('of the rankings', 'muted')]}
      area={area}
      style={style}
      isFocused
      more={slice}
      lines={[...above, ...listed]}
    />
  );
}

function columnLine(
  name: RankingColumn,
  { columns }: AppState,
  placed: readonly string[],
  style: RenderStyle,
  isSelected: boolean,
): Line {
  const { title = titleOf(name), meaning } = choiceOf(name);
  const isChosen = columns.includes(name);
  const remark = isChosen && name !== 'live' && !placed.includes(name) ? 'no room   ' : '';
  return [
    pointer(isSelected, style),
    styled(isChosen ? '[x] ' : '[ ] ', isChosen ? 'accent' : 'muted', isChosen),
    styled(pad(plain(title, style), 9), isChosen ? undefined : 'muted'),
    gap(1),
    styled(remark, 'warn'),
    styled(plain(meaning, style), 'muted'),
  ];
}

const titleOf = (name: RankingColumn): string => {
  const { title } = rankingColumns[name];
  return typeof title === 'string' ? title : name;
};
