import type { ModelRanking } from '../../domain/insight.ts';
import { formatAmountIn, formatQuality, formatValue, nothing, notJudged } from '../format/index.ts';
import { bar } from '../layout/bars.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';
import { lackSpan } from './marks.ts';
import { leading, rankingColumns } from './rankings.ts';

/** The value whose bar is full. */
export type CostFacts = { highest: number };

/** A COLD model's value may exceed all others by chance: a bar of it would say what nobody knows. */
export const isComparable = ({ confidence, valueScore }: ModelRanking): boolean =>
  confidence !== 'COLD' && valueScore !== null;

export const costFacts = (rows: readonly ModelRanking[]): CostFacts => ({
  highest: Math.max(0, ...rows.filter(isComparable).map(({ valueScore }) => valueScore ?? 0)),
});

const shareOf = ({ valueScore }: ModelRanking, { highest }: CostFacts): number =>
  highest === 0 ? 0 : (valueScore ?? 0) / highest;

const { value, quality } = rankingColumns;
const { drop: _, ...cost } = rankingColumns.cost;

/** Below this many columns a bar gets more room before a name is shown whole. */
const shortestBar = 10;

/** What a dollar buys: names and numbers get what they need, the bar the rest. */
export const costColumns: Columns<ModelRanking, CostFacts> = {
  mark: { plain: leading.mark.plain },
  model: {
    ...leading.model,
    stretch: false,
    cut: { where: 'middle', atLeast: 8 },
  },
  bar: {
    fills: true,
    min: shortestBar,
    cell: (row, style, facts, width) =>
      isComparable(row)
        ? styled(bar(shareOf(row, facts), width, style.glyphs), 'bar')
        : row.confidence === 'COLD'
          ? lackSpan(width)
          : styled(width >= notJudged.length ? notJudged : '', 'muted'),
    plain: { place: 1, text: (row, { glyphs }, facts) => bar(shareOf(row, facts), 30, glyphs) },
  },
  value: {
    ...value,
    min: 5,
    // As in the rankings: what rests on too few calls is not set beside what does not.
    cell: ({ confidence, valueScore }, style) =>
      confidence === 'COLD'
        ? styled(plain(nothing, style), 'muted')
        : styled(formatValue(valueScore), undefined, true),
  },
  cost: {
    ...cost,
    from: 44,
    cell: ({ averageCostUsd }, _, __, ___, decimals) =>
      styled(formatAmountIn(1000 * averageCostUsd, decimals), 'muted'),
    plain: { ...cost.plain, place: 2 },
  },
  quality: {
    title: quality.title,
    align: 'right',
    isOnlySorted: true,
    cell: ({ qualityScore }) => styled(formatQuality(qualityScore)),
    sort: { ...quality.sort, place: 2 },
    plain: { place: 3, text: ({ qualityScore }) => `q:${formatQuality(qualityScore)}` },
    spoken: quality.spoken,
  },
};
