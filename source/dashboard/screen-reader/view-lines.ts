import type { Insight, ModelRanking, Standing } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatInterval,
  formatMoney,
  formatPlural,
  formatQualityWords,
  formatScore,
  formatTrendPercent,
  formatValue,
  namedRecommendations,
  trendDirection,
} from '../format/index.ts';

/** The views of the database, a sentence for each item. */

const quiet = 'No calls in this window.';

export function rankingLines({ rankings }: Insight): string[] {
  const head = 'MODEL RANKINGS by value: quality per dollar, per thousand calls.';
  return [
    head,
    ...numbered(rankings, (row) => {
      const parts =
        row.confidence === 'COLD'
          ? ['too few calls to compare']
          : [
              `value ${formatValue(row.valueScore)}`,
              ...trendOf(row),
              costOf(row),
              formatQualityWords(row.qualityScore),
            ];
      return `${row.model}: ${[...parts, callsOf(row)].join(', ')}.`;
    }),
  ];
}

export function leaderLines({ leaders }: Insight): string[] {
  return [
    'TASK-TYPE LEADERS by quality.',
    ...orQuiet(
      Object.entries(leaders).map(
        ([taskType, { model, qualityScore, confidence }]) =>
          `${taskTypeLabel(taskType)}: ${model}, quality ${formatScore(qualityScore)}, ${confidence}.`,
      ),
    ),
  ];
}

export function recommendationLines({ recommendations }: Insight): string[] {
  if (recommendations.length === 0) return ['RECOMMENDATIONS: none, the data supports no change.'];
  const { named, unnamed } = namedRecommendations(recommendations);
  return [
    `RECOMMENDATIONS: ${recommendations.length}.`,
    ...named.map(({ message }, index) => `${index + 1}. ${message}`),
    ...(unnamed === 0
      ? []
      : [`And ${formatPlural(unnamed, 'more pair')} of model and task type in need of data.`]),
  ];
}

export function byTaskLines({ cells }: Insight): string[] {
  const groups = Map.groupBy(cells, ({ taskType }) => taskType);
  return [
    'BY TASK TYPE, best quality first.',
    ...orQuiet(
      [...groups].flatMap(([taskType, group]) => [
        `${taskTypeLabel(taskType)}, ${formatPlural(group.length, 'model')}.`,
        ...numbered(group, (cell) => {
          const interval = formatInterval(cell.qualityInterval);
          const quality = formatQualityWords(cell.qualityScore);
          return `${cell.model}: ${[
            interval === '' ? quality : `${quality} ${interval}`,
            costOf(cell),
            `value ${formatValue(cell.valueScore)}`,
            callsOf(cell),
          ].join(', ')}.`;
        }),
      ]),
    ),
  ];
}

export function costLines({ rankings, spendByModel }: Insight): string[] {
  const shown = rankings.filter(({ confidence }) => confidence !== 'COLD');
  return [
    'COST EFFICIENCY: quality per dollar, per thousand calls.',
    ...(shown.length === 0
      ? ['No model has the 10 calls that a comparison needs.']
      : numbered(shown, (row) =>
          [
            `${row.model}: value ${formatValue(row.valueScore)}`,
            costOf(row),
            `${formatQualityWords(row.qualityScore)}.`,
          ].join(', '),
        )),
    'SPEND by model.',
    ...orQuiet(
      spendByModel.map(
        ({ model, costUsd, tasks }) =>
          `${model}: ${formatMoney(costUsd)} for ${formatPlural(tasks, 'task')}.`,
      ),
    ),
  ];
}

function numbered<Item>(items: readonly Item[], sentence: (item: Item) => string): string[] {
  return orQuiet(items.map((item, index) => `${index + 1}. ${sentence(item)}`));
}

const orQuiet = (lines: string[]): string[] => (lines.length === 0 ? [quiet] : lines);

const costOf = ({ averageCostUsd }: Standing): string =>
  `${formatMoney(averageCostUsd * 1000)} per thousand calls`;

/** Calls of runs in progress stand apart, since their snapshots are still to come. */
function callsOf({ confidence, callCount, liveCallCount }: Standing): string {
  const live = liveCallCount === 0 ? '' : `, ${liveCallCount} of them in runs in progress`;
  return `${confidence} with ${formatPlural(callCount, 'call')}${live}`;
}

function trendOf({ trendPercent }: ModelRanking): string[] {
  const direction = trendDirection(trendPercent);
  if (direction === 'none') return [];
  if (direction === 'flat') return ['steady'];
  return [`${direction} ${formatTrendPercent(trendPercent).replace(/^[+-]/, '')}`];
}
