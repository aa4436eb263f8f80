import type { ModelRanking } from '../../domain/insight.ts';
import {
  formatCount,
  formatInterval,
  formatLatency,
  formatPerThousand,
  formatQuality,
  formatShare,
  formatValue,
} from '../format/index.ts';
import { resample, sparkline } from '../layout/bars.ts';
import { headLine, placeColumns, rowLine, type Column } from '../layout/table.ts';
import type { RankingColumn } from '../state/columns.ts';
import { sortOf } from '../state/sorting.ts';
import type { AppState } from '../state/state.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line, type Span } from '../theme/span.ts';
import {
  confidenceMark,
  confidenceSpan,
  plain,
  pointer,
  pointerWidth,
  sortTitle,
  trendSpan,
} from './common.ts';

export type RankingsTable = {
  head: Line;
  line: (row: ModelRanking, isSelected: boolean) => Line;
  /** Those of the chosen columns that there is room for. */
  placed: readonly RankingColumn[];
};

/** The rankings in the chosen columns, as far as a pane's inner width holds them. */
export function rankingsTable(
  state: AppState,
  look: Look,
  rows: readonly ModelRanking[],
  width: number,
): RankingsTable {
  const known = columnsFor(state, look);
  const hasLive = rows.some(({ liveCallCount }) => liveCallCount > 0);
  // Without a run in progress its column would stand empty.
  const chosen = state.columns.filter((name) => name !== 'live' || hasLive);
  const columns = placeColumns(
    [...leading(state, look), ...chosen.map((name) => known[name])],
    rows,
    width - pointerWidth - 1,
  );
  return {
    head: [gap(pointerWidth), ...headLine(columns)],
    line: (row, isSelected) => rankingLine(row, columns, look, isSelected),
    placed: chosen.filter((name) => columns.some(({ title }) => title === known[name].title)),
  };
}

const titler = (state: AppState, look: Look) => {
  const sort = sortOf('rankings', state.sorts);
  return (text: string, name: string) => sortTitle(text, name, sort, look);
};

/** What is always there. */
function leading(state: AppState, look: Look): Column<ModelRanking>[] {
  return [
    { title: '', min: 1, cell: ({ confidence }) => confidenceMark(confidence, look) },
    {
      title: titler(state, look)('model', 'model'),
      cut: { where: 'middle', atLeast: 14 },
      stretch: true,
      cell: ({ model }) => span(look.clean(model)),
    },
  ];
}

const sparkColumns = 8;

/** Where room is short the default columns go before those that somebody chose to see. */
function columnsFor(state: AppState, look: Look): Record<RankingColumn, Column<ModelRanking>> {
  const title = titler(state, look);
  return {
    spark: {
      title: 'trend',
      min: sparkColumns,
      drop: 5,
      cell: (row) => span(sparkline(resample(row.sparkline, sparkColumns), look.glyphs), 'bar'),
    },
    value: {
      title: title('value', 'value'),
      align: 'right',
      min: 6,
      cell: ({ valueScore }) => span(formatValue(valueScore), undefined, true),
    },
    trend: {
      title: title(`${state.days} d`, 'trend'),
      align: 'right',
      min: 6,
      drop: 3,
      cell: ({ trendPercent }) => trendSpan(trendPercent, look),
    },
    confidence: {
      title: 'conf',
      min: 4,
      isSpare: true,
      cell: ({ confidence }) => confidenceSpan(confidence),
    },
    calls: {
      title: title('calls', 'calls'),
      align: 'right',
      min: 6,
      drop: 4,
      cell: ({ callCount }) => span(formatCount(callCount)),
    },
    live: {
      title: 'now',
      align: 'right',
      min: 4,
      drop: 1,
      cell: ({ liveCallCount }) =>
        span(liveCallCount === 0 ? '' : `+${formatCount(liveCallCount)}`, 'accent'),
    },
    tasks: {
      title: title('tasks', 'tasks'),
      align: 'right',
      min: 6,
      drop: 0.4,
      cell: ({ taskCount }) => span(formatCount(taskCount)),
    },
    cost: {
      title: title('$/k', 'cost'),
      align: 'right',
      min: 6,
      drop: 2,
      cell: ({ averageCostUsd }) => span(formatPerThousand(averageCostUsd)),
    },
    success: {
      title: title('success', 'success'),
      align: 'right',
      min: 8,
      drop: 0.1,
      cell: ({ successRate }) => span(formatShare(successRate)),
    },
    latency: {
      title: title('p95', 'latency'),
      align: 'right',
      min: 6,
      drop: 0.2,
      cell: ({ latencyP95Ms }) => span(formatLatency(latencyP95Ms)),
    },
    failures: {
      title: title('failed', 'failures'),
      align: 'right',
      min: 7,
      drop: 0.3,
      cell: ({ failureCount }) => span(formatCount(failureCount)),
    },
    quality: {
      title: title('quality', 'quality'),
      align: 'right',
      min: 8,
      cell: ({ qualityScore }) => span(formatQuality(qualityScore)),
    },
    interval: {
      title: plain('± 95%', look),
      min: 7,
      isSpare: true,
      cell: ({ qualityInterval }) => span(plain(formatInterval(qualityInterval), look), 'muted'),
    },
  };
}

function rankingLine(
  row: ModelRanking,
  columns: ReturnType<typeof placeColumns<ModelRanking>>,
  look: Look,
  isSelected: boolean,
): Line {
  const lacking = columns.map(({ title }) => title).filter((title) => isComparison(title));
  const merged = row.confidence === 'COLD' ? { titles: lacking, cell: lackOrBlank } : undefined;
  return [pointer(isSelected, look), ...rowLine(columns, row, look, merged)];
}

/** Where the numbers of a COLD model would stand. */
export const lackSpan = (width: number): Span =>
  span(width > 17 ? 'insufficient data' : 'too few calls', 'muted');

/** In less room than the shorter text needs, the mark of confidence says it alone. */
const lackOrBlank = (width: number): Span => (width < 13 ? span('') : lackSpan(width));

/** Columns whose numbers a COLD model cannot bear out. */
const isComparison = (title: string): boolean =>
  title === 'trend' || title.startsWith('value') || / d\W?$/.test(title);
