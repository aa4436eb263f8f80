import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { CellStanding } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCount,
  formatDifference,
  formatInterval,
  formatPerThousand,
  formatQuality,
  formatScore,
  formatValue,
  nothing,
} from '../format/index.ts';
import { sliceAround } from '../layout/scroll.ts';
import {
  headLine,
  placeColumns,
  rowLine,
  type Column,
  type PlacedColumn,
} from '../layout/table.ts';
import { cellId, contenders, type JudgedCell, selectedId, visibleGroups } from '../state/lists.ts';
import { sortOf } from '../state/sorting.ts';
import type { AppState, WhatIf } from '../state/state.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import {
  confidenceMark,
  plain,
  pointer,
  pointerWidth,
  sortTitle,
  trendSpan,
  type PaneInput,
} from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { nothingLine } from './rankings.tsx';
import { WhatIfPane, whatIfHeight } from './what-if.tsx';

/** A model of a task type as it is ranked there. */
type Ranked = { cell: CellStanding; leader: JudgedCell | undefined };

type Row =
  | { kind: 'title'; taskType: string; cells: CellStanding[] }
  | { kind: 'model'; ranked: Ranked; id: string }
  | { kind: 'blank' };

/** Every task type with its models ranked: who leads, who is next, and how far behind. */
export function ByTask({ state, look, area }: PaneInput): ReactNode {
  const above = state.whatIf === undefined ? 0 : whatIfHeight(state.whatIf, area.height);
  const listArea = { width: area.width, height: area.height - above };
  return (
    <Box flexDirection="column">
      {above > 0 && state.whatIf !== undefined ? (
        <WhatIfPane
          state={state}
          whatIf={state.whatIf}
          look={look}
          area={{ width: area.width, height: above }}
        />
      ) : undefined}
      <TaskList state={state} look={look} area={listArea} />
    </Box>
  );
}

function TaskList({ state, look, area }: PaneInput): ReactNode {
  const groups = visibleGroups(state);
  const rows = groups.flatMap(({ taskType, cells }, index): Row[] => {
    const { leader } = contenders(
      state.insight?.cells.filter((cell) => cell.taskType === taskType) ?? [],
    );
    return [
      ...(index === 0 ? [] : [{ kind: 'blank' } as const]),
      { kind: 'title', taskType, cells },
      ...cells.map((cell): Row => ({
        kind: 'model',
        ranked: { cell, leader },
        id: cellId(cell),
      })),
    ];
  });
  const chosen = selectedId(state, 'cells');
  const selected = rows.findIndex((row) => row.kind === 'model' && row.id === chosen);
  const slice = sliceAround(rows.length, Math.max(0, selected), innerHeight(area) - 1);
  const shown = rows.slice(slice.from, slice.to);
  const width = innerWidth(area);
  const columns = placeColumns(
    columnsFor(state, look),
    shown.flatMap((row) => (row.kind === 'model' ? [row.ranked] : [])),
    width - pointerWidth - 1,
  );
  const lines = shown.map((row): PaneLine => lineOf(row, { state, look, columns, chosen }));
  return (
    <Pane
      title={[span('BY TASK TYPE', 'title', true), span(`  ${groups.length} types`, 'muted')]}
      note={[span('behind = quality below the leader', 'muted')]}
      area={area}
      look={look}
      isFocused
      more={slice}
      lines={[
        { line: [gap(pointerWidth), ...headLine(columns)] },
        ...(rows.length === 0 ? [nothingLine(state)] : lines),
      ]}
    />
  );
}

function lineOf(
  row: Row,
  context: {
    state: AppState;
    look: Look;
    columns: readonly PlacedColumn<Ranked>[];
    chosen: string | undefined;
  },
): PaneLine {
  const { state, look, columns, chosen } = context;
  if (row.kind === 'blank') return { line: [] };
  if (row.kind === 'title') return { line: titleOf(row, state, look) };
  const isSelected = row.id === chosen;
  return {
    line: [pointer(isSelected, look), ...rowLine(columns, row.ranked, look)],
    isSelected,
  };
}

