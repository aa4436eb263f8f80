import type { Insight } from '../../domain/insight.ts';
import {
  formatCost,
  formatMoney,
  formatPlural,
  formatQuality,
  formatValue,
} from '../format/index.ts';
import { table, type Pen } from './page.ts';

const barWidth = 30;

/** Quality per dollar as bars, the best model's bar full, and where the money went. */
export function costSection({ rankings, spendByModel }: Insight, pen: Pen): string[] {
  const shown = rankings.filter(
    ({ confidence, valueScore }) => confidence !== 'COLD' && valueScore !== null,
  );
  if (shown.length === 0) {
    return [
      'COST EFFICIENCY',
      '',
      '  No model has the 10 calls that a bar needs.',
      '',
      ...spend(spendByModel, pen),
    ];
  }
  const most = Math.max(...shown.map(({ valueScore }) => valueScore ?? 0), Number.MIN_VALUE);
  const rows = shown.map((ranking) => [
    pen.glyphs.confidence[ranking.confidence],
    pen.name(ranking.model),
    formatValue(ranking.valueScore),
    bar((ranking.valueScore ?? 0) / most, pen),
    formatCost(ranking.averageCostUsd),
    `q:${formatQuality(ranking.qualityScore)}`,
  ]);
  const columns = [{}, {}, { align: 'right' }, {}, { align: 'right' }, {}] as const;
  return [
    'COST EFFICIENCY  (quality per dollar, per thousand calls)',
    '',
    ...table(rows, columns).map((line) => `  ${line}`),
    '',
    ...spend(spendByModel, pen),
  ];
}

function spend(spendByModel: Insight['spendByModel'], pen: Pen): string[] {
  if (spendByModel.length === 0) return ['SPEND', '', '  Nothing was spent in this window.'];
  const rows = spendByModel.map(({ model, costUsd, tasks }) => [
    pen.name(model),
    formatMoney(costUsd),
    formatPlural(tasks, 'task'),
  ]);
  const columns = [{}, { align: 'right' }, { align: 'right' }] as const;
  return ['SPEND', '', ...table(rows, columns).map((line) => `  ${line}`)];
}

/** A bar of `share` of the full width, in eighths of a column. */
function bar(share: number, { glyphs }: Pen): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * barWidth * 8);
  const full = (glyphs.eighths[7] ?? '').repeat(Math.floor(eighths / 8));
  return full + (eighths % 8 === 0 ? '' : (glyphs.eighths[(eighths % 8) - 1] ?? ''));
}
