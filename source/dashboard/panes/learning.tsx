import { Box } from 'ink';
import type { ReactNode } from 'react';
import {
  formatDay,
  formatMoneyIn,
  formatPlural,
  formatQuality,
  moneyDecimals,
} from '../format/index.ts';
import { lineChart, type Series } from '../layout/line-chart.ts';
import type { Area } from '../layout/screen.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** Whether routing pays off: score and cost per task, run by run. */
export function LearningView({ state, style, area }: PaneInput): ReactNode {
  const points = state.insight?.learningCurve ?? [];
  const upper = Math.ceil(area.height / 2);
  const note = [styled(`${formatPlural(points.length, 'run')}, oldest first`, 'muted')];
  const decimals = moneyDecimals(
    points.map(({ costPerTaskUsd }) => costPerTaskUsd),
    { fine: true },
  );
  const ends: Ends = [formatDay(points[0]?.at ?? 0), formatDay(points.at(-1)?.at ?? 0)];
  return (
    <Box flexDirection="column">
      <CurvePane
        title="SCORE PER TASK"
        series={points.map(({ averageScore }) => averageScore)}
        format={formatQuality}
        note={note}
        ends={ends}
        style={style}
        area={{ width: area.width, height: upper }}
      />
      <CurvePane
        title="COST PER TASK"
        series={points.map(({ costPerTaskUsd }) => costPerTaskUsd)}
        format={(dollars) => formatMoneyIn(dollars, decimals)}
        note={note}
        ends={ends}
        style={style}
        area={{ width: area.width, height: area.height - upper }}
      />
    </Box>
  );
}

type Ends = readonly [string, string];

function CurvePane({
  title,
  series,
  format,
  note,
  ends,
  style,
  area,
}: {
  title: string;
  series: Series;
  format: (value: number) => string;
  note: Line;
  ends: Ends;
  style: RenderStyle;
  area: Area;
}): ReactNode {
  const width = innerWidth(area) - 1;
  const lines = lineChart(series, {
    width,
    height: innerHeight(area),
    format,
    ends,
    unit: 'run by run',
    style,
  });
  const lack =
    series.length < 2
      ? 'Two runs are needed for a curve.'
      : lines.length === 0
        ? 'More lines are needed for the curve.'
        : undefined;
  const shown: Line[] = lack === undefined ? lines : [[gap(2), styled(lack, 'muted')]];
  return (
    <Pane
      title={[styled(title, 'title', true), ...changeOf(series, format)]}
      note={note}
      area={area}
      style={style}
      lines={shown.map((line) => ({ line }))}
    />
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first and the last fifth of the runs, so that one lucky run does not tell the story. */
function changeOf(series: Series, format: (value: number) => string): Line {
  const known = series.filter((value) => value !== null);
  const size = Math.ceil(known.length / 5);
  if (known.length < 2) return [];
  const first = format(mean(known.slice(0, size)));
  const last = format(mean(known.slice(-size)));
  return [styled(`  ${first} at first, ${last} lately`, 'muted')];
}
