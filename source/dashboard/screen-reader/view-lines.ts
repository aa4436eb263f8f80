import type { Insight } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatPlural } from '../format/index.ts';
import { leaders as leaderColumns } from '../tables/by-task.ts';
import type { Columns } from '../tables/column.ts';
import { costColumns } from '../tables/cost.ts';
import { routes as routeColumns } from '../tables/routes.ts';
import { rankings as columns } from '../tables/rankings.ts';
import { spokenText } from '../tables/texts.ts';

/** The views of the database, a sentence for each item. */

const quiet = 'No calls in this window.';

export function rankingLines({ rankings }: Insight): string[] {
  return [
    'MODEL RANKINGS by value: quality per dollar, per thousand calls.',
    ...numbered(rankings, (row) => sentence(columns, row)),
  ];
}

export function leaderLines({ leaders }: Insight): string[] {
  return [
    'TASK-TYPE LEADERS by quality.',
    ...orQuiet(
      Object.values(leaders).map(
        (leader) =>
          `${taskTypeLabel(leader.taskType)}: ${leader.model}, ${spokenText(leaderColumns, leader)}.`,
      ),
    ),
  ];
}

export function recommendationLines({ recommendations }: Insight): string[] {
  if (recommendations.length === 0) return ['RECOMMENDATIONS: none, the data supports no change.'];
  return [
    `RECOMMENDATIONS: ${recommendations.length}.`,
    ...recommendations.map(({ message }, index) => `${index + 1}. ${message}`),
  ];
}

export function routeLines({ routes }: Insight): string[] {
  return [
    'ROUTES: where the work of each task type goes, the most money first.',
    ...orQuiet(routes.map((route) => `${spokenText(routeColumns, route)}.`)),
  ];
}

export function costLines({ rankings, spendByModel }: Insight): string[] {
  const shown = rankings.filter(({ confidence }) => confidence !== 'COLD');
  return [
    'COST EFFICIENCY: quality per dollar, per thousand calls.',
    ...(shown.length === 0
      ? ['No model has the 10 calls that a comparison needs.']
      : numbered(shown, (row) => sentence(costColumns, row))),
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

const sentence = <Row extends { model: string }, Facts>(
  described: Columns<Row, Facts>,
  row: Row,
): string => `${row.model}: ${spokenText(described, row)}.`;
