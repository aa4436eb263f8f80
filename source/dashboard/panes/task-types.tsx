import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { CellStats } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { formatCount, formatPerThousand, formatScore, nothing } from '../format/index.ts';
import type { OpenModel } from '../state/state.ts';
import { asciiText, cutMiddle, pad, widthOf } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, Pane } from './pane.tsx';
import { PlainTable, plainTableHeight, plainTableRows } from './plain-table.tsx';
import { whyOf } from '../state/lists.ts';

const columns = ['task', 'quality', 'calls', '$/k', 'rank'] as const;
type Cells = Record<(typeof columns)[number], string>;

/** The model by task type: as a ruled table where there is room for one, else line by line. */
export function TaskTypesPane({
  style,
  area,
  openModel,
}: PaneInput & { openModel: OpenModel }): ReactNode {
  const { cells } = openModel.detail;
  const rows = cells.map((cell) => rowOf(cell, openModel, style));
  if (
    rows.length > 0 &&
    area.height >= plainTableHeight(Math.min(3, rows.length)) &&
    area.width <= 60
  ) {
    const shown = rows.slice(0, plainTableRows(area.height));
    return (
      <Box width={area.width} height={area.height} overflow="hidden" flexShrink={0}>
        <PlainTable rows={shown} columns={columns} style={style} />
      </Box>
    );
  }
  const height = innerHeight(area);
  return (
    <Pane
      title={[styled('BY TASK TYPE', 'title', true), styled('  and why', 'muted')]}
      area={area}
      style={style}
      more={{ hasAbove: false, hasBelow: cells.length > height }}
      lines={rows.slice(0, height).map((row, index) => ({
        line: compactLine(row, cells[index], openModel, style),
      }))}
    />
  );
}

function rowOf(cell: CellStats, openModel: OpenModel, style: RenderStyle): Cells {
  return {
    task: nameOf(cell, style),
    quality: pad(formatScore(cell.qualityScore), 7, 'right'),
    calls: pad(formatCount(cell.callCount), 6, 'right'),
    '$/k': pad(formatPerThousand(cell.averageCostUsd), 7, 'right'),
    rank: plain(rankOf(cell, openModel), style),
  };
}

/** The rank that routing gives it, as WHY beside it says: a model has one. */
function rankOf({ taskType }: CellStats, openModel: OpenModel): string {
  const rank = whyOf(openModel, taskType)?.rank;
  const candidates = ownValue(openModel.decisions, taskType)?.candidates ?? [];
  const ranked = candidates.filter((candidate) => candidate.rank !== undefined).length;
  return rank === undefined ? nothing : `${rank} of ${ranked}`;
}

/** ink-table measures by length: a name that is wider than that is drawn in ASCII. */
function nameOf({ taskType }: CellStats, style: RenderStyle): string {
  const name = style.clean(taskTypeLabel(taskType));
  const even = widthOf(name) === name.length ? name : asciiText(name);
  return cutMiddle(even, 14, style.glyphs.ellipsis);
}

function compactLine(
  row: Cells,
  cell: CellStats | undefined,
  openModel: OpenModel,
  style: RenderStyle,
): Line {
  const why = cell === undefined ? undefined : whyOf(openModel, cell.taskType);
  return [
    gap(1),
    styled(pad(row.task, 14)),
    styled(row.quality, undefined, true),
    styled(row.calls, 'muted'),
    styled(row['$/k'], 'muted'),
    styled(`  ${pad(row.rank, 8)}`),
    styled(`  ${style.clean(why?.reason ?? '')}`, 'muted'),
  ];
}
