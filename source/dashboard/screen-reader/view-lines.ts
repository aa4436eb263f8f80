import type { Insight } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { MoneyLimits } from '../../domain/month-spend.ts';
import { openFirst } from '../../domain/routes.ts';
import {
  adviceHeading,
  allFailedSentence,
  isAllFailed,
  formatMoney,
  formatPlural,
  monthSentences,
  roleRows,
  supervisionSentences,
  uselessJudgeSentence,
} from '../format/index.ts';
import { frontierOf } from '../layout/frontier.ts';
import { leaders as leaderColumns } from '../tables/by-task.ts';
import type { Columns } from '../tables/column.ts';
import { costColumns, isComparable } from '../tables/cost.ts';
import { judges as judgeColumns } from '../tables/judges.ts';
import { routeRows } from '../tables/route-rows.ts';
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

export function recommendationLines(insight: Insight): string[] {
  const { recommendations, adviceFollows } = insight;
  if (adviceFollows) return ['RECOMMENDATIONS: the evidence for advice is being weighed.'];
  if (recommendations.length === 0 && isAllFailed(insight)) {
    return [`RECOMMENDATIONS: none. ${allFailedSentence}`];
  }
  if (recommendations.length === 0) return ['RECOMMENDATIONS: none, the data supports no change.'];
  return [
    `RECOMMENDATIONS: ${adviceHeading(insight)}.`,
    ...openFirst(recommendations).map(({ message }, index) => `${index + 1}. ${message}`),
  ];
}

export function routeLines(insight: Insight): string[] {
  const routes = routeRows(insight.routes, insight);
  return [
    'ROUTES: where the work of each task type goes, the most money first.',
    ...orQuiet(routes.map((route) => `${spokenText(routeColumns, route)}.`)),
  ];
}

const paidFor = (name: string, costUsd: number, tasks: number): string =>
  `${name}: ${formatMoney(costUsd)} for ${formatPlural(tasks, 'task')}.`;

/** Runs that are read aloud; what the others cost is said in one sentence. */
const mostProjects = 5;

export function costLines(insight: Insight, limits: MoneyLimits = {}): string[] {
  const { spend, spendByModel, spendByProject } = insight;
  const others = spendByProject.slice(mostProjects);
  const othersUsd = others.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const useless = insight.judges.filter(({ tellsNothing }) => tellsNothing);
  return [
    'THIS MONTH.',
    ...orQuiet(monthSentences(insight.month, limits, insight.window.to)),
    'SPEND by model.',
    ...orQuiet(spendByModel.map((row) => paidFor(row.model, row.costUsd, row.tasks))),
    'SPEND by what it was for.',
    ...orQuiet(roleRows(spend).map(({ name, costUsd }) => `${name}: ${formatMoney(costUsd)}.`)),
    ...supervisionSentences(spend, limits),
    'SPEND by run.',
    ...orQuiet(
      spendByProject
        .slice(0, mostProjects)
        .map((row) => paidFor(row.projectId, row.costUsd, row.tasks)),
    ),
    ...(others.length === 0
      ? []
      : [`${formatPlural(others.length, 'other')}: ${formatMoney(othersUsd)}.`]),
    'JUDGES.',
    ...orQuiet(insight.judges.map((row) => `${spokenText(judgeColumns, row)}.`)),
    ...useless.map(({ judge }) => uselessJudgeSentence(judge)),
    ...efficiencyLines(insight),
  ];
}

/** Quality per dollar, and which models none beats on both. */
function efficiencyLines({ rankings }: Insight): string[] {
  const shown = rankings.filter(isComparable);
  const best = frontierOf(shown).map(({ model }) => model);
  return [
    'COST EFFICIENCY: quality per dollar of an attempt, per thousand calls.',
    ...(shown.length === 0
      ? ['No model has the 10 calls that a comparison needs.']
      : numbered(shown, (row) => sentence(costColumns, row))),
    ...(best.length === 0
      ? []
      : [`No model is both better and cheaper than these: ${best.join(', ')}.`]),
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