/** `code_gen   deepseek-chat leads claude-sonnet by 0.02 ± 0.03`, and what a what-if would change. */
function titleOf(
  { taskType, cells }: Extract<Row, { kind: 'title' }>,
  { whatIf }: AppState,
  look: Look,
): Line {
  const { leader, challenger } = contenders(cells);
  const name = (cell: JudgedCell) => span(look.clean(cell.model), 'text');
  const duel: Line =
    leader === undefined
      ? [span('not judged', 'muted')]
      : challenger === undefined
        ? [name(leader), span(' has no challenger', 'muted')]
        : [
            name(leader),
            span(' leads ', 'muted'),
            name(challenger),
            span(` by ${distanceText(leader, challenger, look)}`, 'muted'),
          ];
  return [
    gap(1),
    span(look.clean(taskTypeLabel(taskType)), 'title', true),
    gap(2),
    ...duel,
    ...routeSpans(taskType, whatIf, look),
  ];
}

function distanceText(leader: JudgedCell, challenger: JudgedCell, look: Look): string {
  const distance = formatScore(leader.qualityScore - challenger.qualityScore);
  const both = [leader.qualityInterval, challenger.qualityInterval];
  const [first, second] = both;
  if (first === undefined || second === undefined) return distance;
  // The means are of different tasks: their errors add as squares.
  return plain(`${distance} ± ${formatScore(Math.hypot(first, second))}`, look);
}

function routeSpans(taskType: string, whatIf: WhatIf | undefined, look: Look): Line {
  const change = whatIf?.changes.find((candidate) => candidate.taskType === taskType);
  if (change === undefined) return [];
  const name = (model: string | undefined) => look.clean(model ?? 'no model');
  const text = `route ${name(change.before)} → ${name(change.after)}`;
  return [gap(3), span(plain(text, look), 'warn', true)];
}

function columnsFor(state: AppState, look: Look): Column<Ranked>[] {
  const sort = sortOf('cells', state.sorts);
  const title = (text: string, name: string) => sortTitle(text, name, sort, look);
  return [
    { title: '', min: 1, cell: ({ cell }) => confidenceMark(cell.confidence, look) },
    {
      title: title('model', 'model'),
      cut: { where: 'middle', atLeast: 14 },
      stretch: true,
      cell: ({ cell }) => span(look.clean(cell.model)),
    },
    {
      title: title('quality', 'quality'),
      align: 'right',
      min: 8,
      cell: ({ cell }) => span(formatQuality(cell.qualityScore), undefined, true),
    },
    {
      title: plain('± 95%', look),
      min: 7,
      isSpare: true,
      cell: ({ cell }) => span(plain(formatInterval(cell.qualityInterval), look), 'muted'),
    },
    {
      title: 'behind',
      align: 'right',
      min: 6,
      drop: 2,
      cell: ({ cell, leader }) => behind(cell, leader, look),
    },
    {
      title: title('value', 'value'),
      align: 'right',
      min: 6,
      drop: 1,
      cell: ({ cell }) => span(formatValue(cell.valueScore)),
    },
    {
      title: `${state.days} d`,
      align: 'right',
      min: 7,
      drop: 5,
      cell: ({ cell }) => trendSpan(cell.trendPercent, look),
    },
    {
      title: title('$/k', 'cost'),
      align: 'right',
      min: 6,
      cell: ({ cell }) => span(formatPerThousand(cell.averageCostUsd)),
    },
    {
      title: title('calls', 'calls'),
      align: 'right',
      min: 6,
      drop: 3,
      cell: ({ cell }) => span(formatCount(cell.callCount)),
    },
  ];
}

function behind(cell: CellStanding, leader: JudgedCell | undefined, look: Look) {
  if (leader === undefined || cell.qualityScore === null)
    return span(plain(nothing, look), 'muted');
  if (leader.model === cell.model) return span('leader', 'good');
  return span(plain(formatDifference(cell.qualityScore - leader.qualityScore), look), 'muted');
}
