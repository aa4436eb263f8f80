import type { ReactNode } from 'react';
import type { ModelRanking } from '../../domain/insight.ts';
import { formatPerThousand, formatValue } from '../format/index.ts';
import { bar } from '../layout/bars.ts';
import { sliceAround } from '../layout/scroll.ts';
import { cutMiddle, pad, widthOf } from '../text/index.ts';
import { selectedIndex, visibleRankings } from '../state/lists.ts';
import type { Look } from '../theme/look.ts';
import { fitLine, gap, span, type Line } from '../theme/span.ts';
import { pointer, pointerWidth, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';
import { nothingLine } from './rankings.tsx';
import { lackSpan } from './rankings-table.ts';

/** What a dollar buys: quality per dollar, one bar for each model. */
export function CostPane({ state, look, area, isFocused }: PaneInput): ReactNode {
  const rows = visibleRankings(state, 'cost');
  const selected = selectedIndex(
    state,
    'cost',
    rows.map(({ model }) => model),
  );
  const slice = sliceAround(rows.length, selected, innerHeight(area));
  const layout = placeBars(rows, innerWidth(area) - pointerWidth - 1, look);
  const lines = rows.slice(slice.from, slice.to).map((row, index) => {
    const isSelected = isFocused === true && slice.from + index === selected;
    return { line: [pointer(isSelected, look), ...barLine(row, layout, look)], isSelected };
  });
  return (
    <Pane
      title={[span('COST', 'title', true), span('  quality per dollar', 'muted')]}
      note={[span('value', 'muted'), ...(layout.price > 0 ? [span('   $/k', 'muted')] : [])]}
      area={area}
      look={look}
      isFocused={isFocused === true}
      more={slice}
      lines={lines.length === 0 ? [nothingLine(state)] : lines}
    />
  );
}

type BarLayout = { name: number; bar: number; value: number; price: number; highest: number };

/** Names get a third, numbers what they need, the bar the rest. */
function placeBars(rows: readonly ModelRanking[], width: number, look: Look): BarLayout {
  const longest = Math.max(8, ...rows.map(({ model }) => widthOf(look.clean(model))));
  const value = Math.max(5, ...rows.map(({ valueScore }) => formatValue(valueScore).length));
  const price = Math.max(
    6,
    ...rows.map(({ averageCostUsd }) => formatPerThousand(averageCostUsd).length),
  );
  const name = Math.min(longest, Math.max(14, Math.floor(width / 3)));
  const withPrice = width >= 44 ? price + 2 : 0;
  return {
    name,
    value,
    price: withPrice,
    bar: Math.max(0, width - name - value - withPrice - 4),
    highest: Math.max(0, ...rows.filter(isComparable).map(({ valueScore }) => valueScore ?? 0)),
  };
}

const isComparable = ({ confidence, valueScore }: ModelRanking): boolean =>
  confidence !== 'COLD' && valueScore !== null;

function barLine(row: ModelRanking, layout: BarLayout, look: Look): Line {
  const share = layout.highest === 0 ? 0 : (row.valueScore ?? 0) / layout.highest;
  // A COLD model's value may exceed all others by chance: a bar of it would say what nobody knows.
  const drawn = isComparable(row)
    ? span(bar(share, layout.bar, look.glyphs), 'bar')
    : lackSpan(layout.bar);
  const name = cutMiddle(look.clean(row.model), layout.name, look.glyphs.ellipsis);
  return [
    span(pad(name, layout.name)),
    gap(2),
    ...fitLine([drawn], layout.bar, look.glyphs.ellipsis),
    gap(2),
    span(pad(formatValue(row.valueScore), layout.value, 'right'), undefined, true),
    ...(layout.price === 0
      ? []
      : [span(pad(formatPerThousand(row.averageCostUsd), layout.price, 'right'), 'muted')]),
  ];
}
