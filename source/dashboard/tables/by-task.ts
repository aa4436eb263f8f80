import type { CellStats, Route } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatAmountIn,
  formatCost,
  formatCount,
  formatDifference,
  formatInterval,
  formatMoneyIn,
  formatQuality,
  formatQualityWords,
  formatScore,
  formatValue,
  nothing,
  notJudged,
} from '../format/index.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';
import { confidenceMark, trendSpan } from './marks.ts';
import { leading, rankingColumns, spokenCost, valueText, type StandingFacts } from './rankings.ts';

/** A (model, task type) of which anybody judged anything. */
export type JudgedCell = CellStats & { qualityScore: number };

export type ByTaskFacts = StandingFacts & {
  /** The best of a task type by quality. */
  leaderOf: (taskType: string) => JudgedCell | undefined;
};

const taskType = { copied: { text: (cell: CellStats) => taskTypeLabel(cell.taskType) } };
const { value, trend, confidence, calls, quality, interval } = rankingColumns;
const { drop: _, ...cost } = rankingColumns.cost;

/** The models of a task type. */
export const byTask: Columns<CellStats, ByTaskFacts> = {
  taskType,
  ...leading,
  quality: {
    ...quality,
    cell: ({ qualityScore }) => styled(formatQuality(qualityScore), undefined, true),
    plain: {
      title: 'quality',
      text: ({ qualityScore }) => (qualityScore === null ? notJudged : formatQuality(qualityScore)),
    },
    spoken: {
      text: ({ qualityScore, qualityInterval }) =>
        qualityInterval === undefined
          ? formatQualityWords(qualityScore)
          : `${formatQualityWords(qualityScore)} (${formatInterval(qualityInterval)})`,
    },
  },
  interval: {
    ...interval,
    plain: { title: '', text: (cell, style) => style.sign(formatInterval(cell.qualityInterval)) },
  },
  behind: {
    title: 'behind',
    align: 'right',
    min: 6,
    drop: 2,
    cell(cell, style, facts) {
      const distance = behind(cell, facts);
      if (distance === null) return styled(plain(nothing, style), 'muted');
      if (facts.leaderOf(cell.taskType)?.model === cell.model) return styled('leader', 'good');
      return styled(plain(formatDifference(distance), style), 'muted');
    },
    exported: behind,
  },
  value: {
    ...value,
    drop: 1,
    cell: ({ valueScore }) => styled(formatValue(valueScore)),
    plain: { place: 3, text: valueText },
    spoken: { place: 1, text: ({ valueScore }) => `value ${formatValue(valueScore)}` },
  },
  trend: {
    title: trend.title,
    align: 'right',
    min: 7,
    drop: 5,
    cell: trendSpan,
  },
  cost: {
    ...cost,
    plain: { place: 2, text: ({ averageCostUsd }) => formatCost(averageCostUsd) },
    spoken: { text: spokenCost },
  },
  calls: {
    ...calls,
    drop: 3,
    plain: { place: 1, text: ({ callCount }) => formatCount(callCount) },
    spoken: { ...calls.spoken, place: 2 },
  },
  confidence: { copied: confidence.copied },
};

function behind({ taskType, qualityScore }: CellStats, facts: ByTaskFacts): number | null {
  const leader = facts.leaderOf(taskType);
  return leader === undefined || qualityScore === null ? null : qualityScore - leader.qualityScore;
}

const ofLeaders = {
  taskType: {
    title: 'task type',
    min: 12,
    cut: { where: 'middle', atLeast: 12 },
    sort: {
      letter: 'Y',
      key: ({ taskType }) => taskTypeLabel(taskType),
      ascending: true,
      anyConfidence: true,
    },
    cell: (cell, style) => styled(style.clean(taskTypeLabel(cell.taskType)), 'muted'),
    plain: { text: (cell, style) => style.name(taskTypeLabel(cell.taskType)) },
  },
  model: {
    title: 'leader',
    cut: { where: 'middle', atLeast: 10 },
    stretch: true,
    sort: { letter: 'M', key: ({ model }) => model, ascending: true, anyConfidence: true },
    cell: leading.model.cell,
    plain: leading.model.plain,
  },
  quality: {
    title: 'quality',
    align: 'right',
    min: 4,
    sort: { letter: 'Q', key: ({ qualityScore }) => qualityScore },
    cell: ({ qualityScore }) => styled(formatScore(qualityScore), undefined, true),
    plain: { text: ({ qualityScore }) => formatScore(qualityScore), align: 'left' },
    spoken: { text: ({ qualityScore }) => `quality ${formatScore(qualityScore)}` },
  },
  mark: {
    min: 1,
    cell: ({ confidence }, style) => confidenceMark(confidence, style),
    plain: leading.mark.plain,
    spoken: { text: ({ confidence }) => confidence },
  },
  // What else it can be sorted by.
  value: {
    title: 'value',
    align: 'right',
    isOnlySorted: true,
    cell: ({ valueScore }) => styled(formatValue(valueScore)),
    sort: { letter: 'V', key: ({ valueScore }) => valueScore },
  },
  cost: {
    title: '$/k',
    align: 'right',
    isOnlySorted: true,
    dollars: ({ averageCostUsd }) => 1000 * averageCostUsd,
    cell: ({ averageCostUsd }, _, __, ___, decimals) =>
      styled(formatAmountIn(1000 * averageCostUsd, decimals)),
    sort: { letter: 'C', key: ({ averageCostUsd }) => averageCostUsd, ascending: true },
  },
  calls: {
    title: 'calls',
    align: 'right',
    isOnlySorted: true,
    cell: ({ callCount }) => styled(formatCount(callCount)),
    sort: { letter: 'A', key: ({ callCount }) => callCount, anyConfidence: true },
  },
} satisfies Columns<CellStats>;

/** The best model of each task type. */
export const leaders: Columns<CellStats> = ofLeaders;

export type LeaderFacts = { routeOf: (taskType: string) => Route | undefined };

/** The same with where the work goes, and what it cost. */
export const leadersAndRoutes: Columns<CellStats, LeaderFacts> = {
  ...ofLeaders,
  goesTo: {
    title: 'goes to',
    cut: { where: 'middle', atLeast: 10 },
    cell({ taskType, model }, style, { routeOf }) {
      const to = routeOf(taskType)?.model;
      if (to === undefined) return styled(plain(nothing, style), 'muted');
      return styled(
        to === model ? 'the same' : style.clean(to),
        to === model ? 'muted' : undefined,
      );
    },
  },
  spent: {
    title: 'spent',
    align: 'right',
    min: 7,
    dollars: ({ taskType }, { routeOf }) => routeOf(taskType)?.spentUsd,
    cell({ taskType }, style, { routeOf }, _, decimals) {
      const spentUsd = routeOf(taskType)?.spentUsd;
      return styled(
        spentUsd === undefined ? plain(nothing, style) : formatMoneyIn(spentUsd, decimals),
        'title',
      );
    },
  },
  saves: {
    title: 'saves/mo',
    align: 'right',
    isSpare: true,
    dollars: ({ taskType }, { routeOf }) => routeOf(taskType)?.monthlySavingsUsd,
    cell({ taskType }, style, { routeOf }, _, decimals) {
      const saving = routeOf(taskType)?.monthlySavingsUsd ?? null;
      if (saving === null) return styled(plain(nothing, style), 'muted');
      return styled(formatMoneyIn(saving, decimals), 'good', true);
    },
  },
};
