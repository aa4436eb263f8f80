import { Box } from 'ink';
import type { ReactNode } from 'react';
import { formatDay, formatMoney, formatPlural, formatShare } from '../format/index.ts';
import { bar } from '../layout/bars.ts';
import { columnChart, daysOf } from '../layout/column-chart.ts';
import { cutMiddle, pad, widthOf } from '../text/index.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { CostPane } from './cost-bars.tsx';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** What money buys and where it goes: value by model, spend by model, spend by day. */
export function CostTab({ state, style, area }: PaneInput): ReactNode {
  const { width, height } = area;
  const input = { state, style };
  if (height < 14) return <CostPane {...input} area={area} isFocused />;
  const days = Math.max(5, Math.floor(height * 0.34));
  const upper = height - days;
  const left = width >= 100 ? Math.floor(width * 0.58) : width;
  if (width >= 100) {
    return (
      <Box flexDirection="column">
        <Box>
          <CostPane {...input} area={{ width: left, height: upper }} isFocused />
          <SpendByModel {...input} area={{ width: width - left, height: upper }} />
        </Box>
        <SpendByDay {...input} area={{ width, height: days }} />
      </Box>
    );
  }
  const bars = Math.ceil(upper * 0.55);
  return (
    <Box flexDirection="column">
      <CostPane {...input} area={{ width, height: bars }} isFocused />
      <SpendByModel {...input} area={{ width, height: upper - bars }} />
      <SpendByDay {...input} area={{ width, height: days }} />
    </Box>
  );
}

function SpendByModel({ state, style, area }: PaneInput): ReactNode {
  const rows = state.insight?.spendByModel ?? [];
  const total = rows.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const height = innerHeight(area);
  const shown = rows.slice(0, rows.length > height ? height - 1 : height);
  const rest = rows.slice(shown.length);
  const width = innerWidth(area) - 2;
  const money = Math.max(8, ...rows.map(({ costUsd }) => formatMoney(costUsd).length));
  const longest = Math.max(8, ...shown.map(({ model }) => widthOf(style.clean(model))));
  const name = Math.min(longest, Math.max(12, Math.floor(width * 0.36)));
  const barWidth = Math.max(0, width - name - money - 10);
  const line = (label: string, costUsd: number, role: 'bar' | 'muted'): Line => {
    const share = total === 0 ? 0 : costUsd / total;
    return [
      gap(1),
      styled(pad(cutMiddle(label, name, style.glyphs.ellipsis), name)),
      gap(2),
      styled(pad(bar(share, barWidth, style.glyphs), barWidth), role),
      styled(pad(formatMoney(costUsd), money + 1, 'right'), undefined, true),
      styled(pad(formatShare(Math.round(share * 100) / 100), 6, 'right'), 'muted'),
    ];
  };
  const restUsd = rest.reduce((sum, { costUsd }) => sum + costUsd, 0);
  return (
    <Pane
      title={[styled('SPEND BY MODEL', 'title', true)]}
      note={[styled(formatMoney(total), 'muted')]}
      area={area}
      style={style}
      lines={[
        ...shown.map(({ model, costUsd }) => line(style.clean(model), costUsd, 'bar')),
        ...(rest.length === 0 ? [] : [line(formatPlural(rest.length, 'other'), restUsd, 'muted')]),
      ].map((spans) => ({ line: spans }))}
    />
  );
}

function SpendByDay({ state, style, area }: PaneInput): ReactNode {
  const { insight } = state;
  const days = insight === undefined ? [] : daysOf(insight.window, insight.spendByDay);
  const highest = Math.max(0, ...days.map(({ costUsd }) => costUsd));
  const top = formatMoney(highest);
  const label = Math.max(8, top.length);
  const width = innerWidth(area) - label - 3;
  const height = innerHeight(area) - 1;
  const columns = columnChart(
    days.map(({ costUsd }) => costUsd),
    width,
    height,
    style.glyphs,
  );
  const axis = (index: number): string => {
    if (index === 0) return top;
    return index === height - 1 ? '$0' : '';
  };
  const from = days[0]?.day ?? 0;
  const to = days.at(-1)?.day ?? 0;
  const lines: Line[] = columns.lines.map((text, index) => [
    styled(`${pad(axis(index), label + 1, 'right')} `, 'muted'),
    styled(text, 'bar'),
  ]);
  const ends = pad(formatDay(from), Math.max(0, columns.width - 5)) + formatDay(to);
  return (
    <Pane
      title={[styled('SPEND BY DAY', 'title', true)]}
      note={[styled(formatPlural(days.length, 'day'), 'muted')]}
      area={area}
      style={style}
      lines={[...lines, [gap(label + 2), styled(ends, 'muted')]].map((line) => ({ line }))}
    />
  );
}
