import type { ReactNode } from 'react';
import { formatDay, formatMoney } from '../format/index.ts';
import { columnChart, daysOf } from '../layout/column-chart.ts';
import { roundTop } from '../layout/round-numbers.ts';
import { pad } from '../text/index.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** What each local day cost, time from left to right, up to a round amount. */
export function SpendByDay({ state, style, area, isFocused }: PaneInput): ReactNode {
  const { insight } = state;
  const days = insight === undefined ? [] : daysOf(insight.window, insight.spendByDay);
  const highest = Math.max(0, ...days.map(({ costUsd }) => costUsd));
  const top = roundTop(highest);
  const label = Math.max(6, formatMoney(top).length);
  const width = innerWidth(area) - label - 3;
  const height = innerHeight(area) - 1;
  const columns = columnChart(
    days.map(({ costUsd }) => costUsd),
    { width, height, glyphs: style.glyphs, most: top },
  );
  const middle = height >= 5 && height % 2 === 1 ? (height - 1) / 2 : undefined;
  const axis = (index: number): string => {
    if (highest === 0) return index === height - 1 ? '$0' : '';
    if (index === 0) return formatMoney(top);
    if (index === middle) return formatMoney(top / 2);
    return index === height - 1 ? '$0' : '';
  };
  const lines: Line[] = columns.lines.map((text, index) => [
    styled(`${pad(axis(index), label + 1, 'right')} `, 'muted'),
    styled(text, 'bar'),
  ]);
  const from = formatDay(days[0]?.day ?? 0);
  const to = formatDay(days.at(-1)?.day ?? 0);
  const ends = days.length < 2 || columns.width < 12 ? to : pad(from, columns.width - 5) + to;
  return (
    <Pane
      title={[styled('SPEND BY DAY', 'title', true)]}
      note={[styled(`most ${formatMoney(highest)}`, 'muted')]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      lines={[...lines, [gap(label + 2), styled(ends, 'muted')]].map((line) => ({ line }))}
    />
  );
}
