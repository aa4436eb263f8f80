import type { Insight } from '../../domain/insight.ts';
import type { MoneyLimits } from '../../domain/month-spend.ts';
import {
  approximateSentence,
  formatDate,
  formatMoney,
  formatMoneyIn,
  formatPart,
  formatPlural,
  moneyDecimals,
  monthSentences,
  roleRows,
  supervisionSentences,
  uselessJudgeSentence,
} from '../format/index.ts';
import { costColumns, costFacts, isComparable } from '../tables/cost.ts';
import { plainLines } from '../tables/texts.ts';
import { table } from '../text/index.ts';
import type { TextStyle } from '../theme/text-style.ts';
import { hanging } from './page.ts';

/** Quality per dollar as bars, the best model's bar full, and where the money went. */
export function costSection(
  insight: Insight,
  style: TextStyle,
  limits: MoneyLimits = {},
): string[] {
  const { rankings } = insight;
  const shown = rankings.filter(isComparable);
  if (shown.length === 0) {
    return [
      'COST EFFICIENCY',
      '',
      '  No model has the 10 calls that a bar needs.',
      '',
      ...spend(insight, style, limits),
    ];
  }
  return [
    'COST EFFICIENCY  (quality per dollar, per thousand calls)',
    '',
    ...plainLines(costColumns, shown, style, costFacts(shown)).map((line) => `  ${line}`),
    '',
    ...spend(insight, style, limits),
  ];
}

function spend(insight: Insight, style: TextStyle, limits: MoneyLimits): string[] {
  const { spend: paid, spendByModel, spendByProject, spendByDay, judges } = insight;
  const month = monthSentences(insight.month, limits, insight.window.to);
  const paragraph = (text: string): string[] => hanging('  ', style.sign(text));
  if (spendByModel.length === 0) {
    const ofMonth = month.flatMap((sentence) => ['', ...paragraph(sentence)]);
    return ['SPEND', '', '  Nothing was spent in this window.', ...ofMonth];
  }
  const useless = judges.filter(({ tellsNothing }) => tellsNothing);
  return [
    `SPEND  ${formatMoney(paid.totalUsd)}`,
    '',
    ...amounts(
      spendByModel.map(({ model, ...row }) => ({ ...row, name: style.name(model) })),
      paid.totalUsd,
    ),
    ...headed('by role', roleRows(paid), paid.totalUsd),
    ...[
      ...supervisionSentences(paid, limits),
      ...(paid.approximate ? [approximateSentence] : []),
    ].flatMap((text) => ['', ...paragraph(text)]),
    ...headed(
      'by run',
      mostOf(
        spendByProject.map(({ projectId, ...row }) => ({ ...row, name: style.name(projectId) })),
      ),
      paid.totalUsd,
    ),
    ...headed(
      'by day',
      mostOf(
        spendByDay
          .map(({ day, costUsd, tasks }) => ({ name: formatDate(day), costUsd, tasks }))
          .toReversed(),
      ),
      paid.totalUsd,
    ),
    '',
    ...month.flatMap(paragraph),
    ...useless.flatMap(({ judge }) => paragraph(uselessJudgeSentence(style.name(judge)))),
  ];
}

type Amount = { name: string; costUsd: number; tasks?: number };

/** Rows that a section has before the others are one. */
const mostRows = 10;

function mostOf(rows: readonly Amount[]): Amount[] {
  if (rows.length <= mostRows) return [...rows];
  const others = rows.slice(mostRows - 1);
  return [
    ...rows.slice(0, mostRows - 1),
    {
      name: `${others.length} others`,
      costUsd: others.reduce((sum, { costUsd }) => sum + costUsd, 0),
      tasks: others.reduce((sum, { tasks = 0 }) => sum + tasks, 0),
    },
  ];
}

const headed = (title: string, rows: readonly Amount[], totalUsd: number): string[] =>
  rows.length === 0 ? [] : ['', `  ${title}`, ...amounts(rows, totalUsd)];

function amounts(rows: readonly Amount[], totalUsd: number): string[] {
  const decimals = moneyDecimals(rows.map(({ costUsd }) => costUsd));
  const cells = rows.map(({ name, costUsd, tasks }) => [
    name,
    formatMoneyIn(costUsd, decimals),
    formatPart(costUsd, totalUsd),
    tasks === undefined ? '' : formatPlural(tasks, 'task'),
  ]);
  const columns = [{}, { align: 'right' }, { align: 'right' }, { align: 'right' }] as const;
  return table(cells, columns).map((line) => `  ${line}`);
}
