import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { CellStats } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatScore } from '../format/index.ts';
import { sliceAround } from '../layout/scroll.ts';
import { byTaskFacts, cellId, contenders, selectedId, visibleGroups } from '../state/lists.ts';
import type { AppState, WhatIf } from '../state/state.ts';
import { byTask, type JudgedCell } from '../tables/by-task.ts';
import { drawTable, type DrawnTable } from '../tables/draw.ts';
import { sortOf } from '../tables/sorting.ts';
import { gap, plain, styled, type Line, type RenderStyle } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { emptyLine, nothingIn } from './table-pane.tsx';
import { WhatIfPane, whatIfHeight } from './what-if.tsx';

type Row =
  | { kind: 'title'; taskType: string; cells: CellStats[] }
  | { kind: 'model'; cell: CellStats; id: string }
  | { kind: 'blank' };

/** Every task type with its models ranked: who leads, who is next, and how far behind. */
export function ByTask({ state, style, area }: PaneInput): ReactNode {
  const above = state.whatIf === undefined ? 0 : whatIfHeight(state.whatIf, area.height);
  const listArea = { width: area.width, height: area.height - above };
  return (
    <Box flexDirection="column">
      {above > 0 && state.whatIf !== undefined ? (
        <WhatIfPane
          state={state}
          whatIf={state.whatIf}
          style={style}
          area={{ width: area.width, height: above }}
        />
      ) : undefined}
      <TaskList state={state} style={style} area={listArea} />
    </Box>
  );
}

function TaskList({ state, style, area }: PaneInput): ReactNode {
  const groups = visibleGroups(state);
  const rows = groups.flatMap(({ taskType, cells }, index): Row[] => [
    ...(index === 0 ? [] : [{ kind: 'blank' } as const]),
    { kind: 'title', taskType, cells },
    ...cells.map((cell): Row => ({ kind: 'model', cell, id: cellId(cell) })),
  ]);
  const chosen = selectedId(state, 'cells');
  const selected = rows.findIndex((row) => row.kind === 'model' && row.id === chosen);
  const slice = sliceAround(rows.length, Math.max(0, selected), innerHeight(area) - 1);
  const shown = rows.slice(slice.from, slice.to);
  const table = drawTable(byTask, {
    rows: shown.flatMap((row) => (row.kind === 'model' ? [row.cell] : [])),
    facts: byTaskFacts(state),
    style,
    width: innerWidth(area),
    sort: sortOf('cells', state.sorts),
  });
  const lines = shown.map((row): PaneLine => lineOf(row, { state, style, table, chosen }));
  return (
    <Pane
      title={[styled('BY TASK TYPE', 'title', true), styled(`  ${groups.length} types`, 'muted')]}
      note={[styled('behind = quality below the leader', 'muted')]}
      area={area}
      style={style}
      isFocused
      more={slice}
      lines={[{ line: table.head }, ...(rows.length === 0 ? [emptyLine(nothingIn(state))] : lines)]}
    />
  );
}

function lineOf(
  row: Row,
  context: {
    state: AppState;
    style: RenderStyle;
    table: DrawnTable<CellStats>;
    chosen: string | undefined;
  },
): PaneLine {
  const { state, style, table, chosen } = context;
  if (row.kind === 'blank') return { line: [] };
  if (row.kind === 'title') return { line: titleOf(row, state, style) };
  const isSelected = row.id === chosen;
  return {
    line: table.line(row.cell, isSelected),
    isSelected,
  };
}

/** `code_gen   deepseek-chat leads claude-sonnet by 0.02 ± 0.03`, and what a what-if would change. */
function titleOf(
  { taskType, cells }: Extract<Row, { kind: 'title' }>,
  { whatIf }: AppState,
  style: RenderStyle,
): Line {
  const { leader, challenger } = contenders(cells);
  const name = (cell: JudgedCell) => styled(style.clean(cell.model), 'text');
  const duel: Line =
    leader === undefined
      ? [styled('not judged', 'muted')]
      : challenger === undefined
        ? [name(leader), styled(' has no challenger', 'muted')]
        : [
            name(leader),
            styled(' leads ', 'muted'),
            name(challenger),
            styled(` by ${distanceText(leader, challenger, style)}`, 'muted'),
          ];
  return [
    gap(1),
    styled(style.clean(taskTypeLabel(taskType)), 'title', true),
    gap(2),
    ...duel,
    ...routeSpans(taskType, whatIf, style),
  ];
}

function distanceText(leader: JudgedCell, challenger: JudgedCell, style: RenderStyle): string {
  const distance = formatScore(leader.qualityScore - challenger.qualityScore);
  const [first, second] = [leader.qualityInterval, challenger.qualityInterval];
  if (first === undefined || second === undefined) return distance;
  // The means are of different tasks: their errors add as squares, each towards the other.
  const error = Math.hypot(leader.qualityScore - first.low, second.high - challenger.qualityScore);
  return plain(`${distance} ± ${formatScore(error)}`, style);
}

function routeSpans(taskType: string, whatIf: WhatIf | undefined, style: RenderStyle): Line {
  const change = whatIf?.changes.find((candidate) => candidate.taskType === taskType);
  if (change === undefined) return [];
  const name = (model: string | undefined) => style.clean(model ?? 'no model');
  const text = `route ${name(change.before)} → ${name(change.after)}`;
  return [gap(3), styled(plain(text, style), 'warn', true)];
}
