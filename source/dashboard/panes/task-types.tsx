import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { CellStats } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { formatCount, formatPerThousand, formatScore, nothing } from '../format/index.ts';
import type { OpenModel } from '../state/state.ts';
import { asciiText, cutMiddle, pad, widthOf } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line, type TextSpan } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, Pane } from './pane.tsx';
import { PlainTable, plainTableHeight } from './plain-table.tsx';
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
  const isBesideReasons = area.width <= 60;
  if (rows.length > 0 && area.height >= plainTableHeight(rows.length) && isBesideReasons) {
    return (
      <Box width={area.width} height={area.height} overflow="hidden" flexShrink={0}>
        <PlainTable rows={rows} columns={columns} style={style} />
      </Box>
    );
  }
  const height = Math.max(0, innerHeight(area) - 1);
  return (
    <Pane
      title={[styled('BY TASK TYPE', 'title', true), styled(`  ${cells.length}`, 'muted')]}
      area={area}
      style={style}
      more={{ hasAbove: false, hasBelow: cells.length > height }}
      lines={[
        { line: compactLine(titles, isBesideReasons ? '' : 'why').map(muted) },
        ...rows.slice(0, height).map((row, index) => ({
          line: compactLine(
            row,
            isBesideReasons ? '' : style.clean(reasonOf(cells[index], openModel)),
          ),
        })),
      ]}
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

const titles: Cells = {
  task: 'task',
  quality: 'quality',
  calls: pad('calls', 6, 'right'),
  '$/k': pad('$/k', 7, 'right'),
  rank: 'rank',
};

const muted = (span: TextSpan): TextSpan => styled(span.text, 'muted');

const reasonOf = (cell: CellStats | undefined, openModel: OpenModel): string =>
  (cell === undefined ? undefined : whyOf(openModel, cell.taskType)?.reason) ?? '';

const compactLine = (row: Cells, why: string): Line => [
  gap(1),
  styled(pad(row.task, 14)),
  styled(row.quality, undefined, true),
  styled(row.calls, 'muted'),
  styled(row['$/k'], 'muted'),
  styled(`  ${pad(row.rank, 8)}`),
  styled(`  ${why}`, 'muted'),
];
