import type { ReactNode } from 'react';
import { defined } from '../../domain/defined.ts';
import type { SeriesPoint } from '../../domain/insight.ts';
import {
  formatDay,
  formatLatency,
  formatPerThousand,
  formatPlural,
  formatQuality,
  formatShare,
  formatValue,
} from '../format/index.ts';
import { lineChart } from '../layout/line-chart.ts';
import { seriesNames, type OpenModel, type SeriesName } from '../state/state.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

const readings: Record<
  SeriesName,
  {
    of: (point: SeriesPoint) => number | null;
    format: (value: number) => string;
    unit: string;
    most?: number;
  }
> = {
  quality: { of: ({ quality }) => quality, format: formatQuality, unit: 'mean score', most: 1 },
  value: { of: ({ value }) => value, format: formatValue, unit: 'quality per $, per 1,000 calls' },
  cost: { of: ({ costUsd }) => costUsd, format: formatPerThousand, unit: '$ per 1,000 calls' },
  latency: { of: ({ latencyMs }) => latencyMs, format: formatLatency, unit: 'mean per call' },
  success: {
    of: ({ successRate }) => successRate,
    format: formatShare,
    unit: 'calls without error',
    most: 1,
  },
};

/** One series of a model over the window. */
export function SeriesPane({
  state,
  style,
  area,
  openModel,
  series,
}: PaneInput & { openModel: OpenModel; series: SeriesName }): ReactNode {
  const { of, format, unit, most } = readings[series];
  const points = openModel.detail.series;
  const width = innerWidth(area) - 1;
  const lines = lineChart(points.map(of), {
    width,
    height: innerHeight(area),
    format,
    style,
    ends: [formatDay(points[0]?.at ?? 0), formatDay(points.at(-1)?.at ?? 0)],
    unit,
    ...defined({ most }),
  });
  const shown: Line[] =
    lines.length === 0 ? [[gap(2), styled('no calls to plot in this window', 'muted')]] : lines;
  return (
    <Pane
      title={[
        styled(series.toUpperCase(), 'title', true),
        styled(`  ${unitOfWindow(state.days)}`, 'muted'),
      ]}
      note={choices(series, style)}
      area={area}
      style={style}
      lines={shown.map((line) => ({ line }))}
    />
  );
}

const unitOfWindow = (days: number): string => `last ${formatPlural(days, 'day')}`;

/** `‹ quality · value · cost ›` with the shown one marked by more than colour. */
function choices(shown: SeriesName, style: RenderStyle): Line {
  const { left, right } = style.glyphs;
  return [
    styled(`${left} `, 'muted'),
    ...seriesNames.flatMap((name, index) => [
      ...(index === 0 ? [] : [styled(' ')]),
      name === shown ? styled(`[${name}]`, 'accent', true) : styled(name, 'muted'),
    ]),
    styled(` ${right}`, 'muted'),
  ];
}
