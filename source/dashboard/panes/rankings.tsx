import type { ReactNode } from 'react';
import type { ModelRanking } from '../../domain/insight.ts';
import {
  formatCount,
  formatInterval,
  formatPerThousand,
  formatQuality,
  formatValue,
} from '../format/index.ts';
import { resample, sparkline } from '../layout/bars.ts';
import { sliceAround } from '../layout/scroll.ts';
import { headLine, placeColumns, rowLine, type Column } from '../layout/table.ts';
import { selectedIndex, visibleRankings } from '../state/lists.ts';
import { sortOf } from '../state/sorting.ts';
import type { AppState } from '../state/state.ts';
import { gap, span, type Line, type Span } from '../theme/span.ts';
import type { Look } from '../theme/look.ts';
import {
  confidenceLegend,
  confidenceMark,
  confidenceSpan,
  plain,
  pointer,
  pointerWidth,
  sortTitle,
  trendSpan,
  type PaneInput,
} from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';

const sparkColumns = 8;

/** Models by value: what was learned, at a glance. */
export function RankingsPane({ state, look, area, isFocused }: PaneInput): ReactNode {
  const rows = visibleRankings(state, 'rankings');
  const selected = selectedIndex(
    state,
    'rankings',
    rows.map(({ model }) => model),
  );
  const width = innerWidth(area);
  const height = innerHeight(area);
  const hasLegend = height >= 8;
  const slice = sliceAround(rows.length, selected, height - 1 - (hasLegend ? 2 : 0));
  const columns = placeColumns(columnsFor(state, look, rows), rows, width - pointerWidth - 1);
  const listed: PaneLine[] = rows.slice(slice.from, slice.to).map((row, index) => {
    const isSelected = isFocused === true && slice.from + index === selected;
    return { line: rankingLine(row, columns, look, isSelected), isSelected };
  });
  const head: PaneLine = { line: [gap(pointerWidth), ...headLine(columns)] };
  const blank = height - 1 - listed.length - (hasLegend ? 1 : 0);
  const legend: PaneLine[] = hasLegend
    ? [
        ...Array.from({ length: Math.max(0, blank) }, () => ({ line: [] })),
        { line: legendLine(look, width) },
      ]
    : [];
  return (
    <Pane
      title={[span('MODEL RANKINGS', 'title', true), ...filterNote(state, rows.length)]}
      note={[span('value = quality per $, per 1,000 calls', 'muted')]}
      area={area}
      look={look}
      isFocused={isFocused === true}
      more={slice}
      lines={[head, ...(listed.length === 0 ? [nothingLine(state)] : listed), ...legend]}
    />
  );
}

function legendLine(look: Look, width: number): Line {
  return confidenceLegend(look, width);
}

/** How many rows a filter leaves of how many. */
export function filterNote(state: AppState, shown: number): Line {
  return state.filter === ''
    ? []
    : [span(` ${shown} of ${state.insight?.rankings.length ?? 0}`, 'muted')];
}

/** Stands in a list without rows. */
export function nothingLine(state: AppState): PaneLine {
  const text = state.filter === '' ? 'nothing in this window' : 'nothing matches the filter';
  return { line: [gap(pointerWidth), span(text, 'muted')] };
}

function columnsFor(
  state: AppState,
  look: Look,
  rows: readonly ModelRanking[],
): Column<ModelRanking>[] {
  const sort = sortOf('rankings', state.sorts);
  const title = (text: string, name: string) => sortTitle(text, name, sort, look);
  const hasLive = rows.some(({ liveCallCount }) => liveCallCount > 0);
  return [
    { title: '', min: 1, cell: ({ confidence }) => confidenceMark(confidence, look) },
    {
      title: title('model', 'model'),
      cut: { where: 'middle', atLeast: 14 },
      stretch: true,
      cell: ({ model }) => span(look.clean(model)),
    },
    {
      title: 'trend',
      min: sparkColumns,
      drop: 5,
      cell: (row) => span(sparkline(resample(row.sparkline, sparkColumns), look.glyphs), 'bar'),
    },
    {
      title: title('value', 'value'),
      align: 'right',
      min: 6,
      cell: ({ valueScore }) => span(formatValue(valueScore), undefined, true),
    },
    {
      title: title(`${state.days} d`, 'trend'),
      align: 'right',
      min: 6,
      drop: 3,
      cell: ({ trendPercent }) => trendSpan(trendPercent, look),
    },
    {
      title: 'conf',
      min: 4,
      isSpare: true,
      cell: ({ confidence }) => confidenceSpan(confidence),
    },
    {
      title: title('calls', 'calls'),
      align: 'right',
      min: 6,
      drop: 4,
      cell: ({ callCount }) => span(formatCount(callCount)),
    },
    ...(hasLive ? [liveColumn] : []),
    {
      title: title('$/k', 'cost'),
      align: 'right',
      min: 6,
      drop: 2,
      cell: ({ averageCostUsd }) => span(formatPerThousand(averageCostUsd)),
    },
    {
      title: title('quality', 'quality'),
      align: 'right',
      min: 8,
      cell: ({ qualityScore }) => span(formatQuality(qualityScore)),
    },
    {
      title: plain('± 95%', look),
      min: 7,
      isSpare: true,
      cell: ({ qualityInterval }) => span(plain(formatInterval(qualityInterval), look), 'muted'),
    },
  ];
}

/** Attempts of runs in progress. */
const liveColumn: Column<ModelRanking> = {
  title: 'now',
  align: 'right',
  min: 4,
  drop: 1,
  cell: ({ liveCallCount }) =>
    span(liveCallCount === 0 ? '' : `+${formatCount(liveCallCount)}`, 'accent'),
};

function rankingLine(
  row: ModelRanking,
  columns: ReturnType<typeof placeColumns<ModelRanking>>,
  look: Look,
  isSelected: boolean,
): Line {
  const lacking = columns.map(({ title }) => title).filter((title) => isComparison(title));
  const merged = row.confidence === 'COLD' ? { titles: lacking, cell: lackSpan } : undefined;
  return [pointer(isSelected, look), ...rowLine(columns, row, look, merged)];
}

/** Where the numbers of a COLD model would stand. */
export const lackSpan = (width: number): Span =>
  span(width > 17 ? 'insufficient data' : 'too few calls', 'muted');

/** Columns whose numbers a COLD model cannot bear out. */
const isComparison = (title: string): boolean =>
  title === 'trend' || title.startsWith('value') || / d\W?$/.test(title);
