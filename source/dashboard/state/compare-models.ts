import { defined } from '../../domain/defined.ts';
import type { CellStats, Insight, ModelRanking, Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCount,
  formatDifference,
  formatInterval,
  formatLatency,
  formatPart,
  formatQuality,
  formatShare,
  formatTrendPercent,
  formatValue,
  moneyDecimals,
  nothing,
  tooFew,
} from '../format/index.ts';
import { moneyCells, type ComparedRow } from '../tables/comparison.ts';

type Pair = readonly [string, string];

/** Two models by what the window says of each, over all and by task type; the numbers are those of the other views. */
export function comparedModels(insight: Insight, models: Pair): ComparedRow[] {
  const cellsOf = (model: string): CellStats[] =>
    insight.cells.filter((cell) => cell.model === model);
  const [one, other] = [cellsOf(models[0]), cellsOf(models[1])];
  const taskTypes = [...new Set([...one, ...other].map(({ taskType }) => taskType))].toSorted();
  return [
    ...overallRows(insight, models),
    ...taskTypes.flatMap((taskType) => {
      const of = (cells: readonly CellStats[]) => cells.find((cell) => cell.taskType === taskType);
      return typeRows(taskType, [of(one), of(other)], testedDifference(insight, taskType, models));
    }),
  ];
}

function overallRows(insight: Insight, models: Pair): ComparedRow[] {
  const of = (index: 0 | 1) => insight.rankings.find(({ model }) => model === models[index]);
  const stats = [of(0), of(1)] as const;
  const spent = (index: 0 | 1): number =>
    insight.spend.byModel.find(({ model }) => model === models[index])?.costUsd ?? 0;
  const [row, money] = [both<ModelRanking>('all', stats), moneyOf<ModelRanking>('all', stats)];
  return [
    row('quality', ({ qualityScore }) => formatQuality(qualityScore)),
    row('quality, 95%', intervalText),
    row('value, per 1,000 calls', ({ valueScore }) => formatValue(valueScore)),
    row('change of value', ({ trendPercent }) => formatTrendPercent(trendPercent)),
    money('$/k calls', ({ averageCostUsd }) => 1000 * averageCostUsd),
    { id: 'all spent', name: 'spent, all roles', cells: moneyCells([spent(0), spent(1)]) },
    row('calls', ({ callCount }) => formatCount(callCount)),
    row('failed calls', ({ failureCount }) => formatCount(failureCount)),
    row('success', ({ successRate }) => formatShare(successRate)),
    row('latency, mean', ({ averageLatencyMs }) => formatLatency(averageLatencyMs)),
    row('latency, p95', ({ latencyP95Ms }) => formatLatency(latencyP95Ms)),
    row('confidence', ({ confidence }) => confidence),
  ];
}

function typeRows(
  taskType: string,
  cells: readonly [CellStats | undefined, CellStats | undefined],
  tested: string | undefined,
): ComparedRow[] {
  const row = both<CellStats>(taskType, cells, taskType);
  const money = moneyOf<CellStats>(taskType, cells, taskType);
  const hasBoth = cells[0] !== undefined && cells[1] !== undefined;
  return [
    { id: taskType, name: taskTypeLabel(taskType), taskType },
    row('  quality', ({ qualityScore }) => formatQuality(qualityScore)),
    row('  quality, 95%', intervalText),
    money('  $/k calls', ({ averageCostUsd }) => 1000 * averageCostUsd),
    money('  $/task, all in', ({ taskCostUsd }) => taskCostUsd, true),
    row('  calls', ({ callCount }) => formatCount(callCount)),
    row('  failed calls', ({ failureCount }) => formatCount(failureCount)),
    row('  latency, mean', ({ averageLatencyMs }) => formatLatency(averageLatencyMs)),
    row('  share of its tasks', ({ share }) => formatPart(share, 1)),
    ...(hasBoth || tested !== undefined
      ? [
          {
            id: `${taskType} tested`,
            name: '  tested difference',
            cells: ['', tested ?? 'not tested'] as const,
            taskType,
          },
        ]
      : []),
  ];
}

const intervalText = ({ qualityInterval, qualityScore }: CellStats | ModelRanking): string =>
  qualityInterval === undefined
    ? qualityScore === null
      ? nothing
      : tooFew
    : formatInterval(qualityInterval);

const both =
  <Stats>(group: string, stats: readonly [Stats | undefined, Stats | undefined], type?: string) =>
  (name: string, text: (stats: Stats) => string): ComparedRow => {
    const of = (one: Stats | undefined): string => (one === undefined ? nothing : text(one));
    return {
      id: `${group} ${name}`,
      name,
      cells: [of(stats[0]), of(stats[1])],
      ...defined({ taskType: type }),
    };
  };

/** Dollars of both sides with as many decimals: neither looks more exact than the other. */
const moneyOf =
  <Stats>(group: string, stats: readonly [Stats | undefined, Stats | undefined], type?: string) =>
  (name: string, usd: (stats: Stats) => number | null, fine = false): ComparedRow => {
    const of = (one: Stats | undefined): number | null => (one === undefined ? null : usd(one));
    const amounts = [of(stats[0]), of(stats[1])] as const;
    return {
      id: `${group} ${name}`,
      name,
      cells: moneyCells(amounts, moneyDecimals(amounts, { fine })),
      ...(type === undefined ? {} : { taskType: type }),
    };
  };

/** What advice rests on, as the second against the first: `+0.02 (−0.01…+0.05)`. */
function testedDifference(
  { recommendations }: Insight,
  taskType: string,
  [one, other]: Pair,
): string | undefined {
  const isOf = (advice: Recommendation, model: string, alternative: string): boolean =>
    advice.taskType === taskType && advice.model === model && advice.alternative === alternative;
  const found = recommendations.find(
    (advice) => isOf(advice, one, other) || isOf(advice, other, one),
  );
  const { difference, low, high } = found?.evidence ?? {};
  if (found === undefined || difference === undefined) return undefined;
  const turned = found.model === one;
  const signed = (value: number): string => formatDifference(turned ? value : -value, 3);
  if (low === undefined || high === undefined) return signed(difference);
  return `${signed(difference)} (${signed(turned ? low : high)} … ${signed(turned ? high : low)})`;
}
