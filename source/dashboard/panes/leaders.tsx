import type { ReactNode } from 'react';
import type { CellStanding } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatScore } from '../format/index.ts';
import { sliceAround } from '../layout/scroll.ts';
import { placeColumns, rowLine, type Column } from '../layout/table.ts';
import { selectedIndex, visibleLeaders } from '../state/lists.ts';
import type { Look } from '../theme/look.ts';
import { span } from '../theme/span.ts';
import { confidenceMark, pointer, pointerWidth, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';
import { nothingLine } from './rankings.tsx';

/** The best model of each task type. */
export function LeadersPane({ state, look, area, isFocused }: PaneInput): ReactNode {
  const rows = visibleLeaders(state);
  const selected = selectedIndex(
    state,
    'leaders',
    rows.map(({ taskType }) => taskType),
  );
  const slice = sliceAround(rows.length, selected, innerHeight(area));
  const columns = placeColumns(columnsFor(look), rows, innerWidth(area) - pointerWidth - 1);
  const lines = rows.slice(slice.from, slice.to).map((row, index) => {
    const isSelected = isFocused === true && slice.from + index === selected;
    return { line: [pointer(isSelected, look), ...rowLine(columns, row, look)], isSelected };
  });
  return (
    <Pane
      title={[span('TASK-TYPE LEADERS', 'title', true)]}
      note={[span('by quality', 'muted')]}
      area={area}
      look={look}
      isFocused={isFocused === true}
      more={slice}
      lines={lines.length === 0 ? [nothingLine(state)] : lines}
    />
  );
}

const columnsFor = (look: Look): Column<CellStanding>[] => [
  {
    title: '',
    min: 12,
    cut: { where: 'middle', atLeast: 8 },
    cell: ({ taskType }) => span(look.clean(taskTypeLabel(taskType)), 'muted'),
  },
  {
    title: '',
    cut: { where: 'middle', atLeast: 10 },
    stretch: true,
    cell: ({ model }) => span(look.clean(model)),
  },
  {
    title: '',
    align: 'right',
    min: 4,
    cell: ({ qualityScore }) => span(formatScore(qualityScore), undefined, true),
  },
  { title: '', min: 1, cell: ({ confidence }) => confidenceMark(confidence, look) },
];
