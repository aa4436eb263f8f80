import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { modelLayout } from '../layout/model.ts';
import {
  formatCost,
  formatInterval,
  formatLatency,
  formatPlural,
  formatQuality,
  formatShare,
  formatValue,
  nothing,
} from '../format/index.ts';
import { topView, type OpenModel } from '../state/state.ts';
import type { Area } from '../layout/screen.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, paint, styled, type Line } from '../theme/text-span.ts';
import { confidenceMark, confidenceSpan, trendSpan } from '../tables/marks.ts';
import { plain } from '../theme/signs.ts';
import { factsLine, type PaneInput } from './common.ts';
import { EventsPane } from './events.tsx';
import { SeriesPane } from './series.tsx';
import { TaskTypesPane } from './task-types.tsx';
import { WhyPane } from './why.tsx';
import { WhatIfPane, whatIfHeight } from './what-if.tsx';

/** Lines from which what routing says of one task type is whole; below it takes the room of all panes. */
const roomForWhy = 14;

/** The view of a model: over time, by task type, why it is routed as it is, and what it did last. */
export function ModelView({ state, style, area }: PaneInput): ReactNode {
  const { openModel, whatIf } = state;
  const view = topView(state);
  if (openModel === undefined || view?.kind !== 'model') {
    return (
      <Text>
        {paint([styled('  Nothing is known of this model in this window.', 'muted')], style)}
      </Text>
    );
  }
  const above = whatIf === undefined ? 0 : whatIfHeight(whatIf, area.height);
  const rest: Area = { width: area.width, height: area.height - 1 - above };
  const isWhy = view.part === 'why';
  const places = modelLayout(rest, openModel.detail.cells.length);
  const input = { state, style };
  const hasRoom = places.why !== undefined && places.why.height >= roomForWhy;
  const { chart, taskTypes, why, events } = isWhy && !hasRoom ? { why: rest } : places;
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">{paint(summaryLine(openModel, area.width, style), style)}</Text>
      {whatIf === undefined ? undefined : (
        <WhatIfPane {...input} whatIf={whatIf} area={{ width: area.width, height: above }} />
      )}
      {chart === undefined ? undefined : (
        <SeriesPane {...input} openModel={openModel} series={view.series} area={chart} />
      )}
      <Box>
        {taskTypes === undefined ? undefined : (
          <TaskTypesPane {...input} openModel={openModel} area={taskTypes} />
        )}
        {why === undefined ? undefined : (
          <WhyPane {...input} openModel={openModel} area={why} isFocused={isWhy} />
        )}
      </Box>
      {events === undefined ? undefined : (
        <EventsPane {...input} area={events} isFocused={!isWhy} />
      )}
    </Box>
  );
}

/** All that the window says of the model, as much as fits. */
function summaryLine({ detail }: OpenModel, width: number, style: RenderStyle): Line {
  const { stats: standing } = detail;
  if (standing === undefined) return [styled('  No calls in this window.', 'muted')];
  const trend = trendSpan(standing, style);
  const facts: Line[] = [
    [confidenceMark(standing.confidence, style), gap(1), confidenceSpan(standing.confidence)],
    [styled(formatPlural(standing.callCount, 'call'), 'title', true)],
    [
      styled('quality ', 'muted'),
      styled(formatQuality(standing.qualityScore), 'title', true),
      styled(
        standing.qualityInterval === undefined
          ? ''
          : plain(` (${formatInterval(standing.qualityInterval)})`, style),
        'muted',
      ),
    ],
    [styled(formatCost(standing.averageCostUsd), 'title', true)],
    [
      styled('value ', 'muted'),
      styled(`${formatValue(standing.valueScore)} `, 'title', true),
      { ...trend, text: trend.text.trim() },
    ],
    [styled('latency ', 'muted'), styled(plain(measured(standing.averageLatencyMs), style))],
    [styled('p95 ', 'muted'), styled(plain(measured(standing.latencyP95Ms), style))],
    [styled('success ', 'muted'), styled(formatShare(standing.successRate))],
  ];
  return factsLine(facts, width, style);
}

/** No answer takes no time: a history without latencies has them as 0. */
const measured = (milliseconds: number): string =>
  milliseconds > 0 ? formatLatency(milliseconds) : nothing;
