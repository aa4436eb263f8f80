import type { ModelRanking, ModelStats } from '../../domain/insight.ts';
import {
  formatAmountIn,
  formatCost,
  formatCount,
  formatInterval,
  formatLatency,
  formatMoney,
  formatPlural,
  formatQuality,
  formatQualityWords,
  formatShare,
  formatTrendPercent,
  formatValue,
  notJudged,
  trendDirection,
} from '../format/index.ts';
import { resample, sparkline } from '../layout/bars.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { plain, styled } from '../theme/index.ts';
import type { Column, Columns } from './column.ts';
import { confidenceMark, confidenceSpan, insufficient, trendSpan } from './marks.ts';

type Row = ModelStats & { model: string };
/** The window in days, which the trend is of. */
export type StandingFacts = { days: number };

const isCold = ({ confidence }: ModelStats): boolean => confidence === 'COLD';

/** What every table of models starts with. */
export const leading = {
  mark: {
    min: 1,
    cell: ({ confidence }, style) => confidenceMark(confidence, style),
    plain: { text: ({ confidence }, style) => style.glyphs.confidence[confidence] },
  },
  model: {
    title: 'model',
    cut: { where: 'middle', atLeast: 14 },
    stretch: true,
    cell: ({ model }, style) => styled(style.clean(model)),
    sort: {
      place: 7,
      letter: 'M',
      key: ({ model }) => model,
      ascending: true,
      anyConfidence: true,
    },
    plain: { text: ({ model }, style) => style.name(model) },
    copied: { text: ({ model }) => model },
  },
} satisfies Columns<Row, StandingFacts>;

const sparkColumns = 8;

const spark = {
  title: 'trend',
  min: sparkColumns,
  drop: 5,
  isComparison: true,
  cell: (row, { glyphs }) =>
    styled(sparkline(resample(row.sparkline, sparkColumns), glyphs), 'bar'),
  choice: { meaning: 'value over the window, as a line' },
} satisfies Column<ModelRanking, StandingFacts>;

/**
 * The rankings besides mark and model. Where room is short the columns shown at first go before
 * those that somebody chose to see.
 */
export const rankingColumns = {
  spark,
  value: {
    title: 'value',
    align: 'right',
    min: 6,
    isComparison: true,
    cell: ({ valueScore }) => styled(formatValue(valueScore), undefined, true),
    sort: { letter: 'V', key: ({ valueScore }) => valueScore },
    plain: { text: (row, style) => (isCold(row) ? style.nothing : valueText(row, style)) },
    spoken: {
      text: (row) => (isCold(row) ? insufficient : `value ${formatValue(row.valueScore)}`),
    },
    copied: { text: ({ valueScore }) => `value ${formatValue(valueScore)}` },
    choice: { meaning: 'quality per $, per 1,000 calls', isNumber: true },
  },
  trend: {
    title: 'change',
    align: 'right',
    min: 6,
    drop: 3,
    isComparison: true,
    cell: trendSpan,
    sort: { place: 4, letter: 'E', key: ({ trendPercent }) => trendPercent },
    plain: { text: plainTrend, align: 'left' },
    spoken: { text: (row) => (isCold(row) ? undefined : spokenTrend(row)) },
    choice: { meaning: 'of value, against the window before' },
  },
  confidence: {
    title: 'conf',
    min: 4,
    isSpare: true,
    cell: ({ confidence }) => confidenceSpan(confidence),
    plain: { text: ({ confidence }) => confidence },
    copied: { place: 4, text: ({ confidence }) => confidence },
    choice: { meaning: 'HOT, WARM or COLD' },
  },
  calls: {
    title: 'calls',
    align: 'right',
    min: 6,
    drop: 4,
    cell: ({ callCount }) => styled(formatCount(callCount)),
    sort: { place: 3, letter: 'A', key: ({ callCount }) => callCount, anyConfidence: true },
    plain: {
      text: (row) => `${plainCalls(row)} ${row.callCount === 1 ? 'call ' : 'calls'}`,
    },
    spoken: { place: 1, text: spokenCalls },
    copied: { place: 3, text: ({ callCount }) => formatPlural(callCount, 'call') },
    choice: { meaning: 'attempts', isNumber: true },
  },
  live: {
    title: 'now',
    align: 'right',
    min: 4,
    drop: 1,
    cell: ({ liveCallCount }) =>
      styled(liveCallCount === 0 ? '' : `+${formatCount(liveCallCount)}`, 'accent'),
    choice: { meaning: 'attempts of runs in progress' },
  },
  tasks: {
    title: 'tasks',
    align: 'right',
    min: 6,
    drop: 0.4,
    cell: ({ taskCount }) => styled(formatCount(taskCount)),
    sort: { place: 6, letter: 'K', key: ({ taskCount }) => taskCount },
    choice: { meaning: 'scored results of tasks', isHiddenAtFirst: true, isNumber: true },
  },
  cost: {
    title: '$/k',
    align: 'right',
    min: 6,
    drop: 2,
    dollars: ({ averageCostUsd }) => 1000 * averageCostUsd,
    cell: ({ averageCostUsd }, _, __, ___, decimals) =>
      styled(formatAmountIn(1000 * averageCostUsd, decimals)),
    sort: {
      place: 2,
      letter: 'C',
      key: ({ averageCostUsd }) => averageCostUsd,
      ascending: true,
    },
    plain: { text: (row) => (isCold(row) ? '' : formatCost(row.averageCostUsd)) },
    spoken: { text: (row) => (isCold(row) ? undefined : spokenCost(row)) },
    copied: { place: 2, text: ({ averageCostUsd }) => formatCost(averageCostUsd) },
    choice: { meaning: 'dollars per 1,000 calls', isNumber: true },
  },
  success: {
    title: 'success',
    align: 'right',
    min: 8,
    drop: 0.1,
    cell: ({ successRate }) => styled(formatShare(successRate)),
    sort: { place: 5, letter: 'U', key: ({ successRate }) => successRate },
    choice: { meaning: 'attempts without an error', isHiddenAtFirst: true, isNumber: true },
  },
  latency: {
    title: 'p95',
    align: 'right',
    min: 6,
    drop: 0.2,
    cell: ({ latencyP95Ms }) => styled(formatLatency(latencyP95Ms)),
    sort: {
      place: 5,
      letter: 'P',
      key: ({ latencyP95Ms }) => latencyP95Ms,
      ascending: true,
    },
    choice: {
      meaning: 'latency that 95% of attempts stay below',
      isHiddenAtFirst: true,
      isNumber: true,
    },
  },
  failures: {
    title: 'failed',
    align: 'right',
    min: 7,
    drop: 0.3,
    cell: ({ failureCount }) => styled(formatCount(failureCount)),
    sort: { place: 5, letter: 'F', key: ({ failureCount }) => failureCount },
    choice: { meaning: 'attempts that ended in an error', isHiddenAtFirst: true, isNumber: true },
  },
  quality: {
    title: 'quality',
    align: 'right',
    min: 8,
    cell: ({ qualityScore }) => styled(formatQuality(qualityScore)),
    sort: { place: 1, letter: 'Q', key: ({ qualityScore }) => qualityScore },
    plain: {
      text: (row) => (isCold(row) ? `(${insufficient})` : plainQuality(row)),
      align: 'left',
    },
    spoken: {
      text: (row) => (isCold(row) ? undefined : formatQualityWords(row.qualityScore)),
    },
    copied: { place: 1, text: ({ qualityScore }) => `quality ${formatQuality(qualityScore)}` },
    choice: { meaning: 'mean score', isNumber: true },
  },
  interval: {
    title: '95%',
    min: 11,
    isSpare: true,
    cell: ({ qualityInterval }, style) =>
      styled(plain(formatInterval(qualityInterval), style), 'muted'),
    choice: { meaning: '95% interval of the quality' },
  },
} satisfies Columns<Row, StandingFacts> | { spark: typeof spark };

