import type { Insight } from '../../domain/insight.ts';
import { formatMoney, formatPlural, formatShare } from '../format/index.ts';
import { costColumns, costFacts, isComparable } from '../tables/cost.ts';
import { plainLines } from '../tables/texts.ts';
import { table } from '../text/index.ts';
import type { TextStyle } from '../theme/text-style.ts';

/** Quality per dollar as bars, the best model's bar full, and where the money went. */
export function costSection(insight: Insight, style: TextStyle): string[] {
  const { rankings } = insight;
  const shown = rankings.filter(isComparable);
  if (shown.length === 0) {
    return [
      'COST EFFICIENCY',
      '',
      '  No model has the 10 calls that a bar needs.',
      '',
      ...spend(insight, style),
    ];
  }
  return [
    'COST EFFICIENCY  (quality per dollar, per thousand calls)',
    '',
    ...plainLines(costColumns, shown, style, costFacts(shown)).map((line) => `  ${line}`),
    '',
    ...spend(insight, style),
  ];
}

function spend(
  { spendByModel, spend: paid, uselessJudges = [] }: Insight,
  style: TextStyle,
): string[] {
  if (spendByModel.length === 0) return ['SPEND', '', '  Nothing was spent in this window.'];
  const rows = spendByModel.map(({ model, costUsd, tasks }) => [
    style.name(model),
    formatMoney(costUsd),
    formatPlural(tasks, 'task'),
  ]);
  const columns = [{}, { align: 'right' }, { align: 'right' }] as const;
  const { critic = 0, judge = 0 } = paid.byRole;
  const supervision = paid.totalUsd > 0 ? (critic + judge) / paid.totalUsd : 0;
  const told =
    supervision > 0 ? ['', `  Critiques and judgements: ${formatShare(supervision)} of it.`] : [];
  return [
    'SPEND',
    '',
    ...table(rows, columns).map((line) => `  ${line}`),
    ...told,
    ...uselessJudges.map((judge) => judgeLine(style.name(judge))),
  ];
}

function judgeLine(judge: string): string {
  return `  The judgements of ${judge} tell nothing apart: name other judges under roles.judge.`;
}