export const valueText = ({ valueScore }: ModelStats, style: TextStyle): string =>
  valueScore === null ? style.nothing : formatValue(valueScore);

export const spokenCost = ({ averageCostUsd }: ModelStats): string =>
  `${formatMoney(averageCostUsd * 1000)} per thousand calls`;

function plainQuality({ qualityScore }: ModelStats): string {
  return qualityScore === null ? `(${notJudged})` : `q:${formatQuality(qualityScore)}`;
}

/** Calls of runs in progress stand apart, since their snapshots are still to come. */
function plainCalls({ callCount, liveCallCount }: ModelStats): string {
  const settled = callCount - liveCallCount;
  if (liveCallCount === 0) return formatCount(callCount);
  const live = `+${formatCount(liveCallCount)}`;
  return settled === 0 ? live : `${formatCount(settled)} ${live}`;
}

function spokenCalls({ confidence, callCount, liveCallCount }: ModelStats): string {
  const live = liveCallCount === 0 ? '' : `, ${liveCallCount} of them in runs in progress`;
  return `${confidence} with ${formatPlural(callCount, 'call')}${live}`;
}

function plainTrend({ trendPercent, trendIsNoise }: ModelStats, { glyphs }: TextStyle): string {
  if (trendPercent === null) return '';
  const direction = trendDirection(trendPercent, trendIsNoise);
  const percent = formatTrendPercent(trendPercent);
  return glyphs.trend[direction] + percent.padStart(direction === 'flat' ? 3 : 0);
}

function spokenTrend({ trendPercent, trendIsNoise }: ModelStats): string | undefined {
  if (trendIsNoise === true) return `${formatTrendPercent(trendPercent)}, within noise`;
  const direction = trendDirection(trendPercent);
  if (direction === 'none') return undefined;
  if (direction === 'flat') return 'steady';
  return `${direction} ${formatTrendPercent(trendPercent).replace(/^[+-]/, '')}`;
}

/** A column of the rankings that is shown or hidden. */
export type RankingColumn = keyof typeof rankingColumns;

export const rankings: Columns<ModelRanking, StandingFacts> = { ...leading, ...rankingColumns };
